import { z } from 'zod'
import { UserError } from '../shared/errors.ts'
import type { Runner } from '../shared/run.ts'

const Node = z.object({
  path: z.string(),
  type: z.string(),
  size: z.number(),
  model: z.string().nullable(),
  serial: z.string().nullable(),
  tran: z.string().nullable(),
  hotplug: z.boolean(),
  ro: z.boolean(),
  mountpoints: z.array(z.string().nullable()),
  get children() {
    return z.array(Node).optional()
  },
})

/** A disk that an image can be written to. */
export type Device = z.infer<typeof Node>

/** Reads what lsblk(8) knows of a device. */
export async function readDevice(path: string, run: Runner): Promise<Device> {
  const { stdout } = await run({
    argv: ['lsblk', '--json', '--bytes', '--output', 'PATH,TYPE,SIZE,MODEL,SERIAL,TRAN,HOTPLUG,RO,MOUNTPOINTS', path],
  })
  const [device] = z.object({ blockdevices: z.array(Node) }).parse(JSON.parse(stdout)).blockdevices
  if (device === undefined) throw new UserError(`${path} is not a disk.`)
  return device
}

function mounted(device: Device): string[] {
  return [...device.mountpoints.filter(point => point !== null), ...(device.children ?? []).flatMap(mounted)]
}

/** Every reason why an image must not be written to a device; empty when it may. Pure. */
export function refusals(device: Device, imageBytes: number, anyDisk: boolean): UserError[] {
  const found: UserError[] = []
  if (device.type !== 'disk')
    found.push(
      new UserError(
        `${device.path} is a ${device.type}, not a whole disk.`,
        'Name the disk itself, for instance /dev/sdb and not /dev/sdb1.',
      ),
    )
  if (!anyDisk && device.tran !== 'usb' && !device.hotplug)
    found.push(
      new UserError(
        `${device.path} is built in (${device.tran ?? 'unknown connection'}), not a stick.`,
        'If it is meant: --any-disk',
      ),
    )
  if (device.ro) found.push(new UserError(`${device.path} is write-protected.`))
  const points = mounted(device)
  if (points.length > 0)
    found.push(new UserError(`${device.path} is in use: ${points.join(', ')}.`, 'Unmount it first.'))
  if (device.size < imageBytes)
    found.push(
      new UserError(
        `${device.path} holds ${device.size} bytes, the image needs ${imageBytes}.`,
        'Take a larger stick.',
      ),
    )
  return found
}

/** What a person types to agree: the end of the serial, or the path where there is none. */
export function consentWord(device: Device): string {
  return device.serial === null || device.serial === '' ? device.path : device.serial.slice(-4)
}
