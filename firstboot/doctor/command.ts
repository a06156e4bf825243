import { setTimeout as delay } from 'node:timers/promises'
import { explainFailure } from '../apply/failure.ts'
import { applyLockPath } from '../apply/places.ts'
import { type Lock, takeLock } from '../lock.ts'
import type { Root } from '../root.ts'
import { allChecks, allTroubles } from '../verify/all.ts'
import { ageWords } from '../verify/age.ts'
import type { Check } from '../verify/check.ts'
import { alone, exitCodes, systemDoors, type VerifyDoors } from '../verify/command.ts'
import type { Stage } from '../verify/run-checks.ts'
import { readVerification } from '../verify/store.ts'
import type { Trouble } from '../verify/trouble.ts'
import type { Verification } from '../verify/verification.ts'
import { type Case, diagnose, unexplained } from './diagnose.ts'
import { checksOf, treat, type Treated } from './treat.ts'
import { caseLines, listLines, troubleLines, unexplainedLines } from './words.ts'

type Say = (text: string) => void

const USAGE = `mediaserver doctor             verify the machine, mend what is safe to mend, and tell the way out of the rest
mediaserver doctor list        all troubles that are known
mediaserver doctor TROUBLE     explain one of them, and mend it where that is safe`

/** What the doctor knows and does; tests give their own. */
export interface DoctorDoors extends VerifyDoors {
  readonly checks: readonly Check[]
  readonly troubles: readonly Trouble[]
  /** How long what was mended may take until it shows, in milliseconds. */
  readonly pauseMs: number
  /** Waits until nobody applies answers, and keeps others from it. */
  readonly keepFromApplying: (signal: AbortSignal, onWait: () => void) => Promise<Lock>
}

const systemDoctor = (root: Root): DoctorDoors => ({
  ...systemDoors(),
  checks: allChecks,
  troubles: allTroubles,
  pauseMs: 5000,
  keepFromApplying: async (signal, onWait) => await takeLock(`${root.prefix}${applyLockPath}`, signal, onWait),
})

/** `mediaserver doctor [--json] [list | TROUBLE]`: gives the exit code, as `mediaserver verify` does. */
export async function doctorCommand(
  root: Root,
  words: readonly string[],
  json: boolean,
  say: Say,
  doors: DoctorDoors = systemDoctor(root),
): Promise<number> {
  const { troubles } = doors
  const [word, ...rest] = words
  if (word === 'list' && rest.length === 0) {
    say(json ? JSON.stringify(troubles.map(plain), null, 2) : listLines(troubles).join('\n'))
    return exitCodes.well
  }
  const named = troubles.find(({ id }) => id === word)
  if ((word !== undefined && named === undefined) || rest.length > 0) {
    say(USAGE)
    return exitCodes.usage
  }
  if (named !== undefined && named.remedy === undefined) {
    say(json ? JSON.stringify(plain(named), null, 2) : troubleLines(named).join('\n'))
    return exitCodes.well
  }
  const stage = doors.open(root)
  if ('fault' in stage) {
    if (named !== undefined && !json) say(troubleLines(named).join('\n'))
    say(json ? JSON.stringify({ fault: stage.fault }) : stage.fault)
    return exitCodes.impossible
  }
  const work = async (now: Stage) =>
    named === undefined ? await examine(now, doors) : await examineOne(named, now, doors)
  const found = await undisturbed(stage, doors, work, () => {
    if (!json) say('The answers are being applied; this goes on when that is done.')
  })
  if ('fault' in found) {
    say(json ? JSON.stringify(found) : found.fault)
    return exitCodes.impossible
  }
  say(json ? JSON.stringify(forPrograms(found), null, 2) : forPeople(found, stage.now()).join('\n'))
  return found.verification.results.some(({ id, verdict }) => verdict === 'fail' && found.asked.includes(id))
    ? exitCodes.failed
    : exitCodes.well
}

/**
 * Works while nobody applies answers or verifies, or gives in a sentence why not. Both the doctor and who applies make
 * containers anew, and write down how they are connected; and what is looked at would change meanwhile. The supervisor
 * leaves containers alone as well, as long as the lock is held.
 */
async function undisturbed<T>(
  stage: Stage,
  doors: DoctorDoors,
  work: (stage: Stage) => Promise<T>,
  onWait: () => void,
): Promise<T | { readonly fault: string }> {
  const { signal } = doors
  const stopped = { fault: 'The doctor was stopped.' }
  const lock = await doors.keepFromApplying(signal, onWait).catch((error: unknown) => explainFailure(error))
  if ('message' in lock) return signal.aborted ? stopped : { fault: `${lock.message} ${lock.mend}` }
  await using _held = lock
  const now = lock.waited ? doors.open(stage.root) : stage
  if ('fault' in now) return now
  const found = await alone(stage.root, false, signal, async () => await work(now))
  if (found === null) return { fault: 'A verification is being made right now; try again when it is over.' }
  return signal.aborted ? stopped : found
}

