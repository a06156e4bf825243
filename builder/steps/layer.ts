import { chmod, cp, lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { StepHandler } from '../execute/execute-plan.ts'
import { listFiles } from '../shared/files.ts'
import { resetTimes } from '../shared/reset-times.ts'

/** Parameters of the step `layer`. */
export const LayerParams = z.object({ epoch: z.number().int(), manifest: z.record(z.string(), z.unknown()) })

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
  const { epoch, manifest } = LayerParams.parse(step.params)
  const tree = join(out, 'tree')
  const layer = join(tree, 'layer')
  await mkdir(join(layer, 'usr/lib/mediaserver'), { recursive: true })
  await cp(join(project, 'overlays/firstboot'), layer, { recursive: true, verbatimSymlinks: true })
  await cp(join(result('bundle'), 'main.mjs'), join(layer, 'usr/lib/mediaserver/main.mjs'))
  await writeFile(join(layer, 'usr/lib/mediaserver/manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
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
