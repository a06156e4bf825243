import { basename } from 'node:path'
import type { Root } from '../../root.ts'
import { parseMountinfo } from '../../status/data-disk.ts'
import type { Check, Finding } from '../check.ts'
import { failed, passed } from '../finding.ts'
import { filmPlaces } from './films.ts'

/** Whether what should be mounted for films is, from the right disk, and may be written to. */
export function judgeMounts(root: Root): Finding {
  const text = root.text('/proc/self/mountinfo')
  if (text === null) return failed('films-not-mounted', 'What is mounted could not be found out.')
  const mounts = parseMountinfo(text)
  const { disks, mountpoints } = filmPlaces(root)
  const found: string[] = []
  for (const mountpoint of mountpoints) {
    const mount = mounts.findLast(({ point, fileSystem }) => point === mountpoint && fileSystem !== 'autofs')
    const uuid = disks.find(disk => disk.mountpoint === mountpoint)?.uuid
    const device = uuid === undefined ? null : deviceOf(root, uuid)
    if (uuid !== undefined && device === null)
      return failed('films-disk-gone', `${mountpoint}: the film disk (${uuid}) is not in the machine.`)
    if (mount === undefined) return failed('films-not-mounted', `${mountpoint} is not mounted.`)
    if (device !== null && basename(mount.source) !== device)
      return failed('films-wrong-disk', `${mountpoint} is ${mount.source}, and should be ${device} (${uuid}).`)
    if (mount.readOnly)
      return failed('films-read-only', `${mountpoint} is read-only: ${mount.fileSystem} on ${mount.source}.`)
    found.push(`${mountpoint} is ${mount.fileSystem} on ${mount.source}`)
  }
  return passed(`${found.join('; ')}${disks.length === 0 ? ', on the system disk' : ''}`)
}

// udev keeps a link for each file system that it sees, and takes it away with the disk.
function deviceOf(root: Root, uuid: string): string | null {
  const link = root.link(`/dev/disk/by-uuid/${uuid}`)
  return link === null ? null : basename(link)
}

export const mounted: Check = {
  id: 'storage-mounted',
  section: 'storage',
  title: 'Film disk is there',
  how: 'Compares what is mounted with what the set-up wrote down, by the identity of the file system.',
  seconds: 10,
  run: async ({ root }) => judgeMounts(root),
}

/** Tries something on the film disk; where the disk itself is not there, that is the reason for all that follows. */
export async function onFilms(root: Root, look: () => Promise<Finding>): Promise<Finding> {
  const { verdict, words, trouble = '' } = judgeMounts(root)
  if (verdict !== 'fail' || trouble === 'films-read-only') return await look()
  return failed(trouble, `It cannot be tried: ${words}`)
}