/** What the doctor found and did. */
interface Examined {
  readonly cases: readonly (Case & { readonly treated: Treated | null })[]
  /** After what was done. */
  readonly verification: Verification
  /** Ids of the checks that this was about. */
  readonly asked: readonly string[]
}

async function examine(stage: Stage, doors: DoctorDoors): Promise<Examined> {
  const set = { all: doors.checks, troubles: doors.troubles }
  const { verification } = await doors.verify(stage, { ...set, chosen: doors.checks }, doors.signal)
  const asked = doors.checks.map(({ id }) => id)
  const cases: Examined['cases'][number][] = []
  for (const each of diagnose(verification.results, doors.troubles)) {
    const { trouble } = each
    if (trouble.remedy === undefined) {
      cases.push({ ...each, treated: null })
      continue
    }
    const isOver = cases.some(({ treated }) => hasDone(treated)) && !(await isStill(each, stage, doors))
    cases.push({ ...each, treated: isOver ? NOTHING_MORE : await treat(trouble, stage, doors.signal) })
  }
  if (!cases.some(({ treated }) => hasDone(treated))) return { cases, verification, asked }
  // One mend may make well what others have found, so all that was not well is asked again.
  const again = verification.results
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')
    .map(({ id }) => id)
  return { cases, verification: (await lookAgain(again, stage, doors)).verification, asked }
}

const NOTHING_MORE: Treated = { done: 'Nothing more was needed.' }

const hasDone = (treated: Treated | null): boolean => treated !== null && 'done' in treated

/**
 * Whether what its own checks look at is not proven to be well: what was done about another trouble may have been the mend of
 * this one, too. A look that only cannot tell proves nothing; some remedies stop what shows the home.
 */
async function isStill({ results }: Case, stage: Stage, doors: DoctorDoors): Promise<boolean> {
  const ids = results.map(({ id }) => id)
  const { verification } = await lookAgain(ids, stage, doors)
  return verification.results.some(({ id, verdict }) => ids.includes(id) && verdict !== 'pass' && verdict !== 'none')
}

async function examineOne(trouble: Trouble, stage: Stage, doors: DoctorDoors): Promise<Examined> {
  const before = readVerification(stage.root)?.results ?? []
  const results = before.filter(({ way }) => way?.id === trouble.id)
  const treated = await treat(trouble, stage, doors.signal)
  const asked = results.map(({ id }) => id)
  const { verification } = await lookAgain(asked, stage, doors)
  return { cases: [{ trouble, results, treated }], verification, asked }
}

async function lookAgain(ids: readonly string[], stage: Stage, doors: DoctorDoors) {
  await delay(doors.pauseMs * stage.patience, undefined, { signal: doors.signal }).catch(() => {})
  const chosen = checksOf(doors.checks, ids)
  return await doors.verify(stage, { all: doors.checks, troubles: doors.troubles, chosen }, doors.signal)
}

const plain = ({ id, symptom, cause, mend, remedy }: Trouble) => ({
  id,
  symptom,
  cause,
  mend,
  remedy: remedy !== undefined,
})

function forPrograms({ cases, verification, asked }: Examined) {
  return {
    at: verification.at,
    cases: cases.map(({ trouble, results, treated }) => ({
      trouble: plain(trouble),
      checks: results.map(({ id }) => id),
      treated,
    })),
    results: verification.results.filter(({ id }) => asked.includes(id)),
  }
}

function forPeople({ cases, verification, asked }: Examined, now: number): string[] {
  const results = verification.results.filter(({ id }) => asked.includes(id))
  if (cases.length === 0) {
    const left = unexplained(results, [])
    if (left.length > 0) return unexplainedLines(left)
    return [
      `Nothing is wrong: ${results.length} checks, ${ageWords(verification.at, now)}. Other troubles: mediaserver doctor list`,
    ]
  }
  const lines = cases.flatMap(each => {
    const ids = each.results.map(({ id }) => id)
    const sick = results.filter(({ id, verdict }) => ids.includes(id) && (verdict === 'fail' || verdict === 'warn'))
    const after = sick.length === 0 ? 'It is well now.' : `It is not well yet: ${sick[0]?.words}`
    return [...caseLines(each), ...treatedLines(each.treated, ids.length === 0 ? '' : after), '']
  })
  return [...lines, ...unexplainedLines(unexplained(results, cases))]
}

function treatedLines(treated: Treated | null, after: string): string[] {
  if (treated === null) return []
  if ('why' in treated) return [`  Tried to mend it, but: ${treated.why}`]
  return [`  Done: ${treated.done}${after === '' ? '' : ` ${after}`}`]
}
