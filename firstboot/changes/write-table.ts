import { type DiskLayout, sfdiskScript } from '../disks/partition-table.ts'
import type { Disk } from '../machine.ts'
import { waitForPartitions } from './block-devices.ts'
import type { Site } from './change.ts'
import { refuseDiskInUse } from './find-disk.ts'

/** Gives a disk a new partition table, after everything that others could still recognise on it is wiped. */
export async function writeTable(disk: Disk, layout: DiskLayout, sectorBytes: number, site: Site): Promise<void> {
  refuseDiskInUse(disk)
  // From the inside out: signatures of RAID, LVM and ZFS lie at both ends of partitions and survive a new table.
  for (const { path } of disk.partitions) await site.run(['wipefs', '--all', '--quiet', path])
  await site.run(['wipefs', '--all', '--quiet', disk.path])
  await site.run(['sfdisk', '--quiet', '--lock=yes', '--wipe', 'always', '--wipe-partitions', 'always', disk.path], {
    input: sfdiskScript(layout, sectorBytes),
  })
  await waitForPartitions(
    layout.partitions.map(part => part.guid),
    site,
  )
}
