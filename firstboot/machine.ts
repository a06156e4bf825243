import * as z from 'zod/mini'

/** What a disk is, as a person would say it; `virtual` is a paravirtual disk that says nothing about its medium. */
export const DiskKind = z.enum(['SSD', 'HDD', 'USB', 'eMMC', 'SD', 'optical', 'virtual'])

/** One file system on a disk, on its partitions, or on what lies on them. Empty texts: it has none. */
export const FileSystem = z.object({
  path: z.string(),
  uuid: z.string(),
  /** As blkid calls it: `ext4`, `ntfs`, `vfat`. */
  type: z.string(),
  label: z.string(),
  sizeBytes: z.number(),
  /** Null: not known, or not looked at yet. */
  usedBytes: z.nullable(z.number()),
  /** Some of the folders at its top, for a person to recognise it by; empty before anybody looked. */
  folders: z.array(z.string()),
  /** As in `2026-10-02 on /data`; only ext file systems keep it. */
  lastMounted: z.nullable(z.string()),
  mountpoints: z.array(z.string()),
})

/** One partition. Sizes are bytes, GUIDs in lower case; empty texts: it has none. */
export const Partition = z.object({
  number: z.number(),
  path: z.string(),
  sizeBytes: z.number(),
  startBytes: z.number(),
  partuuid: z.string(),
  parttype: z.string(),
  partlabel: z.string(),
})

/** What a disk says about its own health; `words` is the whole sentence, as in `health good, 21,400 hours on`. */
export const Health = z.object({
  state: z.enum(['good', 'failing', 'unknown']),
  /** Hours that it was switched on, in its whole life. */
  hours: z.nullable(z.number()),
  words: z.string(),
})

/** A system of this media server on a disk, finished or not, known by the name of its state partition. */
export const Installation = z.object({ partlabel: z.literal('ms-state'), path: z.string(), uuid: z.string() })

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
  /** World Wide Name or NVMe identifier, as in `0x50014ee2b8f0a1c2` or `eui.0025385b01234567`; may be empty. */
  wwn: z.string(),
  /** Smallest unit of the disk's addresses: 512, or 4096 on a "4Kn" disk. */
  sectorBytes: z.number(),
  readOnly: z.boolean(),
  removable: z.boolean(),
  /** Its place in the machine, as in `pci-0000:00:17.0-ata-2`; empty where the kernel does not tell. */
  byPath: z.string(),
  /** Identifier of the partition table, or empty. */
  tableUuid: z.string(),
  health: Health,
  fileSystems: z.array(FileSystem),
  /** What the disk is a part of, so that it is no simple file system: `LVM volume`, `RAID member`, ... */
  members: z.array(z.string()),
  /** Signatures of which nobody can tell which one is true, as in `ext4 "media"`; known after the slow look. */
  remnants: z.array(z.string()),
  /** Everywhere that anything on this disk is in use; `[SWAP]` for swap. */
  usedAs: z.array(z.string()),
  /** Room after the last partition that a further one could take. */
  freeBytes: z.number(),
  partitions: z.array(Partition),
  installation: z.nullable(Installation),
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
  /** `live`: started from an image that keeps its changes in memory; `installed`: from a system that was set up. */
  role: z.enum(['live', 'installed']),
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
export type FileSystem = z.infer<typeof FileSystem>
export type Partition = z.infer<typeof Partition>
export type Health = z.infer<typeof Health>
export type DiskKind = z.infer<typeof DiskKind>
export type Graphics = z.infer<typeof Graphics>
export type NetworkInterface = z.infer<typeof NetworkInterface>
export type Machine = z.infer<typeof Machine>
/** Facts arrive one after the other; what is not there yet is left out. */
export type KnownSoFar = Partial<Machine>
