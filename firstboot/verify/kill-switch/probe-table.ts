import * as z from 'zod/mini'
import { VPN_BRIDGE } from '../../vpn/kill-switch.ts'
import { TUNNEL_ADDRESS } from './ways.ts'

/** What packets of a trial are told apart by, with what it is called when one gets out. */
export const KINDS = {
  dns: 'DNS',
  ipv4: 'IPv4',
  ipv6: 'IPv6',
  disguised: 'IPv4 with the address of the tunnel',
  host: 'what this machine offers itself',
} as const

export type Kind = keyof typeof KINDS

/** Packets by kind. */
export type Counted = Readonly<Record<Kind, number>>

/** The name of the table that counts a trial. */
export const PROBE_TABLE = 'mediaserver_probe'

/** The hardware address that the packets of a trial are known by; nobody else has it. */
export const PROBE_ADDRESS = '02:6d:73:70:72:6f'

const kinds = Object.keys(KINDS) as readonly Kind[]

/**
 * A table of nft(8) beside the kill switch. It counts what a probe sends where that comes in, and what of it is still there
 * when all rules of everybody have let it pass. That much is a leak, and it is thrown away here: not even a machine without a
 * kill switch sends any of it to anybody. It sees nothing of what does not come from the probe. Pure.
 */
export function renderProbeTable(): string {
  const sorted = (stage: 'tried' | 'passed', verdict: 'return' | 'drop') => {
    const counter = (kind: Kind) => `counter name ${stage}_${kind} ${verdict}`
    return `  chain ${stage} {
    ip saddr ${TUNNEL_ADDRESS} ${counter('disguised')}
    meta nfproto ipv4 fib daddr type local ${counter('host')}
    meta nfproto ipv4 meta l4proto { tcp, udp } th dport { 53, 853 } ${counter('dns')}
    meta nfproto ipv4 ${counter('ipv4')}
    # What IPv6 says to its neighbours goes nowhere.
    ip6 daddr 2000::/3 ${counter('ipv6')}
  }
`
  }
  return `table inet ${PROBE_TABLE}
delete table inet ${PROBE_TABLE}
table inet ${PROBE_TABLE} {
${kinds.flatMap(kind => [`  counter tried_${kind} { }`, `  counter passed_${kind} { }`]).join('\n')}

${sorted('tried', 'return')}
${sorted('passed', 'drop')}
  chain come_in {
    type filter hook prerouting priority -450; policy accept;
    iifname "${VPN_BRIDGE}" ether saddr ${PROBE_ADDRESS} jump tried
  }

  chain passed_on {
    type filter hook forward priority 900; policy accept;
    ether saddr ${PROBE_ADDRESS} jump passed
  }

  chain taken_in {
    type filter hook input priority 900; policy accept;
    ether saddr ${PROBE_ADDRESS} jump passed
  }
}
`
}

// What nft(8) prints with -j, see libnftables-json(5).
const Listed = z.object({
  nftables: z.array(z.looseObject({ counter: z.optional(z.object({ name: z.string(), packets: z.number() })) })),
})

/** What the table has counted, from `nft -j list counters`. Throws when a counter is missing. Pure. */
export function parseProbeCounters(text: string): { readonly tried: Counted; readonly passed: Counted } {
  const { nftables } = Listed.parse(JSON.parse(text))
  const packets = new Map(nftables.flatMap(({ counter }) => (counter ? [[counter.name, counter.packets]] : [])))
  const of = (stage: string): Counted =>
    Object.fromEntries(
      kinds.map(kind => {
        const count = packets.get(`${stage}_${kind}`)
        if (count === undefined) throw new Error(`The trial does not count ${stage}_${kind}.`)
        return [kind, count]
      }),
    ) as Record<Kind, number>
  return { tried: of('tried'), passed: of('passed') }
}
