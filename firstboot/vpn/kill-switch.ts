import { isIPv4 } from 'node:net'
import { hashOf } from '../plan/hash.ts'

/** What the kill switch depends on. */
export interface KillSwitch {
  /** IPv4 addresses of the VPN's servers that the tunnel may talk to; none: nothing gets out at all. */
  readonly endpoints: readonly string[]
  /** Ports of this machine that only the local network may reach. */
  readonly lanPorts: readonly number[]
  /** Networks that this machine is in, as `192.168.1.0/24`, besides the private ranges that always count as local. */
  readonly connected: readonly string[]
}

/** The bridge that the container of the VPN is on, and what else has to talk to it; nothing leaves through it but the tunnel. */
export const VPN_BRIDGE = 'br-vpn'

/** The bridge that all other containers are on. */
export const MEDIA_BRIDGE = 'br-media'

/** UDP port of every server of the VPN. */
export const TUNNEL_PORT = 51820

/** Where the kill switch lies; its unit loads it before there is a network, and Docker does not start without it. */
export const killSwitchPath = '/etc/mediaserver/kill-switch.nft'

/**
 * What each counter of the kill switch counts, in packets. All but `tunnelled` were dropped. None is a word of nft(8), which
 * gets new ones: "tunnel" is one since nftables 1.1.7 at the latest.
 */
export const COUNTERS = {
  tunnelled: 'went into the tunnel',
  leak_dns: 'DNS beside the tunnel',
  leak_ipv4: 'IPv4 beside the tunnel',
  leak_ipv6: 'IPv6 beside the tunnel',
  to_host: 'from the network of the VPN to this machine itself',
  unasked: 'into the network of the VPN, and not from its server',
  wrong_door: 'with an address of another network',
  lan_only: 'from the internet to a port of the local network',
} as const

export type Counter = keyof typeof COUNTERS

// RFC 1918, RFC 3927, RFC 4193, RFC 4291, and this machine itself.
const PRIVATE_IPV4 = ['10.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16']
const PRIVATE_IPV6 = ['::1', 'fc00::/7', 'fe80::/10']

const isVersion4 = (prefix: string): boolean => isIPv4(prefix.split('/')[0] ?? '')

const elements = (values: readonly (string | number)[]): string =>
  values.length === 0 ? '' : ` elements = { ${values.join(', ')} };`

/**
 * The kill switch as one transaction of nft(8): it takes the place of the one before, and at no moment is there none.
 *
 * Everything is decided by the bridge that a packet comes from, not by its address: what leaves by the wrong door with the
 * address of the tunnel is a leak too. Established flows get no exemption, so a changed server cuts the old tunnel at once.
 * The priority is before that of Docker, and a drop is final whatever others accept.
 */
export const renderKillSwitch = (wanted: KillSwitch): string => rules(wanted, rulesId(wanted))

/**
 * Names the rules of a kill switch, whatever its servers are and whatever networks its machine is in; its table has an empty
 * chain of that name. Pure.
 */
export const rulesId = (wanted: KillSwitch): string =>
  `rules_${hashOf(rules({ ...wanted, endpoints: [], connected: [] }, '')).slice(0, 12)}`

/**
 * Names the networks that a kill switch was made for, in the same way. They are no part of the rules' name: many providers
 * give a home another network of IPv6 each night, and that is no change that anybody has made. Pure.
 */
export const networksId = ({ connected }: KillSwitch): string => `networks_${hashOf(connected).slice(0, 12)}`

/** How many rules a kill switch has, which is the same for all of them: one more or less in the kernel is a change. Pure. */
export const ruleCount = (wanted: KillSwitch): number =>
  // Rules stand two levels deep; so do what a chain is, and remarks.
  [...rules(wanted, '').matchAll(/^ {4}(?!type |#)\S/gm)].length

function rules(wanted: KillSwitch, id: string): string {
  const { endpoints, lanPorts, connected } = wanted
  const ipv4 = [...PRIVATE_IPV4, ...connected.filter(isVersion4)]
  const ipv6 = [...PRIVATE_IPV6, ...connected.filter(prefix => !isVersion4(prefix))]
  return `# Written by the media server. What you change here is lost; a table of your own is left alone.
table inet mediaserver
delete table inet mediaserver
table inet mediaserver {
  set endpoints { type ipv4_addr;${elements(endpoints)} }
  set lan_ports { type inet_service;${elements(lanPorts)} }
  set lan4 { type ipv4_addr; flags interval; auto-merge;${elements(ipv4)} }
  set lan6 { type ipv6_addr; flags interval; auto-merge;${elements(ipv6)} }

${Object.keys(COUNTERS)
  .map(name => `  counter ${name} { }`)
  .join('\n')}

  # Tell one version of these rules, and of the networks that are local, from another.
  chain ${id} { }
  chain ${networksId(wanted)} { }

  # The VPN's container, and whoever got onto its bridge. Containers there reach each other; bridges may show such packets.
  chain from_vpn {
    oifname "${VPN_BRIDGE}" accept
    ip daddr @endpoints udp dport ${TUNNEL_PORT} counter name tunnelled accept
    meta l4proto { tcp, udp } th dport { 53, 853 } counter name leak_dns drop
    meta nfproto ipv4 counter name leak_ipv4 drop
    counter name leak_ipv6 drop
  }

  chain to_vpn {
    ip saddr @endpoints udp sport ${TUNNEL_PORT} accept
    # A router on the way may say that a packet was too large for it.
    ip protocol icmp ct state related accept
    counter name unasked drop
  }

  chain lan_only {
    iifname "lo" return
    ip saddr @lan4 return
    ip6 saddr @lan6 return
    counter name lan_only drop
  }

  chain forwarded {
    type filter hook forward priority filter - 10; policy accept;
    iifname "${VPN_BRIDGE}" jump from_vpn
    oifname "${VPN_BRIDGE}" jump to_vpn
    # Nobody on the other bridge may pass on what comes from the VPN's.
    iifname "${MEDIA_BRIDGE}" meta nfproto ipv4 fib saddr . iif oif missing counter name wrong_door drop
    oifname "${MEDIA_BRIDGE}" ct direction original tcp dport @lan_ports jump lan_only
  }

  # Of what this machine itself offers, the VPN's bridge sees nothing; only answers to what this machine asks there pass.
  chain to_this_machine {
    type filter hook input priority filter - 10; policy accept;
    iifname "${VPN_BRIDGE}" ct state established ct direction reply accept
    iifname "${VPN_BRIDGE}" counter name to_host drop
  }

  # Before Docker sends published ports on to their containers.
  chain arriving {
    type filter hook prerouting priority mangle - 10; policy accept;
    ct direction original fib daddr type local tcp dport @lan_ports jump lan_only
  }
}
`
}

/** One transaction that lets the tunnel talk to these servers and no others, and leaves the counters as they are. */
export function renderEndpoints(endpoints: readonly string[]): string {
  const add = endpoints.length === 0 ? '' : `add element inet mediaserver endpoints { ${endpoints.join(', ')} }\n`
  return `flush set inet mediaserver endpoints\n${add}`
}
