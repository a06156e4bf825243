/** Sizes are bytes; everything is aligned to 1 MiB, so that 512- and 4096-byte sectors and flash blocks are served alike. */
export const MEBIBYTE = 1024 * 1024
/** 1024 MiB in bytes. */
export const GIBIBYTE = 1024 * MEBIBYTE

/** Partition type GUIDs (UEFI specification and the Discoverable Partitions Specification). */
export const PARTITION_TYPES = {
  biosBoot: '21686148-6449-6e6f-744e-656564454649',
  esp: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
  basicData: 'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7',
  linux: '0fc63daf-8483-4772-8e79-3d69d8477de4',
} as const

/** One partition that is wanted. */
export interface Partition {
  readonly name: string
  readonly type: string
  readonly guid: string
  readonly bytes: number
}

/** A partition with its place on the disk, in bytes. */
export interface PlacedPartition extends Partition {
  readonly start: number
}

/** Where each partition lies, and how large the whole disk must be at least. */
export interface DiskLayout {
  readonly guid: string
  readonly partitions: readonly PlacedPartition[]
  readonly bytes: number
}

/** Places partitions one behind the other from `from` on; leaves room for both copies of the partition table. Pure. */
export function layOut(guid: string, partitions: readonly Partition[], from = MEBIBYTE): DiskLayout {
  let start = from
  const placed = partitions.map(partition => {
    const bytes = Math.ceil(partition.bytes / MEBIBYTE) * MEBIBYTE
    const here = { ...partition, bytes, start }
    start += bytes
    return here
  })
  return { guid, partitions: placed, bytes: start + MEBIBYTE }
}

/** The lines of sfdisk(8) for partitions; numbers are sectors of `sectorBytes`. */
export const sfdiskLines = (partitions: readonly PlacedPartition[], sectorBytes = 512): string[] =>
  partitions.map(
    ({ start, bytes, type, guid, name }) =>
      `start=${start / sectorBytes}, size=${bytes / sectorBytes}, type=${type}, uuid=${guid}, name="${name}"`,
  )

/** A whole table in the language of sfdisk(8). */
export function sfdiskScript(layout: DiskLayout, sectorBytes = 512): string {
  const header = ['label: gpt', `label-id: ${layout.guid}`, 'unit: sectors']
  // The table of 128 entries takes 16 KiB behind the two first sectors.
  const first = 2 + (16 * 1024) / sectorBytes
  return [...header, `first-lba: ${first}`, ...sfdiskLines(layout.partitions, sectorBytes), ''].join('\n')
}
