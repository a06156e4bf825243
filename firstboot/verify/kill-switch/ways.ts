import { TUNNEL_PORT } from '../../vpn/kill-switch.ts'
import type { Knock } from '../knock.ts'

/** The address that the container of the VPN has inside of the tunnel, see `up.sh` of the image's container. */
export const TUNNEL_ADDRESS = '10.5.0.2'

// RFC 5737 and RFC 3849: addresses for examples, that belong to nobody. Whether a packet gets out is seen on this machine.
const SOMEBODY = '192.0.2.1'
const SOMEBODY6 = '2001:db8::1'

/** Every way out that a torrent client could find. `gateway` is the address of this machine on the bridge of the VPN. Pure. */
export const waysOut = (gateway: string, endpoints: readonly string[]): readonly Knock[] => [
  { protocol: 'tcp', to: SOMEBODY, port: 443 },
  { protocol: 'tcp', to: SOMEBODY, port: 6881 },
  { protocol: 'udp', to: SOMEBODY, port: 6881 },
  { protocol: 'udp', to: SOMEBODY, port: TUNNEL_PORT },
  { protocol: 'udp', to: SOMEBODY, port: 53 },
  { protocol: 'tcp', to: SOMEBODY, port: 53 },
  { protocol: 'tcp', to: SOMEBODY, port: 853 },
  // The server of the tunnel, by any other door than that of the tunnel.
  ...endpoints.flatMap((to): Knock[] => [
    { protocol: 'udp', to, port: 6881 },
    { protocol: 'tcp', to, port: TUNNEL_PORT },
  ]),
  { protocol: 'tcp', to: SOMEBODY6, port: 443 },
  { protocol: 'udp', to: SOMEBODY6, port: 53 },
  { protocol: 'udp', to: gateway, port: 53 },
  { protocol: 'tcp', to: gateway, port: 22 },
  { protocol: 'tcp', to: SOMEBODY, port: 443, from: TUNNEL_ADDRESS },
  { protocol: 'udp', to: SOMEBODY, port: 53, from: TUNNEL_ADDRESS },
]

/** Whether this machine itself would know a way for the packets of a trial; asked of ip(8). */
export const wayOutArguments = ['ip', '-4', 'route', 'get', SOMEBODY] as const
