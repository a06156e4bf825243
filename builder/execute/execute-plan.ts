import { partsOf } from '../plan/explain.ts'
import type { Plan, PlannedStep, StepKind } from '../plan/types.ts'
import type { Runner } from '../shared/run.ts'
import { describeError, explainDiskFull } from '../shared/errors.ts'
import type { BuildEvent } from './events.ts'
import { holdExclusively } from './exclusive.ts'
import type { Store } from './store.ts'

/** What a step may use: its own empty folder, the results it asked for, and programs. */
export interface StepContext {
  readonly step: PlannedStep
  /** The project's folder, for inputs whose digests are in the plan. */
  readonly project: string
  /** The result goes here. */
  readonly out: string
  /** The folder of a needed step's result. */
  readonly result: (id: StepKind) => string
  readonly store: Store
  readonly run: Runner
  readonly signal: AbortSignal
  readonly progress: (doing: string, done?: number, total?: number) => void
}

/** Makes one step's result. */
export type StepHandler = (context: StepContext) => Promise<void>

/** Everything an execution touches outside itself. */
export interface Ports {
  readonly project: string
  readonly store: Store
  readonly run: Runner
  readonly handlers: Readonly<Record<StepKind, StepHandler>>
  readonly emit: (event: BuildEvent) => void
  readonly signal: AbortSignal
}

async function isReusable(step: PlannedStep, ports: Ports, deep: boolean): Promise<boolean> {
  const state = await ports.store.check(step.key, deep)
  if (state === 'sound') return true
  if (state !== 'absent') {
    ports.emit({ type: 'damaged', id: step.id, path: state.damaged })
    await ports.store.quarantine(step.key)
  }
  return false
}

async function runStep(plan: Plan, step: PlannedStep, ports: Ports, signal: AbortSignal): Promise<void> {
  const { store, emit } = ports
  const begin = performance.now()
  emit({ type: 'started', id: step.id, title: step.title })
  try {
    await ports.handlers[step.id]({
      step,
      project: ports.project,
      out: await store.stage(step.key),
      result: id => store.pathOf(plan.steps.find(other => other.id === id)?.key ?? ''),
      store,
      run: ports.run,
      signal,
      progress: (doing, done, total) =>
        emit({
          type: 'progress',
          id: step.id,
          doing,
          ...(done === undefined ? {} : { done }),
          ...(total === undefined ? {} : { total }),
        }),
    })
    signal.throwIfAborted()
    const bytes = await store.commit(step.key)
    await store.rememberParts(plan.base, step.id, partsOf(plan, step))
    emit({ type: 'finished', id: step.id, seconds: (performance.now() - begin) / 1000, bytes })
  } catch (thrown) {
    const error = explainDiskFull(thrown)
    await store.discard(step.key)
    emit(
      signal.aborted
        ? { type: 'stopped', id: step.id }
        : { type: 'failed', id: step.id, message: describeError(error) },
    )
    throw error
  }
}

/**
 * Brings every step's result into the store, steps that do not depend on each other side by side.
 * Finished steps stay when one fails; throws the first failure, or the caller's wish to stop, after all running steps have stopped.
 */
export async function executePlan(plan: Plan, ports: Ports): Promise<void> {
  await using _held = await holdExclusively(
    ports.store.root,
    () => ports.emit({ type: 'waiting', message: 'Another build is using this store; waiting for it to finish.' }),
    ports.signal,
  )
  await ports.store.cleanStaging()
  ports.emit({ type: 'plan', name: plan.name, steps: plan.steps.map(({ id, title }) => ({ id, title })) })

  const stop = new AbortController()
  const signal = AbortSignal.any([ports.signal, stop.signal])
  const reusable = new Map<StepKind, boolean>()
  for (const step of plan.steps) reusable.set(step.id, await isReusable(step, ports, false))
  // What a step is about to read is checked byte for byte; damage found here makes that step run again as well.
  for (const step of plan.steps.toReversed()) {
    const read = plan.steps.some(other => other.needs.includes(step.id) && reusable.get(other.id) === false)
    if (read && reusable.get(step.id) === true) reusable.set(step.id, await isReusable(step, ports, true))
  }

  const running = new Map<StepKind, Promise<void>>()
  for (const step of plan.steps) {
    running.set(
      step.id,
      (async () => {
        await Promise.all(step.needs.map(async id => await running.get(id)))
        signal.throwIfAborted()
        if (reusable.get(step.id) === true) return ports.emit({ type: 'reused', id: step.id })
        await runStep(plan, step, ports, signal)
      })().catch((error: unknown) => {
        stop.abort(error)
        throw error
      }),
    )
  }
  const results = await Promise.allSettled(running.values())
  const failed = results.find(result => result.status === 'rejected')
  if (failed !== undefined) throw ports.signal.aborted ? ports.signal.reason : (stop.signal.reason ?? failed.reason)
}
