import { mkdir } from 'node:fs/promises'
import { ChangeFailure } from '../apply/failure.ts'
import { PARTITION_TYPES } from '../disks/partition-table.ts'
import { probeDisks } from '../probe/machine.ts'
import { openRoot } from '../root.ts'
import type { Site } from './change.ts'

const PLACE = '/run/mediaserver/esp'

/** Gives the folder of the EFI partition that the live system was started from; nothing is written there. */
export async function liveEspOf<T>(site: Site, body: (folder: string) => Promise<T>): Promise<T> {
  const medium = (await probeDisks(openRoot(''))).find(disk => disk.bootMedium)
  const esp = medium?.partitions.find(part => part.parttype.toLowerCase() === PARTITION_TYPES.esp)
  if (esp === undefined)
    throw new ChangeFailure(
      'The stick that this system was started from cannot be found any more.',
      'Put it back into the same port, then try again.',
    )
  // In place it is the boot partition of the new system as well, and mounted there.
  const mounted = await site.attempt(['findmnt', '--noheadings', '--first-only', '--output', 'TARGET', esp.path])
  if (mounted.code === 0) return await body(mounted.stdout.trim())
  await mkdir(PLACE, { recursive: true })
  await site.run(['mount', '-t', 'vfat', '-o', 'ro', esp.path, PLACE])
  try {
    return await body(PLACE)
  } finally {
    await site.run(['umount', PLACE])
  }
}
