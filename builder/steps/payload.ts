import { join } from 'node:path'
import { z } from 'zod'
import { LAYOUT_FOLDER } from '../containers/carried.ts'
import type { StepHandler } from '../execute/execute-plan.ts'

/** Parameters of the step `payload`. */
export const PayloadParams = z.object({ epoch: z.number().int() })

/** The file system of the payload partition: the layout of all containers. Their layers are compressed already. */
export const payloadStep: StepHandler = async ({ step, out, result, run, signal }) => {
  const { epoch } = PayloadParams.parse(step.params)
  const argv: [string, ...string[]] = [
    'mksquashfs',
    join(result('containers'), LAYOUT_FOLDER),
    join(out, 'payload.squashfs'),
    '-all-root',
    '-root-mode',
    '0755',
    '-noD',
    '-noF',
    '-b',
    '1M',
    '-noappend',
    '-no-exports',
    '-no-xattrs',
    '-no-progress',
    '-quiet',
    // A layout is linked and written whenever it is; only its bytes count.
    '-all-time',
    String(epoch),
    '-mkfs-time',
    String(epoch),
  ]
  await run({ argv }, { signal })
}
