import { parseMountinfo } from '../../status/data-disk.ts'
import type { Check } from '../check.ts'
import { failed, passed } from '../finding.ts'

/** After a fault of the disk, Linux lets nothing be written any more: see errors= in ext4(5). */
export const systemWritable: Check = {
  id: 'storage-system-writable',
  section: 'storage',
  title: 'System disk can be written to',
  how: 'Looks whether the file systems of the system have become read-only, as they do after a fault of the disk.',
  seconds: 10,
  async run({ root }) {
    const mounts = parseMountinfo(root.text('/proc/self/mountinfo') ?? '')
    const own = ['/', '/state'].flatMap(point => mounts.findLast(mount => mount.point === point) ?? [])
    if (!own.some(({ point }) => point === '/'))
      return failed('system-read-only', 'What is mounted could not be found out.')
    const locked = own.find(({ readOnly }) => readOnly)
    if (locked !== undefined) return failed('system-read-only', `${locked.point} is read-only (${locked.source}).`)
    return passed(own.map(({ point, fileSystem, source }) => `${point} is ${fileSystem} on ${source}`).join('; '))
  },
}
