import type { Ended } from '../../run.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { failed, passed, warned } from '../finding.ts'
import { isHeld } from './locks.ts'

/** How dpkg is asked: the state of each package in three letters, and its name; see Status-Abbrev in dpkg-query(1). */
const ASK = ['dpkg-query', '--show', '--showformat=${db:Status-Abbrev}|${Package}\n'] as const

/**
 * What it says: a state like `ii ` is whole, `rc ` is removed; H, U, F, W and t are in between, and R is an error. While
 * dpkg is at work (`busy`), what is in between is on its way. Pure.
 */
export function judgePackages({ code, stdout, stderr }: Ended, busy = false): Finding {
  if (code === null) return failed('packages-broken', 'dpkg could not be asked.')
  const rows = stdout.split('\n').flatMap(row => {
    const [, state = '', name = ''] = /^([a-z][a-zA-Z].)\|(\S+)$/.exec(row) ?? []
    return name === '' ? [] : [{ state, name }]
  })
  const half = rows
    .filter(({ state }) => !/^.[inc]\s$/.test(state))
    .map(({ name, state }) => `${name} (${state.trim()})`)
  const some = half.slice(0, 5).join(', ')
  if (half.length > 0)
    return busy
      ? warned('packages-busy', `${half.length} packages are being updated now: ${some}`, half)
      : failed('packages-broken', `${half.length} packages are installed only half: ${some}`, half)
  const whole = rows.filter(({ state }) => /^.i\s$/.test(state)).length
  if (code === 0 && whole > 0) return passed(`All ${whole} packages are installed completely.`)
  if (busy) return warned('packages-busy', 'Packages are being updated now, and dpkg does not tell how they are.')
  return failed('packages-broken', `dpkg cannot read what is installed: ${stderr.trim() || 'it said nothing'}`)
}

// dpkg holds the one while it works, and whoever calls it several times in a row holds the other; see apt's locking.
const LOCKS = ['/var/lib/dpkg/lock-frontend', '/var/lib/dpkg/lock'] as const

async function look(scene: Scene): Promise<Finding> {
  const lines: string[] = []
  // It may begin or end while dpkg is asked.
  const before = await isHeld(LOCKS, scene)
  const ended = await scene.attempt(ASK, { quiet: true, onLine: line => void lines.push(line) })
  const whole = lines.length > 0 ? { ...ended, stdout: lines.join('\n') } : ended
  return judgePackages(whole, before || (await isHeld(LOCKS, scene)))
}

export const packages: Check = {
  id: 'updates-packages',
  section: 'updates',
  title: 'No update stopped half way',
  how: 'Asks dpkg for the state of every package.',
  seconds: 30,
  run: look,
}

/** Goes on with what was stopped; gives what was done. */
export async function goOn({ attempt }: Scene): Promise<string> {
  const argv = ['dpkg', '--force-confold', '--configure', '--pending'] as const
  const { code, stderr } = await attempt(['env', 'DEBIAN_FRONTEND=noninteractive', ...argv])
  if (code !== 0) throw new Error(`dpkg could not go on: ${stderr.trim().split('\n').at(-1) ?? ''}`)
  return 'The packages that were half installed are installed now.'
}
