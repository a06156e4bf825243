import type { Check, Finding, Scene } from '../check.ts'
import { failed, passed, warned } from '../finding.ts'
import { parseStamps } from './last-run.ts'

/** What is known of the clock. */
export interface Clock {
  /** By systemd: whether it is kept right over the network at all, and whether it is now; null where that is not known. */
  readonly kept: boolean | null
  readonly right: boolean | null
  /** What servers on the internet say, in Unix milliseconds, and what this machine said at the same moment. */
  readonly others: readonly { readonly theirs: number; readonly ours: number; readonly name: string }[]
  /** The clock cannot be before this: then the system was made. Unix milliseconds; null where it is not known. */
  readonly notBefore: number | null
  readonly now: number
}

// A certificate, a code of two factors and a WireGuard session bear this much; a server's own answer takes some of it.
const MOST_OFF_MILLISECONDS = 60_000

/** Whether the clock is right, as far as that can be told. Pure. */
export function judgeClock({ kept, right, others, notBefore, now }: Clock): Finding {
  const day = new Date(now).toISOString().slice(0, 16).replace('T', ' ')
  if (notBefore !== null && now < notBefore)
    return failed('clock-wrong', `This machine believes that it is ${day} UTC, before its system was made.`)
  const offs = others.map(({ theirs, ours, name }) => ({ name, off: Math.round((ours - theirs) / 1000) }))
  const rows = offs.map(({ name, off }) => `${name}: ${off} seconds`)
  const wrong = offs.filter(({ off }) => Math.abs(off) * 1000 > MOST_OFF_MILLISECONDS)
  // One of several may be wrong itself, or speak through somebody in between.
  if (wrong.length > 0 && wrong.length * 2 > offs.length)
    return failed('clock-wrong', `The clock is ${offWords(wrong[0]?.off ?? 0)}, by what ${wrong[0]?.name} says.`, rows)
  const compared =
    offs.length === 0
      ? ''
      : `, at most ${Math.max(...offs.map(({ off }) => Math.abs(off)))} seconds off what servers say`
  if (kept === false) return warned('clock-not-kept', `Nothing keeps the clock right${compared}.`, rows)
  if (right === true) return passed(`It is kept right over the network${compared}.`)
  if (offs.length > 0 && wrong.length === 0)
    return passed(`No time server has answered since the start, but it is right${compared}.`, rows)
  return warned('clock-unknown', 'No time server has answered since the start, and nobody else could be asked.', rows)
}

const offWords = (off: number): string => {
  const amount = Math.abs(off)
  const size =
    amount < 7200
      ? `${Math.round(amount / 60)} minutes`
      : amount < 172_800
        ? `${Math.round(amount / 3600)} hours`
        : `${Math.round(amount / 86_400)} days`
  return `${size} ${off > 0 ? 'ahead' : 'behind'}`
}

/** The values in what `timedatectl show` prints. Pure. */
export function parseTimedate(output: string): { readonly kept: boolean | null; readonly right: boolean | null } {
  const value = (name: string): boolean | null => {
    const found = new RegExp(`^${name}=(yes|no)$`, 'm').exec(output)?.[1]
    return found === undefined ? null : found === 'yes'
  }
  return { kept: value('NTP'), right: value('NTPSynchronized') }
}

/** The time in the head of an answer over http; null for none. Pure. */
export function parseDate(head: string): number | null {
  const text = /^date:\s*(.+)$/im.exec(head)?.[1]
  const at = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(at) ? null : at
}

// Certificates are not looked at: with a clock that is wrong none is good, and nothing but the time is believed.
const SERVERS = ['api.nordvpn.com', 'plex.tv'] as const

// A file of the system that no program changes: it is as old as the package that it is from.
const SYSTEM_FILE = '/usr/lib/os-release'

async function look({ attempt, now }: Scene): Promise<Finding> {
  const asked = async (name: string) => {
    const argv = ['curl', '--silent', '--head', '--insecure', '--max-time', '8', `https://${name}/`] as const
    const { stdout } = await attempt(argv, { quiet: true })
    const theirs = parseDate(stdout)
    return theirs === null ? [] : [{ theirs, ours: now(), name }]
  }
  const shown = attempt(['timedatectl', 'show', '--property=NTP', '--property=NTPSynchronized'], { quiet: true })
  const others = (await Promise.all(SERVERS.map(asked))).flat()
  const made = parseStamps((await attempt(['stat', '--format=%Y %n', SYSTEM_FILE], { quiet: true })).stdout)
  return judgeClock({
    ...parseTimedate((await shown).stdout),
    others,
    notBefore: made.get(SYSTEM_FILE) ?? null,
    now: now(),
  })
}

export const clock: Check = {
  id: 'updates-clock',
  section: 'updates',
  title: 'The clock is right',
  how: 'Asks systemd whether a time server is followed, and compares with the time that servers on the internet tell.',
  seconds: 20,
  run: look,
}

/** Has the clock kept right again; gives what was done. */
export async function keepClock({ attempt }: Scene): Promise<string> {
  const on = await attempt(['timedatectl', 'set-ntp', 'true'])
  const { code, stderr } = on.code === 0 ? await attempt(['systemctl', 'restart', 'systemd-timesyncd.service']) : on
  if (code !== 0) throw new Error(`The clock cannot be kept right: ${stderr.trim().split('\n')[0] ?? ''}`)
  return 'The clock is set over the network again; that takes up to a minute.'
}
