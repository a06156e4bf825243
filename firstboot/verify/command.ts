import { setTimeout as delay } from 'node:timers/promises'
import { applyLockPath } from '../apply/places.ts'
import { isTaken } from '../lock.ts'
import { type Message, messageOf } from '../notify/message.ts'
import { tell } from '../notify/send.ts'
import { openOwnership } from '../owner.ts'
import type { Root } from '../root.ts'
import { run } from '../run.ts'
import { plexAccountPath, readPlexToken } from '../wiring/plex-token.ts'
import { allChecks, allTroubles } from './all.ts'
import { SECTIONS, type Section } from './check.ts'
import { historyLines, historyPath, parseHistory } from './history.ts'
import { openStage } from './open-stage.ts'
import type { Stage } from './run-checks.ts'
import { type SecondLook, secondLookAfter } from './second-look.ts'
import { isPutOff, libraryBeingScanned } from './scanning.ts'
import { readVerification } from './store.ts'
import { tellStick } from './tell-stick.ts'
import { inSections, isFall, type Verification } from './verification.ts'
import { type Verified, verifyMachine } from './verify-machine.ts'
import { sectionNamed, shortName, verificationLines } from './words.ts'

/** All is well, or there are only warnings; something failed; it was called wrongly; it could not be made. */
export const exitCodes = { well: 0, failed: 1, usage: 2, impossible: 3 } as const

/** What the command needs of the world besides the machine itself; tests give another one. */
export interface VerifyDoors {
  readonly open: (root: Root) => Stage | { readonly fault: string }
  readonly verify: typeof verifyMachine
  /** Which unit has started it: a timer's name, empty for none. */
  readonly trigger: string
  readonly isApplying: () => Promise<boolean>
  /** Waits so many milliseconds, or until the signal ends it. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** Tells whom it may concern; gives why that did not work, or null. */
  readonly tell: (message: Message | null) => Promise<string | null>
  readonly signal: AbortSignal
}

/** The doors of the running system. */
export function systemDoors(): VerifyDoors {
  const stop = new AbortController()
  process.once('SIGTERM', () => stop.abort()).once('SIGINT', () => stop.abort())
  return {
    open: openStage,
    verify: verifyMachine,
    // systemd.exec(5): set for a unit that a timer has started.
    trigger: process.env['TRIGGER_UNIT'] ?? '',
    // The lock and not the unit: somebody may have typed "mediaserver apply".
    isApplying: async () =>
      await isTaken(applyLockPath, { attempt: async ([program, ...args]) => await run(program, args) }),
    pause: async (milliseconds, signal) => await delay(milliseconds, undefined, { signal }).catch(() => {}),
    tell: async message => await tell(message),
    signal: stop.signal,
  }
}

type Say = (text: string) => void

const USAGE = `mediaserver verify [SECTION ...]   prove that everything works; or only some sections
mediaserver verify history         what earlier verifications came to
Sections are: ${SECTIONS.map(shortName).join(', ')}.`

