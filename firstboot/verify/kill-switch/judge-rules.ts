import type { KillSwitch } from '../../vpn/kill-switch.ts'
import type { Finding } from '../check.ts'
import { failed, passed, warned } from '../finding.ts'

/** What the kernel has, and what it should have. */
export interface RulesSeen {
  readonly wanted: KillSwitch
  /** The table as `nft -s list table` shows it; null when there is none. */
  readonly inForce: string | null
  /** The table that is wanted, shown by the same program; null when it could not be shown. */
  readonly shown: string | null
}

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && line !== '}')

// What depends on the networks that the machine is in, and the chain that names them.
const NETWORKS = /^(?:set lan[46]|chain (networks_\w+)) \{/

/** Which networks a table was made for, and all of it that does not depend on them. */
function apart(text: string): { networks: string | undefined; others: string } {
  const others: string[] = []
  let networks: string | undefined
  let inside = false
  for (const line of text.split('\n').map(each => each.trim())) {
    const found = NETWORKS.exec(line)
    networks = found?.[1] ?? networks
    inside ||= found !== null
    if (!inside) others.push(line)
    if (line === '}') inside = false
  }
  return { networks, others: others.join('\n').trim() }
}

// Whoever adds a network to those that count as local leaves their name as it is.
function isElsewhere(inForce: string, shown: string): boolean {
  const [is, should] = [apart(inForce), apart(shown)]
  return is.networks !== undefined && is.networks !== should.networks && is.others === should.others
}

/** Whether the kill switch in the kernel is, rule by rule, the one that is wanted. Pure. */
export function judgeRules({ wanted, inForce, shown }: RulesSeen): Finding {
  if (inForce === null) return failed('kill-switch-off', 'There is no kill switch in the kernel.')
  if (shown === null) return failed('kill-switch-unknown', 'What the kill switch should be could not be made out.')
  if (inForce.trim() === shown.trim()) {
    const where = wanted.endpoints.length === 0 ? 'nobody' : wanted.endpoints.join(', ')
    return passed(`All ${lines(inForce).length} lines are as they should be; only a tunnel to ${where} may pass.`)
  }
  const [is, should] = [lines(inForce), lines(shown)]
  const added = is.filter(line => !should.includes(line)).map(line => `not ours: ${line}`)
  const missing = should.filter(line => !is.includes(line)).map(line => `missing: ${line}`)
  const detail = [...added, ...missing]
  if (isElsewhere(inForce, shown))
    return warned(
      'kill-switch-networks',
      'This machine has come into another network, and the kill switch does not know it yet.',
      detail,
    )
  const first = detail[0] ?? 'its rules are in another order'
  return failed('kill-switch-changed', `The kill switch in the kernel was changed: ${first}.`, detail)
}
