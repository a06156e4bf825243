import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { StepContext } from '../../../builder/execute/execute-plan.ts'
import { Store } from '../../../builder/execute/store.ts'
import type { StepKind } from '../../../builder/plan/types.ts'
import { run } from '../../../builder/shared/run.ts'

/** What a step is given, all below one folder: `out`, `results/<id>` and the store. */
export async function contextIn(
  folder: string,
  id: StepKind,
  params: Record<string, unknown>,
  given: Partial<StepContext> = {},
): Promise<StepContext> {
  const out = join(folder, 'out')
  await mkdir(out, { recursive: true })
  return {
    step: { id, title: id, version: 1, params, needs: [], inputs: {}, tools: {}, key: 'k' },
    project: join(folder, 'project'),
    out,
    result: needed => join(folder, 'results', needed),
    store: new Store(join(folder, 'store'), run),
    run,
    signal: new AbortController().signal,
    progress: () => {},
    ...given,
  }
}
