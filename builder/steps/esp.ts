import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { StepHandler } from '../execute/execute-plan.ts'
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
  bytes: z.number().int(),
  epoch: z.number().int(),
})

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
      bytes: params.bytes,
      epoch: params.epoch,
    },
    run,
    signal,
  )
  await run({ argv: ['rm', '-rf', tree] })
}
