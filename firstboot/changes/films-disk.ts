import * as z from 'zod/mini'
import { fileSystemUuid, lackingPartitions, partitionPath } from './block-devices.ts'
import { defineChange } from './change.ts'
import { findPlannedDisk } from './find-disk.ts'
import { IdentityParams, LayoutParams } from './schemas.ts'
import { writeTable } from './write-table.ts'

const Params = z.object({
  disk: IdentityParams,
  layout: LayoutParams,
  sectorBytes: z.number(),
  fileSystem: z.string(),
})
type Params = z.infer<typeof Params>

/** Erases a disk and makes one file system for films on it. */
export const filmsDisk = defineChange<Params>({
  id: 'films-disk',
  where: 'machine',
  parse: params => Params.parse(params),
  async check({ disk, layout, fileSystem }, site) {
    const { path, model } = await findPlannedDisk(disk, layout.guid)
    if ((await lackingPartitions(path, layout.partitions, site)).length > 0) return null
    const device = partitionPath(layout.partitions[0]?.guid ?? '')
    if ((await fileSystemUuid(device, site)) !== fileSystem) return null
    // Its last act marks a file system as clean; a half-made one does not pass.
    const sound = await site.attempt(['e2fsck', '-n', device])
    return sound.code === 0 ? `an empty file system on ${model || path}` : null
  },
  async apply({ disk, layout, sectorBytes, fileSystem }, site) {
    const { path } = await findPlannedDisk(disk, layout.guid)
    if ((await lackingPartitions(path, layout.partitions, site)).length > 0)
      await writeTable(await findPlannedDisk(disk, null), layout, sectorBytes, site)
    site.progress('making a file system')
    // Films are large: one inode for each MiB saves room and time, and root needs no reserve there.
    const device = partitionPath(layout.partitions[0]?.guid ?? '')
    await site.run(['mkfs.ext4', '-q', '-F', '-L', 'films', '-U', fileSystem, '-T', 'largefile', '-m', '0', device])
  },
})
