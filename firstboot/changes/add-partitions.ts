import * as z from 'zod/mini'
import { putBehind } from './behind-image.ts'
import { lackingPartitions, waitForPartitions } from './block-devices.ts'
import { defineChange } from './change.ts'
import { findPlannedDisk } from './find-disk.ts'
import { IdentityParams, LayoutParams } from './schemas.ts'

const Params = z.object({
  disk: IdentityParams,
  layout: LayoutParams,
  sectorBytes: z.number(),
  // Plans of earlier versions replace nothing.
  replaces: z.prefault(z.array(z.string()), []),
})
type Params = z.infer<typeof Params>

/**
 * Adds the system's partitions behind an image that was written straight onto the disk; nothing of it is touched. What an
 * earlier set-up has added there is replaced.
 */
export const addPartitions = defineChange<Params>({
  id: 'add-partitions',
  where: 'machine',
  parse: params => Params.parse(params),
  async check({ disk, layout }, site) {
    const { path, model } = await findPlannedDisk(disk, layout.guid)
    const lacking = await lackingPartitions(path, layout.partitions, site)
    return lacking.length === 0 ? `${layout.partitions.length} partitions added on ${model || path}` : null
  },
  async apply({ disk, ...behind }, site) {
    await putBehind(await findPlannedDisk(disk, behind.layout.guid), behind, site)
    await waitForPartitions(
      behind.layout.partitions.map(part => part.guid),
      site,
    )
  },
})
