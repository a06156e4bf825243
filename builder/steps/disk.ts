import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { patchGrub } from '../bios-boot.ts'
import { layOut, MEBIBYTE, PARTITION_TYPES } from '../../firstboot/disks/partition-table.ts'
import { PAYLOAD_PARTITION } from '../../firstboot/stack/payload-partition.ts'
import type { StepHandler } from '../execute/execute-plan.ts'
import { startOf, writeDisk } from './write-disk.ts'

/** Parameters of the step `disk`. */
export const DiskParams = z.object({
  name: z.string(),
  guids: z.object({
    disk: z.string(),
    bios: z.string(),
    esp: z.string(),
    config: z.string(),
    root: z.string(),
    payload: z.string(),
  }),
})

/** The disk image: a partition table from a plan, and each partition copied to its place, holes left out. */
export const diskStep: StepHandler = async ({ step, out, result, run, signal, progress }) => {
  const { name, guids } = DiskParams.parse(step.params)
  const image = join(out, `${name}.img`)
  const parts = {
    esp: join(result('esp'), 'esp.img'),
    config: join(result('config'), 'config.img'),
    root: join(result('root'), 'root.squashfs'),
    ...(step.needs.includes('payload') ? { payload: join(result('payload'), 'payload.squashfs') } : {}),
  }
  const size = async (path: string) => (await stat(path)).size
  const layout = layOut(guids.disk, [
    { name: 'bios', type: PARTITION_TYPES.biosBoot, guid: guids.bios, bytes: MEBIBYTE },
    { name: 'efi', type: PARTITION_TYPES.esp, guid: guids.esp, bytes: await size(parts.esp) },
    { name: 'config', type: PARTITION_TYPES.basicData, guid: guids.config, bytes: await size(parts.config) },
    { name: 'root', type: PARTITION_TYPES.linux, guid: guids.root, bytes: await size(parts.root) },
    ...(parts.payload === undefined
      ? []
      : [
          {
            name: PAYLOAD_PARTITION,
            type: PARTITION_TYPES.linux,
            guid: guids.payload,
            bytes: await size(parts.payload),
          },
        ]),
  ])
  const boot = join(result('root'), 'boot')
  const start = startOf(layout, 'bios')
  const grub = patchGrub(await readFile(join(boot, 'boot.img')), await readFile(join(boot, 'core.img')), start)
  let done = 0
  await writeDisk(
    image,
    {
      layout,
      files: {
        efi: parts.esp,
        config: parts.config,
        root: parts.root,
        ...(parts.payload === undefined ? {} : { [PAYLOAD_PARTITION]: parts.payload }),
      },
      first: async file => {
        await file.write(grub.boot, 0, grub.boot.length, 0)
        await file.write(grub.core, 0, grub.core.length, start)
      },
    },
    run,
    signal,
    bytes => {
      done += bytes
      progress('putting the partitions in place', done, layout.bytes)
    },
  )
  await writeFile(join(out, 'layout.json'), `${JSON.stringify(layout, null, 2)}\n`)
}
