import { chmod, cp, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { cataloguePath } from '../../firstboot/stack/catalogue.ts'
import { CARRIED_FILE, CarriedImages } from '../containers/carried.ts'
import { renderCatalogue } from '../containers/catalogue.ts'
import type { StepHandler } from '../execute/execute-plan.ts'
import { serviceSchema } from '../recipe/service-schema.ts'
import { listFiles } from '../shared/files.ts'
import { resetTimes } from '../shared/reset-times.ts'

/** Parameters of the step `layer`. */
export const LayerParams = z.object({
  epoch: z.number().int(),
  manifest: z.record(z.string(), z.unknown()),
  services: z.array(serviceSchema),
  /** Images by service; left out when an earlier step has made them. */
  images: CarriedImages.optional(),
})

async function foldersBelow(root: string, at = ''): Promise<string[]> {
  const entries = await readdir(join(root, at), { withFileTypes: true })
  const folders = entries.filter(entry => entry.isDirectory()).map(entry => join(at, entry.name))
  return [...folders, ...(await Promise.all(folders.map(folder => foldersBelow(root, folder)))).flat()]
}

/**
 * Our own files as a second initrd, all below `/layer`; the live system copies them over its root before it starts.
 * Format: cpio "newc" under zstd, as the kernel takes it (Documentation/driver-api/early-userspace/buffer-format).
 */
export const layerStep: StepHandler = async ({ step, project, out, result, run, signal }) => {
  const { epoch, manifest, services, ...params } = LayerParams.parse(step.params)
  const images =
    params.images ?? CarriedImages.parse(JSON.parse(await readFile(join(result('containers'), CARRIED_FILE), 'utf8')))
  const tree = join(out, 'tree')
  const layer = join(tree, 'layer')
  await mkdir(join(layer, 'usr/lib/mediaserver'), { recursive: true })
  await cp(join(project, 'overlays/firstboot'), layer, { recursive: true, verbatimSymlinks: true })
  await cp(join(result('bundle'), 'main.mjs'), join(layer, 'usr/lib/mediaserver/main.mjs'))
  await writeFile(join(layer, 'usr/lib/mediaserver/manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  await mkdir(dirname(join(layer, cataloguePath)), { recursive: true })
  await writeFile(join(layer, cataloguePath), renderCatalogue(services, images))
  // A checkout's file modes depend on the umask of who made it; only the executable bit is ours.
  for (const path of await listFiles(layer)) {
    const { mode } = await lstat(join(layer, path))
    if ((mode & 0o170000) !== 0o120000) await chmod(join(layer, path), mode & 0o111 ? 0o755 : 0o644)
  }
  for (const path of await foldersBelow(tree)) await chmod(join(tree, path), 0o755)
  await resetTimes(tree, epoch)
  const names = [...(await foldersBelow(tree)), ...(await listFiles(tree))].sort()
  const archive = join(out, 'layer.cpio')
  await run(
    {
      argv: ['cpio', '--quiet', '--reproducible', '--create', '--format=newc', '--owner=0:0', `--file=${archive}`],
      cwd: tree,
      input: `${names.join('\n')}\n`,
    },
    { signal },
  )
  await run({ argv: ['zstd', '-q', '-9', '--rm', archive, '-o', join(out, 'layer.img')] }, { signal })
  await rm(tree, { recursive: true })
}
