import type { Ended } from '../../run.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { failed, passed } from '../finding.ts'

/** The settings in what `apt-config dump` prints, by name. Pure. */
export function parseAptConfig(output: string): ReadonlyMap<string, string> {
  return new Map(
    output.split('\n').flatMap(line => {
      const found = /^([A-Za-z0-9:_-]+) "(.*)";$/.exec(line.trim())
      return found === null ? [] : [[found[1] ?? '', found[2] ?? ''] as const]
    }),
  )
}

const TIMERS = ['apt-daily.timer', 'apt-daily-upgrade.timer'] as const

// One line for each: its name, whether it is loaded, and whether it is active.
const LIST = ['systemctl', 'list-units', '--all', '--plain', '--no-legend', '--no-pager', '--full', ...TIMERS] as const

/** Whether security updates come by themselves. Pure; the texts are of apt-config and `systemctl list-units`. */
export function judgeAutomatic(config: Ended, timers: Ended): Finding {
  const settings = parseAptConfig(config.stdout)
  if (config.code !== 0 || settings.size === 0) return failed('updates-off', 'apt could not be asked for its settings.')
  for (const name of [
    'APT::Periodic::Update-Package-Lists',
    'APT::Periodic::Unattended-Upgrade',
    'APT::Periodic::Enable',
  ]) {
    const value = settings.get(name) ?? (name.endsWith('::Enable') ? '1' : '0')
    if (value === '0' || value === '')
      return failed('updates-off', `They are switched off: ${name} is ${value || 'empty'}.`)
  }
  const rows = timers.stdout.split('\n').map(row => row.trim().split(/\s+/))
  const dead = TIMERS.filter(timer => !rows.some(([unit, , state]) => unit === timer && state === 'active'))
  if (dead.length > 0) return failed('updates-off', `Nothing starts them: ${dead.join(' and ')} does not run.`)
  return passed('apt looks for them every day, and unattended-upgrades installs them.')
}

export const automatic: Check = {
  id: 'updates-automatic',
  section: 'updates',
  title: 'Security updates by themselves',
  how: 'Asks apt for its settings, and systemd for the timers that start the updates.',
  seconds: 15,
  async run({ attempt }: Scene) {
    const lines: string[] = []
    const config = await attempt(['apt-config', 'dump', '--no-empty', 'APT::Periodic'], {
      quiet: true,
      onLine: line => void lines.push(line),
    })
    const timers = await attempt(LIST, { quiet: true })
    return judgeAutomatic(lines.length > 0 ? { ...config, stdout: lines.join('\n') } : config, timers)
  },
}

/** Switches them on again; gives what was done. */
export async function switchUpdatesOn({ attempt }: Scene): Promise<string> {
  await attempt(['systemctl', 'unmask', ...TIMERS])
  const { code, stderr } = await attempt(['systemctl', 'enable', '--now', ...TIMERS])
  if (code !== 0) throw new Error(`The timers could not be started: ${stderr.trim().split('\n')[0] ?? ''}`)
  return 'The timers of the updates were started; what apt itself is told comes with "sudo mediaserver apply".'
}
