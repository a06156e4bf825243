import * as z from 'zod/mini'
import type { NetworkInterface } from '../machine.ts'

// The fields that are used of `ip -j addr` (iproute2).
const IpAddr = z.array(
  z.object({
    ifname: z.optional(z.string()),
    link_type: z.optional(z.string()),
    address: z.optional(z.string()),
    operstate: z.optional(z.string()),
    flags: z.optional(z.array(z.string())),
    addr_info: z.optional(z.array(z.object({ local: z.optional(z.string()), scope: z.optional(z.string()) }))),
  }),
)

// Interfaces that the kernel or a program makes without a card behind them.
const made = /^(ifb|dummy|veth|docker|br-|virbr|sit|tunl|ip6tnl|gre|erspan|teql)/

/** Interfaces with an address for other machines from the text of `ip -j addr`; the loopback is left out. */
export function parseIpAddr(text: string): NetworkInterface[] {
  return IpAddr.parse(JSON.parse(text))
    .filter(item => item.ifname !== undefined && item.link_type !== 'loopback' && !made.test(item.ifname))
    .map(item => ({
      name: item.ifname ?? '',
      mac: item.address ?? '',
      up: item.operstate === 'UP' || (item.flags ?? []).includes('LOWER_UP'),
      addresses: (item.addr_info ?? []).flatMap(info => (info.scope === 'global' && info.local ? [info.local] : [])),
    }))
}
