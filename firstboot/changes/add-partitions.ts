import * as z from 'zod/mini'
import { sfdiskLines } from '../disks/partition-table.ts'
import { lackingPartitions, waitForPartitions } from './block-devices.ts'
import { defineChange } from './change.ts'
import { findPlannedDisk } from './find-disk.ts'
import { IdentityParams, LayoutParams } from './schemas.ts'

const Params = z.object({ disk: IdentityParams, layout: LayoutParams, sectorBytes: z.number() })
type Params = z.infer<typeof Params>

/** Adds the system's partitions behind an image that was written straight onto the disk; nothing of it is touched. */
export const addPartitions = defineChange<Params>({
  id: 'add-partitions',
  where: 'machine',
  parse: params => Params.parse(params),
  async check({ disk, layout }, site) {
    const { path, model } = await findPlannedDisk(disk, layout.guid)
    const lacking = await lackingPartitions(path, layout.partitions, site)
    return lacking.length === 0 ? `${layout.partitions.length} partitions added on ${model || path}` : null
  },
  async apply({ disk, layout, sectorBytes }, site) {
    const { path } = await findPlannedDisk(disk, layout.guid)
    const missing = await lackingPartitions(path, layout.partitions, site)
    // The image is smaller than the disk, so the second copy of its table lies in the middle.
    await site.run(['sfdisk', '--quiet', '--no-reread', '--force', '--relocate', 'gpt-bak-std', path])
    // The kernel does not read the table of a disk in use again; it is told of the new partitions one by one.
    await site.run(
      [
        'sfdisk',
        '--quiet',
        '--append',
        '--no-reread',
        '--no-tell-kernel',
        '--force',
        '--wipe-partitions',
        'always',
        path,
      ],
      { input: `${sfdiskLines(missing, sectorBytes).join('\n')}\n` },
    )
    await site.attempt(['partx', '--update', path])
    await waitForPartitions(
      layout.partitions.map(part => part.guid),
      site,
    )
  },
})
