import { open, readdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { listFiles } from '../shared/files.ts'
import type { Runner } from '../shared/run.ts'
import { resetTimes } from '../shared/reset-times.ts'

/** A FAT32 file system that is made from a folder. */
export interface FatImage {
  readonly file: string
  readonly tree: string
  readonly label: string
  /** Eight hexadecimal digits. */
  readonly volumeId: string
  readonly bytes: number
  readonly epoch: number
}

/** Makes a FAT32 image without mounting anything; the same tree gives the same bytes. */
export async function makeFat(image: FatImage, run: Runner, signal: AbortSignal): Promise<void> {
  const handle = await open(image.file, 'w')
  await handle.truncate(image.bytes)
  await handle.close()
  await resetTimes(image.tree, image.epoch)
  const env = { SOURCE_DATE_EPOCH: String(image.epoch), TZ: 'UTC', MTOOLS_SKIP_CHECK: '1' }
  await run(
    {
      argv: ['mkfs.vfat', '--invariant', '-F', '32', '-s', '1', '-n', image.label, '-i', image.volumeId, image.file],
      env,
    },
    { signal },
  )
  // File by file in a fixed order: mcopy -s would take them as the build machine's file system happens to list them.
  const files = await listFiles(image.tree)
  const folders = (await readdir(image.tree, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isDirectory())
    .map(entry => relative(image.tree, join(entry.parentPath, entry.name)))
    .sort()
  if (folders.length > 0)
    await run({ argv: ['mmd', '-i', image.file, ...folders.map(folder => `::/${folder}`)], env }, { signal })
  for (const folder of ['', ...folders]) {
    const here = files
      .filter(file => dirname(file) === (folder === '' ? '.' : folder))
      .map(file => join(image.tree, file))
    if (here.length > 0)
      await run({ argv: ['mcopy', '-m', '-Q', '-i', image.file, ...here, `::/${folder}`], env }, { signal })
  }
}
