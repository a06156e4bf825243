import type { Check, Finding } from '../check.ts'
import { failed, passed } from '../finding.ts'
import { killSwitchPath } from '../../vpn/kill-switch.ts'

const UNIT = 'mediaserver-killswitch.service'

/** What systemd says of the unit that loads the kill switch, and of Docker. */
export interface BootSeen {
  /** Text of `systemctl show` of both, one block after the other. */
  readonly shown: string
  /** The rules that are loaded when the machine starts; null when there are none. */
  readonly file: string | null
}

/** Whether the kill switch is there before Docker whenever the machine starts. Pure. */
export function judgeBoot({ shown, file }: BootSeen): Finding {
  const [unit = '', docker = ''] = shown.trim().split(/\n\s*\n/)
  const value = (block: string, property: string) => new RegExp(`^${property}=(.*)$`, 'm').exec(block)?.[1] ?? ''
  if (file === null || !file.includes('table inet mediaserver'))
    return failed('kill-switch-not-kept', `There are no rules in ${killSwitchPath}, so the next start would have none.`)
  if (value(unit, 'UnitFileState') !== 'enabled')
    return failed('kill-switch-not-kept', `${UNIT} is not switched on for the next start.`)
  if (value(unit, 'ActiveState') !== 'active')
    return failed(
      'kill-switch-not-kept',
      `${UNIT} did not do its work at this start (${value(unit, 'ActiveState') || 'unknown'}).`,
    )
  const needed = [value(docker, 'Requires'), value(docker, 'BindsTo')].join(' ').split(' ')
  if (!needed.includes(UNIT) || !value(docker, 'After').split(' ').includes(UNIT))
    return failed('kill-switch-not-kept', 'Docker would start without the kill switch.')
  return passed('It is loaded at each start before Docker, and Docker does not start without it.')
}

/** The kill switch is there from the first moment on. */
export const boot: Check = {
  id: 'kill-switch-boot',
  section: 'kill switch',
  title: 'It is there before Docker starts',
  how: 'Asks systemd for the unit that loads it, and whether Docker needs that.',
  seconds: 10,
  run: async ({ attempt, root }) => {
    const properties = '--property=UnitFileState,ActiveState,Requires,BindsTo,After'
    const { stdout } = await attempt(['systemctl', 'show', properties, UNIT, 'docker.service'], { quiet: true })
    return judgeBoot({ shown: stdout, file: root.text(killSwitchPath) })
  },
}
