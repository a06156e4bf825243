import * as z from 'zod/mini'
import { conditionPath } from '../../vpn/supervisor/condition-file.ts'
import type { Check, Finding } from '../check.ts'
import { failed, nothing, passed, warned } from '../finding.ts'

const Known = z.looseObject({ state: z.string(), words: z.string(), at: z.number() })

const minute = 60_000
// One look may take two minutes, and mending is waited for.
const FRESH_MILLISECONDS = 5 * minute
const OLDEST_MILLISECONDS = 20 * minute

/**
 * Whether somebody looks after the tunnel: a service that runs, has looked lately, and has seen something. One that is blind
 * has proven nothing. `now` in Unix milliseconds. Pure.
 */
export function judgeWatch(isActive: boolean, condition: string | null, now: number): Finding {
  if (!isActive) return failed('vpn-unwatched', 'The service that heals the tunnel (mediaserver-vpn) does not run.')
  if (condition === null) return warned('vpn-unwatched', 'The service that heals the tunnel has not looked yet.')
  const known = Known.safeParse(parsed(condition)).data
  if (known === undefined) return warned('vpn-blind', 'What the service that heals the tunnel saw last cannot be read.')
  const age = now - known.at
  const last = `The service that heals the tunnel last looked ${Math.round(age / minute)} minutes ago`
  if (age > OLDEST_MILLISECONDS) return failed('vpn-unwatched', `${last}.`)
  if (age > FRESH_MILLISECONDS) return warned('vpn-blind', `${last}: it is mending, or it hangs.`)
  // It looks several times a minute, so that a clock that was set back is made good for at once.
  if (age < -minute)
    return warned('vpn-blind', 'The last look of the service that heals the tunnel is dated in the future.')
  if (known.state === 'unknown')
    return warned('vpn-blind', `The service that heals the tunnel sees nothing right now: ${known.words}`)
  return passed(`Looked ${Math.max(0, Math.round(age / 1000))} seconds ago: ${known.words}`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
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
