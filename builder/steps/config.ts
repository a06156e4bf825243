import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { StepHandler } from '../execute/execute-plan.ts'
import { makeFat } from './fat.ts'

/** Parameters of the step `config`. */
export const ConfigParams = z.object({ volumeId: z.string(), bytes: z.number().int(), epoch: z.number().int() })

/** The partition that Windows and macOS show, for answers and results. */
export const configStep: StepHandler = async ({ step, project, out, run, signal }) => {
  const { volumeId, bytes, epoch } = ConfigParams.parse(step.params)
  const tree = join(out, 'tree')
  await cp(join(project, 'overlays/config'), tree, { recursive: true })
  await makeFat({ file: join(out, 'config.img'), tree, label: 'CONFIG', volumeId, bytes, epoch }, run, signal)
  await run({ argv: ['rm', '-rf', tree] })
}
