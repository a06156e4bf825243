import * as z from 'zod/mini'

/** What a disk is, as a person would say it; `virtual` is a paravirtual disk that says nothing about its medium. */
export const DiskKind = z.enum(['SSD', 'HDD', 'USB', 'eMMC', 'SD', 'optical', 'virtual'])

/** One disk. Sizes are bytes; `contents` is one line of plain words for every file system or table that was found. */
export const Disk = z.object({
  name: z.string(),
  path: z.string(),
  model: z.string(),
  serial: z.string(),
  sizeBytes: z.number(),
  kind: DiskKind,
  rotational: z.boolean(),
  transport: z.string(),
  contents: z.array(z.string()),
  /** True for the disk that this system was started from. */
  bootMedium: z.boolean(),
})

/** One display device on the PCI bus. Exactly one of `renderNode` and `reason` (why there is none) is set. */
export const Graphics = z.object({
  /** Vendor and device in hexadecimal, as in `8086:46d1`. */
  pciId: z.string(),
  vendor: z.string(),
  driver: z.nullable(z.string()),
  renderNode: z.nullable(z.string()),
  reason: z.nullable(z.string()),
})

/** One network interface; addresses have no prefix length. Link-local ones are left out. */
export const NetworkInterface = z.object({
  name: z.string(),
  mac: z.string(),
  up: z.boolean(),
  addresses: z.array(z.string()),
})

/** Everything that the first screen knows about this machine. */
export const Machine = z.object({
  firmware: z.enum(['UEFI', 'BIOS']),
  secureBoot: z.enum(['on', 'off', 'unsupported']),
  cpu: z.object({ model: z.string(), cores: z.number() }),
  memoryBytes: z.number(),
  graphics: z.array(Graphics),
  /** Why hardware transcoding with Intel graphics is impossible; null when a render node is there. */
  intelGraphicsReason: z.nullable(z.string()),
  network: z.array(NetworkInterface),
  disks: z.array(Disk),
  /** What could not be found out, in plain words; the rest of the facts still holds. */
  problems: z.array(z.object({ about: z.enum(['network', 'disks']), words: z.string() })),
})

export type Disk = z.infer<typeof Disk>
export type DiskKind = z.infer<typeof DiskKind>
export type Graphics = z.infer<typeof Graphics>
export type NetworkInterface = z.infer<typeof NetworkInterface>
export type Machine = z.infer<typeof Machine>
/** Facts arrive one after the other; what is not there yet is left out. */
export type KnownSoFar = Partial<Machine>
