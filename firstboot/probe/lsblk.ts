import * as z from 'zod/mini'

/** The columns that are asked for; all of them exist since util-linux 2.38. None of them reads from a disk's files. */
export const lsblkColumns = [
  'NAME,PATH,TYPE,SIZE,MODEL,SERIAL,WWN,ROTA,TRAN,RM,RO,LOG-SEC,START,PTTYPE,PTUUID,FSTYPE,LABEL,UUID',
  'PARTLABEL,PARTUUID,PARTTYPE,MOUNTPOINTS,FSUSED',
].join()

/** How lsblk is called: JSON, bytes, and every device as a tree below its disk. */
export const lsblkArguments = ['-J', '-b', '-o', lsblkColumns] as const

const text = z.optional(z.nullable(z.string()))
const amount = z.optional(z.union([z.number(), z.string(), z.null()]))
const flag = z.optional(z.nullable(z.union([z.boolean(), z.enum(['0', '1'])])))

const BlockDevice = z.object({
  name: z.string(),
  path: text,
  type: z.string(),
  size: z.union([z.number(), z.string(), z.null()]),
  model: text,
  serial: text,
  wwn: text,
  rota: flag,
  tran: text,
  rm: flag,
  ro: flag,
  'log-sec': amount,
  /** In units of 512 bytes whatever the sector size is, as sysfs has it. */
  start: amount,
  pttype: text,
  ptuuid: text,
  fstype: text,
  label: text,
  uuid: text,
  partlabel: text,
  partuuid: text,
  parttype: text,
  mountpoints: z.optional(z.nullable(z.array(z.nullable(z.string())))),
  /** Only of what is mounted. */
  fsused: amount,
  get children() {
    return z.optional(z.array(BlockDevice))
  },
})

/** One device as lsblk prints it, with what lies on it. */
export type BlockDevice = z.infer<typeof BlockDevice>

/** The devices from the text of `lsblk -J -b`; throws on anything else. */
export function parseLsblk(output: string): BlockDevice[] {
  return z.object({ blockdevices: z.array(BlockDevice) }).parse(JSON.parse(output)).blockdevices
}

/** A device and everything on it, top first. */
export const withChildren = (device: BlockDevice): BlockDevice[] => [
  device,
  ...(device.children ?? []).flatMap(withChildren),
]

/** Whether a flag is set; older versions print it as text. */
export const isSet = (value: BlockDevice['rota']): boolean => value === true || value === '1'

/** Where a device is in use: mount points, and `[SWAP]`. */
export const mountpointsOf = (device: BlockDevice): string[] =>
  (device.mountpoints ?? []).flatMap(point => (point === null || point === '' ? [] : [point]))
