// Makers round up: a disk sold as 64 GB has 62.5, an eMMC of 32 GB 31.2, a drive of 240 GB as little as 224.
const sold = (gigabytes: number): number => gigabytes * 0.93 * 1e9

/** Sizes of a system disk in bytes, with the tolerance that makers need. */
export const systemSizes = {
  /** Below it there is no room for the system and its services. */
  minimum: sold(32),
  /** From it on there is room for the second root partition that upgrades can be rolled back to. */
  secondRoot: sold(64),
  /** From it on downloads and the pictures of a large collection fit in comfort. */
  recommended: sold(240),
} as const

/** Free bytes that a disk needs after the image that runs from it: 16 GiB for root, 10 GiB for what the services keep. */
export const inPlaceMinimum = 26 * 2 ** 30
