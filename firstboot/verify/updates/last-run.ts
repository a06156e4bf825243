import { answersPath } from '../../apply/places.ts'
import { UPDATE_SETTINGS } from '../../changes/updates.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { failed, passed, warned } from '../finding.ts'
import { ageWords } from '../age.ts'
import { isHeld } from './locks.ts'

const day = 86_400_000

/** Times in Unix milliseconds; null where there is none. */
export interface Runs {
  /** When the lists of packages were fetched last. */
  readonly lists: number | null
  /** When unattended-upgrades was through last. */
  readonly upgrade: number | null
  /** When this machine was set up. */
  readonly setUp: number | null
  /** When it was switched on. */
  readonly boot: number
  readonly now: number
}

/** Whether updates came lately. A machine that was off is given a day. Pure. */
export function judgeRuns({ lists, upgrade, setUp, boot, now }: Runs): Finding {
  const last = lists === null || upgrade === null ? null : Math.min(lists, upgrade)
  const since = last ?? setUp
  if (since === null)
    return failed('updates-late', 'There is no trace of any update, nor of when this machine was set up.')
  if (since - now > day) return warned('updates-late', 'The last one is dated in the future: the clock was changed.')
  const words = last === null ? 'None yet' : `The last one was ${ageWords(last, now)}`
  const age = now - since
  if (last === null && age < 2 * day)
    return passed(`The first one comes within a day: this machine was set up ${ageWords(since, now)}.`)
  if (age > 7 * day && now - boot < day)
    return warned('updates-late', `${words}; the machine was just switched on, and they come within a day.`)
  if (age > 14 * day) return failed('updates-late', `${words}, although they should come every day.`)
  if (age > 4 * day) return warned('updates-late', `${words}, although they should come every day.`)
  return passed(`${words}.`)
}

/** Lines of the log of unattended-upgrades that tell of an error, of its last run. Pure. */
export function errorsInLog(log: string): string[] {
  const rows = log.split('\n')
  const begin = rows.findLastIndex(row => / INFO Starting unattended upgrades script/.test(row))
  return rows.slice(Math.max(0, begin)).filter(row => /^\S+ \S+ ERROR /.test(row))
}

const LISTS = '/var/lib/apt/periodic/update-success-stamp'
// Says only that it was tried: where the network was away or a key is not good, apt warns, goes on, and calls that well.
const LISTS_TRIED = '/var/lib/apt/periodic/update-stamp'
const UPGRADE = '/var/lib/apt/periodic/unattended-upgrades-stamp'
// By then apt has tried at least once to leave the first mark, which its settings tell it to.
const FIRST_MARK_MILLISECONDS = 3 * day

/** When the lists were fetched last: by the mark of success, or by the weaker one while there cannot be that. Pure. */
function listsFetched(stamps: ReadonlyMap<string, number>, now: number): number | null {
  const told = stamps.get(UPDATE_SETTINGS)
  const owed = told !== undefined && now - told > FIRST_MARK_MILLISECONDS
  return stamps.get(LISTS) ?? (owed ? null : (stamps.get(LISTS_TRIED) ?? null))
}

const FOLDER = '/var/lib/apt/lists'

/**
 * The sources whose lists apt has fetched and not believed, by the names in its folder `partial`: what it believes is moved
 * out of there, and what it does not stays until the next update. Pure.
 */
export const refusedIn = (names: readonly string[]): string[] =>
  names.flatMap(name => {
    const source = /^(.+)_(?:In)?Release(?:\.gpg|\.FAILED)?$/.exec(name)?.[1]
    return source === undefined ? [] : [source.replaceAll('_', '/')]
  })

/** The times in what `stat --format='%Y %n'` prints, by path, in Unix milliseconds. Pure. */
export const parseStamps = (output: string): ReadonlyMap<string, number> =>
  new Map(
    output.split('\n').flatMap(row => {
      const found = /^(\d+) (\/.*)$/.exec(row)
      return found === null ? [] : [[found[2] ?? '', Number(found[1]) * 1000] as const]
    }),
  )

async function look(scene: Scene): Promise<Finding> {
  const { attempt, root, now } = scene
  const marks = [LISTS, LISTS_TRIED, UPGRADE, UPDATE_SETTINGS, answersPath]
  const { stdout } = await attempt(['stat', '--format=%Y %n', ...marks], { quiet: true })
  const stamps = parseStamps(stdout)
  const up = Number.parseFloat(root.text('/proc/uptime') ?? '')
  if (Number.isNaN(up)) return failed('updates-late', 'How long this machine runs could not be found out.')
  const finding = judgeRuns({
    lists: listsFetched(stamps, now()),
    upgrade: stamps.get(UPGRADE) ?? null,
    setUp: stamps.get(answersPath) ?? null,
    boot: now() - up * 1000,
    now: now(),
  })
  if (finding.verdict !== 'pass') return finding
  const refused = refusedIn(root.list(`${FOLDER}/partial`))
  // While it fetches, everything is there for a moment.
  if (refused.length > 0 && !(await isHeld([`${FOLDER}/lock`], scene)))
    return warned('updates-refused', `apt has not believed the lists of ${refused.join(', ')}.`, refused)
  const errors = errorsInLog(root.text('/var/log/unattended-upgrades/unattended-upgrades.log') ?? '')
  if (errors.length === 0) return finding
  return warned('updates-failing', `The last one ended with an error: ${errors.at(-1)}`, errors.slice(-10))
}

export const lastRun: Check = {
  id: 'updates-last',
  section: 'updates',
  title: 'Updates came lately',
  how: 'Looks when apt has fetched its lists and believed them, when unattended-upgrades was through, and at its log.',
  seconds: 10,
  run: look,
}
