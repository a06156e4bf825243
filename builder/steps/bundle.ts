import { join } from 'node:path'
import { build } from 'esbuild'
import type { StepHandler } from '../execute/execute-plan.ts'
import { UserError } from '../shared/errors.ts'
import { bundleOptions } from '../../firstboot/bundle-options.ts'

/** The `mediaserver` command as one file, for the Node that the image carries. */
export const bundleStep: StepHandler = async ({ project, out }) => {
  try {
    await build({
      ...bundleOptions,
      absWorkingDir: project,
      entryPoints: ['firstboot/main.tsx'],
      outfile: join(out, 'main.mjs'),
      logLevel: 'silent',
    })
  } catch (error) {
    throw new UserError(
      `The first-boot program does not compile:\n${(error as Error).message}`,
      'See the same with more detail: npm run check',
    )
  }
}
