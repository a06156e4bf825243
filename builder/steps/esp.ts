import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { StepHandler } from '../execute/execute-plan.ts'
import { listFiles } from '../shared/files.ts'
import { fillTemplate } from '../shared/template.ts'
import { makeFat } from './fat.ts'
import { SUMS_FILE } from './sums.ts'

/** Parameters of the step `esp`. */
export const EspParams = z.object({
  product: z.string(),
  /** The folder that the distribution's signed GRUB reads its menu from; it is compiled in. */
  vendor: z.string(),
  rootPartition: z.string(),
  volumeId: z.string(),
  /** The least size; it is larger where the files need more, as with an initrd of Ubuntu. */
  bytes: z.number().int(),
  epoch: z.number().int(),
})

const MEBIBYTE = 1024 * 1024

/**
 * How large a FAT is in which the files below a folder have room, in bytes: with a tenth for its tables, and for what an
 * update of GRUB needs while both are there. In steps, so that it seldom changes.
 */
export async function roomFor(tree: string): Promise<number> {
  const sizes = await Promise.all((await listFiles(tree)).map(async path => (await stat(join(tree, path))).size))
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  return Math.ceil((bytes * 1.1 + 8 * MEBIBYTE) / (16 * MEBIBYTE)) * 16 * MEBIBYTE
}

/** The EFI system partition: shim, signed GRUB, kernel, initrd, our layer and checksums. BIOS machines read the same menu. */
export const espStep: StepHandler = async ({ step, project, out, result, run, signal }) => {
  const params = EspParams.parse(step.params)
  const boot = join(result('root'), 'boot')
  const tree = join(out, 'tree')
  for (const folder of ['EFI/BOOT', `EFI/${params.vendor}`, 'live', 'grub'])
    await mkdir(join(tree, folder), { recursive: true })
  const place = async (from: string, to: string) => await cp(from, join(tree, to))
  await place(join(boot, 'shimx64.efi'), 'EFI/BOOT/BOOTX64.EFI')
  await place(join(boot, 'grubx64.efi'), 'EFI/BOOT/grubx64.efi')
  await place(join(boot, 'mmx64.efi'), 'EFI/BOOT/mmx64.efi')
  await place(join(boot, 'vmlinuz'), 'live/vmlinuz')
  await place(join(boot, 'initrd.img'), 'live/initrd.img')
  await place(join(result('layer'), 'layer.img'), 'live/layer.img')
  await place(join(result('sums'), SUMS_FILE), `live/${SUMS_FILE}`)
  const template = await readFile(join(project, 'overlays/templates/grub.cfg.hbs'), 'utf8')
  const fileSystem = `${params.volumeId.slice(0, 4)}-${params.volumeId.slice(4)}`.toUpperCase()
  const menu = fillTemplate('grub.cfg.hbs', template, { ...params, fileSystem })
  await writeFile(join(tree, 'grub/grub.cfg'), menu)
  await writeFile(join(tree, `EFI/${params.vendor}/grub.cfg`), menu)
  await makeFat(
    {
      file: join(out, 'esp.img'),
      tree,
      label: 'EFI',
      volumeId: params.volumeId,
      bytes: Math.max(params.bytes, await roomFor(tree)),
      epoch: params.epoch,
    },
    run,
    signal,
  )
  await run({ argv: ['rm', '-rf', tree] })
}
