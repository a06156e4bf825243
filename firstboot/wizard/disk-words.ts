import type { Disk } from '../machine.ts'
import { diskSize } from '../screens/words.ts'

/** What a person calls a disk: its model, or the kernel's name where it has none. */
export const diskName = (disk: Pick<Disk, 'model' | 'name'>): string => disk.model || `unnamed disk ${disk.name}`

/** A serial number in words, or where the disk is plugged in when it has none. */
export const serialWords = (disk: Pick<Disk, 'serial' | 'path'>): string =>
  disk.serial === '' ? `no serial number, at ${disk.path}` : `serial ${disk.serial}`

/** A disk on one line: model, kind and size. */
export const diskLine = (disk: Disk): string => `${diskName(disk)}   ${disk.kind}   ${diskSize(disk.sizeBytes)}`

/** What lies on a disk, in one sentence. */
export const contentWords = (contents: readonly string[]): string =>
  contents.length === 0 || contents.join() === 'empty' ? 'nothing was found on it' : `on it now: ${contents.join(', ')}`
