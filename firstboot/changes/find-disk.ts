import { ChangeFailure } from '../apply/failure.ts'
import { type DiskIdentity, sameDisk } from '../disks/identity.ts'
import type { Disk } from '../machine.ts'
import { probeDisks } from '../probe/machine.ts'
import { openRoot } from '../root.ts'
import { diskSize } from '../screens/words.ts'

const words = ({ serial, sizeBytes, placed, byPath }: DiskIdentity): string => {
  const name = serial ? `with serial ${serial}` : `of ${diskSize(sizeBytes)}`
  return `the disk ${name}${placed ? ` at ${byPath}` : ''}`
}

/**
 * Looks at all disks anew and gives the planned one. Throws when it is gone, has a double, or is not what it was.
 * `ownTable` is the partition table that the plan gives it; null demands that nothing has touched it since.
 */
export async function findPlannedDisk(identity: DiskIdentity, ownTable: string | null): Promise<Disk> {
  return chooseDisk(await probeDisks(openRoot('')), identity, ownTable)
}

/** The planned one among disks, see `findPlannedDisk`. Pure. */
export function chooseDisk(disks: readonly Disk[], identity: DiskIdentity, ownTable: string | null): Disk {
  const compared = disks.map(disk => ({ disk, sameness: sameDisk(identity, disk, ownTable ?? '') }))
  const found = compared.filter(({ sameness }) => sameness.same)
  const [first] = found
  if (first !== undefined && found.length === 1 && isTheOnly(first.disk, disks, identity, ownTable)) return first.disk
  if (first !== undefined)
    throw new ChangeFailure(
      `There is more than one of ${words(identity)}.`,
      'Unplug all but the one that is meant, then try again.',
    )
  const near = compared.find(({ disk }) => isNear(identity, disk))?.sameness
  if (near === undefined || near.same)
    throw new ChangeFailure(
      `${capital(words(identity))} is not there any more.`,
      'Check its cable and power, then try again.',
    )
  throw new ChangeFailure(
    `${capital(words(identity))} is not as it was when you agreed: ${near.differs.join(', ')}.`,
    'Start the set-up from the beginning to look at it again.',
  )
}

// One that was alone when it was named may be the wrong of two: the other one may have come since.
const isTheOnly = (disk: Disk, disks: readonly Disk[], { placed, serial }: DiskIdentity, ownTable: string | null) =>
  placed ||
  serial === '' ||
  (ownTable !== null && disk.tableUuid === ownTable.toLowerCase()) ||
  disks.every(other => other === disk || other.serial !== serial)

// A twin at another place is not the planned one changed.
const isNear = ({ serial, placed, byPath }: DiskIdentity, disk: Disk): boolean =>
  disk.serial !== '' && disk.serial === serial && (!placed || disk.byPath === byPath)

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Throws when anything on a disk is in use; only then it may be overwritten. */
export function refuseDiskInUse(disk: Disk): void {
  if (disk.bootMedium) throw new ChangeFailure(`${disk.model} is the disk that this system runs from.`)
  if (disk.usedAs.length > 0)
    throw new ChangeFailure(
      `${disk.model} is in use: ${disk.usedAs.join(', ')}.`,
      'Restart the machine from the stick, then try again.',
    )
}
