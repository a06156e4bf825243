import { findDisk } from '../disks/identity.ts'
import type { Machine } from '../machine.ts'
import { type Form, mediaOf, valueOf } from './form.ts'

/** The film disks that the answers name and that are not here, as `[identity, use]`. */
export function absentMedia(form: Form, machine: Machine): [disk: string, use: string][] {
  // Where the disks could not be read, nobody knows which of them are here.
  if (machine.problems.some(({ about }) => about === 'disks')) return []
  return mediaOf(form).filter(([disk]) => disk !== valueOf(form, 'systemDisk') && !findDisk(machine, disk).ok)
}