/** `mediaserver verify [--json] [SECTION ... | history]`: gives the exit code. `--by-itself` is for the unit that is run every hour. */
export async function verifyCommand(
  root: Root,
  words: readonly string[],
  json: boolean,
  say: Say,
  doors: VerifyDoors = systemDoors(),
): Promise<number> {
  if (words[0] === 'history' && words.length === 1) {
    const entries = parseHistory(root.text(historyPath))
    if (json) say(JSON.stringify(entries, null, 2))
    else say(historyLines(entries).join('\n') || 'Nothing has been verified yet.')
    return exitCodes.well
  }
  const byItself = words.includes('--by-itself')
  const named = words.filter(word => word !== '--by-itself').map(sectionNamed)
  const sections = named.filter(section => section !== null)
  if (sections.length < named.length) {
    say(USAGE)
    return exitCodes.usage
  }
  // A set-up is on its way, and starts this very program at its end.
  if (byItself && !(await isOver(doors))) {
    say('The set-up is at work; the next verification comes by itself.')
    return exitCodes.well
  }
  const stage = doors.open(root)
  if ('fault' in stage) {
    say(json ? JSON.stringify({ fault: stage.fault }) : stage.fault)
    return byItself ? exitCodes.well : exitCodes.impossible
  }
  const byTimer = byItself && doors.trigger.endsWith('.timer')
  if (byTimer) {
    const scanned = await libraryBeingScanned(stage.ask, await readPlexToken(plexAccountPath))
    if (isPutOff(scanned, readVerification(root)?.at ?? null, stage.now())) {
      say(`Plex is looking through "${scanned}"; the verification is put off.`)
      return exitCodes.well
    }
  }
  // Whoever asks wants to know how it is now; what nobody asked for must not wake anybody for a moment's sake.
  const again: SecondLook | null = byTimer ? async signal => await doors.pause(secondLookAfter, signal) : null
  const done = await alone(root, byItself, doors.signal, async () => await verified(stage, sections, doors, again))
  if (done === null) {
    say('Another verification is being made right now.')
    return byItself ? exitCodes.well : exitCodes.impossible
  }
  if (doors.signal.aborted) {
    say('The verification was stopped.')
    return exitCodes.impossible
  }
  const results = inSections(done.verification.results, sections)
  const shown: Verification = { at: done.verification.at, results }
  if (byItself) briefly(done).forEach(say)
  else if (json) say(JSON.stringify(shown, null, 2))
  else say([...verificationLines(shown, stage.now()), `It took ${done.seconds} seconds.`].join('\n'))
  if (byItself) {
    for (const note of await tellStick(root, stage.answers, done.verification)) say(note)
    const why = await doors.tell(messageOf(done.turns, stage.answers.hostname))
    if (why !== null) say(`The notification was not sent: ${why}. It waits for the next verification.`)
  }
  return results.some(({ verdict }) => verdict === 'fail') ? exitCodes.failed : exitCodes.well
}

async function verified(
  stage: Stage,
  sections: readonly Section[],
  doors: VerifyDoors,
  secondLook: SecondLook | null,
): Promise<Verified> {
  const chosen = allChecks.filter(({ section }) => sections.length === 0 || sections.includes(section))
  return await doors.verify(stage, { all: allChecks, chosen, troubles: allTroubles }, doors.signal, secondLook)
}

/** What the journal gets every hour: only what is different. */
function briefly({ verification: { results }, turns, seconds }: Verified): string[] {
  const fails = results.filter(({ verdict }) => verdict === 'fail').length
  return [
    `${results.length} checks in ${seconds} seconds, ${fails} failed.`,
    ...turns.flatMap(turn => {
      if (isFall(turn) || (turn.from === null && turn.to === 'fail')) return `FAILS NOW: ${turn.title}: ${turn.words}`
      return turn.from === 'fail' ? `no longer fails: ${turn.title}: ${turn.words}` : []
    }),
  ]
}

/** Where the one that verifies is written: two at once would disturb each other's measurements. */
const lockPath = '/run/mediaserver/verify-owner.json'
// One that looks twice takes its time.
const LONGEST_WAIT_SECONDS = 300

/** Does something while nobody else verifies; null when somebody does, and, for who can wait, still does after a while. */
export async function alone<T>(
  root: Root,
  hasNoTime: boolean,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T | null> {
  const lock = openOwnership(`${root.prefix}${lockPath}`, 'verify')
  for (let waited = 0; lock.claim(false) !== null; waited += 1) {
    if (hasNoTime || waited >= LONGEST_WAIT_SECONDS || signal.aborted) return null
    await delay(1000, undefined, { signal }).catch(() => {})
  }
  try {
    return await work()
  } finally {
    lock.release()
  }
}

// The set-up starts the verification as its last act, and needs a moment to end.
const LONGEST_END_SECONDS = 60

async function isOver({ isApplying, signal }: VerifyDoors): Promise<boolean> {
  for (let waited = 0; await isApplying(); waited += 1) {
    if (waited >= LONGEST_END_SECONDS || signal.aborted) return false
    await delay(1000, undefined, { signal }).catch(() => {})
  }
  return true
}
