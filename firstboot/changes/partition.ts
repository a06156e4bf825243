import * as z from 'zod/mini'
import { lackingPartitions } from './block-devices.ts'
import { defineChange } from './change.ts'
import { findPlannedDisk } from './find-disk.ts'
import { IdentityParams, LayoutParams } from './schemas.ts'
import { writeTable } from './write-table.ts'

const Params = z.object({ disk: IdentityParams, layout: LayoutParams, sectorBytes: z.number() })
type Params = z.infer<typeof Params>

/** Gives the system disk its partition table. */
export const partition = defineChange<Params>({
  id: 'partition',
  where: 'machine',
  parse: params => Params.parse(params),
  async check({ disk, layout }, site) {
    const { path, model } = await findPlannedDisk(disk, layout.guid)
    const lacking = await lackingPartitions(path, layout.partitions, site)
    return lacking.length === 0 ? `${layout.partitions.length} partitions on ${model || path}` : null
  },
  async apply({ disk, layout, sectorBytes }, site) {
    await writeTable(await findPlannedDisk(disk, null), layout, sectorBytes, site)
  },
})
