import * as z from 'zod/mini'
import { conditionPath } from '../../vpn/supervisor/condition-file.ts'
import type { Check, Finding } from '../check.ts'
import { failed, nothing, passed, warned } from '../finding.ts'

const Known = z.looseObject({ state: z.string(), words: z.string(), at: z.number() })

// One look may take two minutes, and mending is waited for.
const OLDEST_MILLISECONDS = 20 * 60_000

/** Whether somebody looks after the tunnel: a service that runs, and has looked lately. `now` in Unix milliseconds. Pure. */
export function judgeWatch(isActive: boolean, condition: string | null, now: number): Finding {
  if (!isActive) return failed('vpn-unwatched', 'The service that heals the tunnel (mediaserver-vpn) does not run.')
  const known = Known.safeParse(parsed(condition)).data
  if (known === undefined) return warned('vpn-unwatched', 'The service that heals the tunnel has not looked yet.')
  const age = now - known.at
  if (age > OLDEST_MILLISECONDS)
    return failed(
      'vpn-unwatched',
      `The service that heals the tunnel last looked ${Math.round(age / 60_000)} minutes ago.`,
    )
  // A clock that was set back makes it seem to come.
  return passed(`Looked ${Math.max(0, Math.round(age / 1000))} seconds ago: ${known.words}`)
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}

/** The supervisor is at work. */
export const watch: Check = {
  id: 'vpn-watch',
  section: 'VPN',
  title: 'A dead tunnel is healed',
  how: 'Asks systemd whether the supervisor runs, and reads when it has looked last.',
  seconds: 10,
  run: async ({ answers, attempt, root, now }) => {
    if (answers.vpn === null) return nothing('There is no VPN on this machine.')
    const { code } = await attempt(['systemctl', '--quiet', 'is-active', 'mediaserver-vpn.service'])
    return judgeWatch(code === 0, root.text(conditionPath), now())
  },
}
