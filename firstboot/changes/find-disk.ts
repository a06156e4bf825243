import { ChangeFailure } from '../apply/failure.ts'
import { type Identity, sameDisk } from '../disks/identity.ts'
import type { Disk } from '../machine.ts'
import { probeDisks } from '../probe/machine.ts'
import { openRoot } from '../root.ts'

const words = ({ serial, sizeBytes }: Identity): string =>
  `the disk ${serial ? `with serial ${serial}` : `of ${sizeBytes} bytes`}`

/** Looks at all disks anew and gives the planned one. Throws when it is gone, has a double, or is not what it was. */
export async function findPlannedDisk(identity: Identity, { untouched }: { untouched: boolean }): Promise<Disk> {
  const disks = await probeDisks(openRoot(''))
  // Its partition table is a part of a disk's identity until this set-up writes one of its own.
  const planned = untouched ? identity : { ...identity, tableUuid: '' }
  const differences = disks.map(disk => sameDisk(planned, disk))
  const found = disks.filter((_, index) => differences[index] === null)
  if (found[0] !== undefined && found.length === 1) return found[0]
  if (found.length > 1)
    throw new ChangeFailure(
      `There is more than one of ${words(identity)}.`,
      'Unplug all but the one that is meant, then try again.',
    )
  const near = disks.findIndex(disk => disk.serial !== '' && disk.serial === identity.serial)
  throw new ChangeFailure(
    near === -1
      ? `${words(identity)} is not there any more.`
      : `${words(identity)} is not as it was when you agreed: ${differences[near]}`,
    near === -1 ? 'Check its cable and power, then try again.' : 'Start the set-up from the beginning to look at it again.',
  )
}

/** Throws when anything on a disk is in use; only then it may be overwritten. */
export function refuseDiskInUse(disk: Disk): void {
  const mounted = disk.fileSystems.flatMap(each => each.mountpoints)
  if (disk.bootMedium) throw new ChangeFailure(`${disk.model} is the disk that this system runs from.`)
  if (mounted.length > 0)
    throw new ChangeFailure(
      `${disk.model} is in use: it is mounted at ${mounted.join(', ')}.`,
      'Restart the machine from the stick, then try again.',
    )
}
