import * as z from 'zod/mini'

/** The columns that are asked for; all of them exist since util-linux 2.37. */
export const lsblkColumns =
  'NAME,PATH,TYPE,SIZE,MODEL,SERIAL,ROTA,TRAN,RM,PTTYPE,FSTYPE,LABEL,PARTLABEL,PARTUUID,PARTTYPE,MOUNTPOINTS'

/** How lsblk is called: JSON, bytes, and every device as a tree below its disk. */
export const lsblkArguments = ['-J', '-b', '-o', lsblkColumns] as const

const text = z.optional(z.nullable(z.string()))
const flag = z.optional(z.nullable(z.union([z.boolean(), z.enum(['0', '1'])])))

const BlockDevice = z.object({
  name: z.string(),
  path: text,
  type: z.string(),
  size: z.union([z.number(), z.string(), z.null()]),
  model: text,
  serial: text,
  rota: flag,
  tran: text,
  rm: flag,
  pttype: text,
  fstype: text,
  label: text,
  partlabel: text,
  partuuid: text,
  parttype: text,
  mountpoints: z.optional(z.nullable(z.array(z.nullable(z.string())))),
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
