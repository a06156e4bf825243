import { liftStops } from '../doctor/safety-stop.ts'
import type { Check, Finding, Scene } from './check.ts'
import { entryOf } from './history.ts'
import { type Found, type Progress, runChecks, type Stage } from './run-checks.ts'
import { doubtful, type SecondLook, withSecondLook } from './second-look.ts'
import { keepProgress, keepVerification, readVerification } from './store.ts'
import type { Trouble } from './trouble.ts'
import { type Result, type Turn, turnsOf, type Verification, type Way, withResults } from './verification.ts'

// Some checks make the processor work; more at once than this would make each other slow.
const MOST_AT_ONCE = 4

/** What a verification came to. */
export interface Verified {
  readonly verification: Verification
  /** What is different from before, among the checks that were made. */
  readonly turns: readonly Turn[]
  readonly seconds: number
}

/**
 * Makes some of all checks, and keeps what they found for `status`, the consoles and the next time. With a `secondLook`,
 * what has begun to fail is made again after it, and only what fails twice has failed.
 */
export async function verifyMachine(
  stage: Stage,
  { all, chosen, troubles }: { all: readonly Check[]; chosen: readonly Check[]; troubles: readonly Trouble[] },
  signal: AbortSignal,
  secondLook: SecondLook | null = null,
): Promise<Verified> {
  const { root, now } = stage
  const written = newestOnly(progress => keepProgress(root, progress))
  const begun = now()
  try {
    const run = async (checks: readonly Check[]) =>
      await runChecks(checks, stage, { most: MOST_AT_ONCE, signal, tell: written.tell })
    const first = await run(chosen)
    const before = readVerification(root)
    const doubts = secondLook === null ? [] : doubtful(first, before)
    if (doubts.length > 0) {
      written.tell({ done: 0, total: doubts.length, now: doubts.map(({ title }) => title) })
      await secondLook?.(signal)
    }
    const found = doubts.length === 0 ? first : withSecondLook(first, await run(doubts))
    const results = found.map(each => resultOf(each, troubles))
    const end = now()
    const turns = turnsOf(before, results)
    const order = all.map(({ id }) => id)
    const verification = withResults(before, results, order, end)
    const seconds = Math.max(0, Math.round((end - begun) / 1000))
    // What was stopped half way says nothing about the machine.
    if (!signal.aborted) {
      const entry = chosen.length < all.length ? null : entryOf(results, turns, end, seconds)
      await keepVerification(root, verification, entry)
      const attempt: Scene['attempt'] = async (argv, follow = {}) => await stage.attempt(argv, { ...follow, signal })
      await liftStops(results, { root, attempt })
    }
    return { verification, turns, seconds }
  } finally {
    await written.rest()
    await keepProgress(root, null)
  }
}

/** Writes one after the other; what is overtaken by newer words is not written at all. What cannot be written is not told. */
function newestOnly(write: (progress: Progress) => Promise<void>) {
  let newest: Progress | null = null
  let writing: Promise<void> = Promise.resolve()
  const writeNewest = async () => {
    const shown = newest
    newest = null
    if (shown !== null) await write(shown).catch(() => {})
  }
  return {
    tell: (progress: Progress): void => {
      newest = progress
      writing = writing.then(writeNewest)
    },
    rest: async (): Promise<void> => await writing,
  }
}

/** What is kept of a finding. */
export function resultOf({ check, finding, at, seconds }: Found, troubles: readonly Trouble[]): Result {
  const { id, section, title, how } = check
  const { verdict, words, detail = [] } = finding
  const said = { verdict, words, detail: [...detail], way: wayOf(finding, troubles) }
  return { id, section, title, how, ...said, at, seconds, since: at }
}

function wayOf({ trouble }: Finding, troubles: readonly Trouble[]): Way | null {
  const found = troubles.find(({ id }) => id === trouble)
  if (found === undefined) return null
  const { id, symptom, cause, mend, remedy } = found
  return { id, symptom, cause, mend: [...mend], remedy: remedy !== undefined }
}
