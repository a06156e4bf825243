import { holdingWords } from '../disks/words.ts'
import type { Disk } from '../machine.ts'
import { diskSize } from '../screens/words.ts'

/** What a person calls a disk: its model, or the kernel's name where it has none. */
export const diskName = (disk: Pick<Disk, 'model' | 'name'>): string => disk.model || `unnamed disk ${disk.name}`

/** A serial number in words, or where the disk is plugged in when it has none. */
export const serialWords = (disk: Pick<Disk, 'serial' | 'byPath' | 'path'>): string =>
  disk.serial === '' ? `no serial number, at ${disk.byPath || disk.path}` : `serial ${disk.serial}`

/** A disk on one line: model, kind and size. */
export const diskLine = (disk: Disk): string => `${diskName(disk)}   ${disk.kind}   ${diskSize(disk.sizeBytes)}`

/** Health where the disk tells it, and everything that the disk holds. */
export function stateWords(disk: Disk): string[] {
  const holding = holdingWords(disk)
  const nothing = holding.length === 0 || holding.join() === 'empty'
  return [
    ...(disk.health.state === 'unknown' ? [] : [disk.health.words]),
    nothing ? 'nothing was found on it' : `holds: ${holding.join('; ')}`,
  ]
}

/** A disk that answers name and that is not here. */
export const absentWords = (id: string): string => `the disk ${id}, which is not here now`
