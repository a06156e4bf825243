import { explainFailure } from '../apply/failure.ts'
import type { Follow } from '../run.ts'
import type { Check, Finding, Scene } from './check.ts'
import { failed } from './finding.ts'

/** What all checks of one run share. */
export interface Stage extends Omit<Scene, 'attempt' | 'once' | 'signal'> {
  /** Runs a program until it ends or the signal ends it. */
  readonly attempt: (argv: readonly [string, ...string[]], follow: Follow & { signal: AbortSignal }) => Promise<Ended>
  /** How many times longer than on real hardware a check may take: 1 there. */
  readonly patience: number
}
type Ended = Awaited<ReturnType<Scene['attempt']>>

/** One check with what it found. */
export interface Found {
  readonly check: Check
  readonly finding: Finding
  /** When it was over, in Unix milliseconds. */
  readonly at: number
  readonly seconds: number
}

/** How a run goes on, for who looks at it. */
export interface Progress {
  readonly done: number
  readonly total: number
  /** What is being proven, oldest first. */
  readonly now: readonly string[]
}

/**
 * Makes checks side by side, at most `most` at once, and gives what they found in their own order. None can end it: one
 * that throws has failed, and so has one that is not over in its time, whatever it does afterwards.
 */
export async function runChecks(
  checks: readonly Check[],
  stage: Stage,
  { most, signal, tell }: { most: number; signal: AbortSignal; tell: (progress: Progress) => void },
): Promise<Found[]> {
  const found: Found[] = []
  const shared: Shared = new Map()
  const running = new Set<Check>()
  const show = () => tell({ done: found.length, total: checks.length, now: [...running].map(({ title }) => title) })
  const waiting = checks.values()
  const work = async () => {
    for (const check of waiting) {
      running.add(check)
      show()
      const begun = stage.now()
      const finding = await runCheck(check, stage, shared, signal)
      running.delete(check)
      const at = stage.now()
      found.push({ check, finding, at, seconds: Math.max(0, Math.round((at - begun) / 100) / 10) })
      show()
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, most) }, work))
  const order = new Map(checks.map((check, index) => [check, index]))
  return found.sort((one, other) => (order.get(one.check) ?? 0) - (order.get(other.check) ?? 0))
}

/** What was found out, or why it could not be; `whole` unless its finder's time was over before. */
type Answer = ({ readonly value: unknown } | { readonly error: unknown }) & { readonly whole: boolean }
type Shared = Map<string, Promise<Answer>>

async function runCheck(check: Check, stage: Stage, shared: Shared, stop: AbortSignal): Promise<Finding> {
  const late = new AbortController()
  const signal = AbortSignal.any([stop, late.signal])
  const { promise: over, resolve: end } = Promise.withResolvers<Finding>()
  const timer = setTimeout(() => end(tooLate(check)), check.seconds * stage.patience * 1000)
  const stopped = () => end(failed('check-stopped', 'The verification was stopped before this was proven.'))
  stop.addEventListener('abort', stopped, { once: true })
  if (stop.aborted) stopped()
  else
    perform(check, { ...stage, signal, once: sharer(shared, signal), attempt: attempter(stage, signal) }).then(
      end,
      (error: unknown) => end(broken(error)),
    )
  try {
    return await over
  } finally {
    clearTimeout(timer)
    stop.removeEventListener('abort', stopped)
    // Whatever it still waits for is of no use to anybody.
    late.abort()
  }
}

// A check may throw before it gives a promise.
const perform = async (check: Check, scene: Scene): Promise<Finding> => await check.run(scene)

const attempter =
  (stage: Stage, signal: AbortSignal): Scene['attempt'] =>
  (argv, follow = {}) =>
    stage.attempt(argv, {
      ...follow,
      signal: follow.signal === undefined ? signal : AbortSignal.any([signal, follow.signal]),
    })

/** What was found out while its finder's time ran out may be half of the truth: whoever comes next finds out again. */
const sharer =
  (shared: Shared, signal: AbortSignal): Scene['once'] =>
  async <T>(name: string, find: () => Promise<T>): Promise<T> => {
    const mine = async (): Promise<Answer> => {
      try {
        return { value: await find(), whole: !signal.aborted }
      } catch (error) {
        return { error, whole: !signal.aborted }
      }
    }
    for (;;) {
      const known = shared.get(name)
      const asked = known ?? mine()
      if (known === undefined) shared.set(name, asked)
      const answer = await asked
      if (!answer.whole && known !== undefined && !signal.aborted) {
        if (shared.get(name) === known) shared.delete(name)
        continue
      }
      if ('error' in answer) throw answer.error
      return answer.value as T
    }
  }

const tooLate = ({ seconds }: Check): Finding =>
  failed('check-too-slow', `There was no answer in time (${seconds} seconds), so nothing is proven.`)

const broken = (error: unknown): Finding => {
  const { message } = explainFailure(error)
  return failed('check-broken', `It could not be looked at: ${message || 'no reason was given'}`)
}
