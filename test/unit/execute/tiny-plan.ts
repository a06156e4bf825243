import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BuildEvent } from '../../../builder/execute/events.ts'
import { executePlan, type Ports, type StepHandler } from '../../../builder/execute/execute-plan.ts'
import { Store } from '../../../builder/execute/store.ts'
import type { Plan, StepKind } from '../../../builder/plan/types.ts'
import { sha256 } from '../../../builder/shared/hash.ts'
import { run } from '../../../builder/shared/run.ts'

/** A plan of the given steps, in order, each with what it needs. */
export function tinyPlan(needs: Partial<Record<StepKind, StepKind[]>>): Plan {
  const steps = Object.entries(needs).map(([id, wanted]) => ({
    id: id as StepKind,
    title: `make ${id}`,
    version: 1,
    params: {},
    needs: wanted,
    inputs: {},
    tools: {},
    key: sha256(id),
  }))
  return { name: 'tiny', base: 'debian-13', plex: 'first-boot', steps }
}

/** Writes one small file. */
export const writes: StepHandler = async ({ step, out }) => await writeFile(join(out, 'result'), `${step.id}\n`)

/** Executes a plan with `writes` for every step that is not given; gives what was said. */
export async function execute(
  root: string,
  plan: Plan,
  given: Partial<Record<StepKind, StepHandler>> = {},
  signal = new AbortController().signal,
) {
  const events: BuildEvent[] = []
  const ran: StepKind[] = []
  const handlers = Object.fromEntries(
    plan.steps.map(({ id }) => [
      id,
      async (context: Parameters<StepHandler>[0]) => {
        ran.push(id)
        await (given[id] ?? writes)(context)
      },
    ]),
  ) as Ports['handlers']
  const store = new Store(root, run)
  const error = await executePlan(plan, {
    project: root,
    store,
    run,
    handlers,
    signal,
    emit: event => events.push(event),
  }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return {
    events,
    ran,
    error,
    store,
    said: events.map(event => ('id' in event ? `${event.id} ${event.type}` : event.type)),
  }
}
