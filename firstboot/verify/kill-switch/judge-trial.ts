import { COUNTERS, type Counter } from '../../vpn/kill-switch.ts'
import type { Finding } from '../check.ts'
import { failed, passed, warned } from '../finding.ts'
import { KINDS, type Counted, type Kind } from './probe-table.ts'
import type { Trial } from './try-out.ts'

const kinds = Object.keys(KINDS) as readonly Kind[]
const sum = (counts: readonly (number | undefined)[]): number =>
  counts.reduce<number>((all, each) => all + (each ?? 0), 0)
const packets = (count: number): string => `${count} ${count === 1 ? 'packet' : 'packets'}`
// What does not belong to the forwarding of IPv4 may be stopped by the kernel itself, before any rule sees it.
const SURE: readonly Kind[] = ['dns', 'ipv4', 'host']
const DROPS = ['leak_dns', 'leak_ipv4', 'leak_ipv6', 'to_host', 'wrong_door'] as const satisfies readonly Counter[]

/**
 * What a trial proves. Nothing may have passed; what was tried must have come to the bridge, or it was no trial; and the
 * kill switch itself must have counted it, or something else has stopped it this time. Pure.
 */
export function judgeTrial({ ways, tried, passed: out, rise, outcomes, wayOut, ipv6Off }: Trial): Finding {
  const all = sum(Object.values(tried))
  const escaped = kinds.filter(kind => out[kind] > 0)
  const dropped = rise === null ? 0 : sum(DROPS.map(name => rise[name]))
  const detail = [
    ...kinds.map(kind => `${KINDS[kind]}: ${packets(tried[kind])} tried, ${out[kind]} let pass`),
    ...(rise === null
      ? ['There is no kill switch that could count.']
      : DROPS.map(name => `counter ${name} (${COUNTERS[name]}): ${rise[name] ?? 0} more`)),
    ...(ipv6Off ? ['This machine takes no IPv6 at all from the network of the VPN.'] : []),
  ]
  if (escaped.length > 0) {
    const what = escaped.map(kind => KINDS[kind]).join(', ')
    return failed('kill-switch-leaks', `It lets pass: ${what} (${sum(Object.values(out))} of ${packets(all)}).`, detail)
  }
  if (outcomes.includes('answer'))
    return failed('kill-switch-leaks', 'Somebody has answered a program that has no tunnel.', detail)
  if (rise === null)
    return failed('kill-switch-off', `There is no kill switch that could have stopped the ${packets(all)}.`, detail)
  const missing = kinds.filter(kind => tried[kind] === 0 && !(kind === 'ipv6' && ipv6Off))
  if (missing.length > 0) {
    const what = missing.map(kind => KINDS[kind]).join(', ')
    return warned('kill-switch-untried', `Nothing is proven: ${what} never came to the network of the VPN.`, detail)
  }
  if (dropped < sureOf(tried)) {
    const words = `It has stopped ${dropped} of ${packets(all)} that were tried`
    if (!wayOut)
      return warned('kill-switch-untried', `${words}; this machine has no way into the internet right now.`, detail)
    return failed('kill-switch-leaks', `${words}; something else has stopped the others this time.`, detail)
  }
  return passed(`Without the tunnel, ${packets(all)} of ${ways} kinds got nowhere; it has counted ${dropped}.`, detail)
}

const sureOf = (tried: Counted): number => sum(SURE.map(kind => tried[kind]))
