import { Secret } from '../../../../firstboot/answers/secret.ts'
import type { TunnelSeen } from '../../../../firstboot/verify/vpn/judge-tunnel.ts'
import { parseLinks } from '../../../../firstboot/verify/vpn/parse-ip.ts'
import type { VpnSettings } from '../../../../firstboot/vpn/settings.ts'

/** Made up for tests; opens nothing. */
export const KEY = 'QMTdFQkRvOkXnBTrJLUuCyq1ejJS8N5nVZ4o8tdtXmY='
export const OTHER_KEY = 'YIpcvuUp3Q3eRZhlnkdvT0LLtaaX4YKl5dR2kbCh5Eg='
const SERVER_KEY = 'kDXvcKAfuTdVmUnS3MHQRwF1Q5bPyQ5LI3EGgK4pR1A='

/** Settings of a tunnel to Sweden. */
export const settings: VpnSettings = {
  key: new Secret(KEY),
  source: 'x',
  country: 'Sweden',
  server: {
    hostname: 'se101.nordvpn.com',
    station: '198.51.100.51',
    publicKey: SERVER_KEY,
    country: 'Sweden',
    city: 'Stockholm',
  },
  others: [],
  note: '',
}

/** A moment in seconds of Unix time. */
export const NOW = 1_764_000_000

/** What `wg show wg0 dump` prints, see wg(8). */
export const dumpOf = ({
  key = KEY,
  peer = SERVER_KEY,
  endpoint = '198.51.100.51:51820',
  handshake = NOW - 40,
  received = 5000,
}: {
  key?: string
  peer?: string
  endpoint?: string
  handshake?: number | string
  received?: number
} = {}): string =>
  [
    [key, 'publickey', '41234', 'off'].join('\t'),
    [peer, '(none)', endpoint, '0.0.0.0/0', handshake, received, 900, '25'].join('\t'),
    '',
  ].join('\n')

/** What `ip -json link show` prints in the network of the tunnel. */
export const linksText = (wg0: readonly string[] | null = ['POINTOPOINT', 'NOARP', 'UP', 'LOWER_UP']): string =>
  JSON.stringify([
    { ifindex: 1, ifname: 'lo', flags: ['LOOPBACK', 'UP', 'LOWER_UP'] },
    {
      ifindex: 2,
      ifname: 'eth0',
      link_index: 12,
      flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
      link_netnsid: 0,
    },
    { ifindex: 5, ifname: 'sit0', link: null, flags: ['NOARP'] },
    ...(wg0 === null ? [] : [{ ifindex: 3, ifname: 'wg0', flags: wg0 }]),
  ])

/** A tunnel that is well. */
export const wellTunnel: TunnelSeen = {
  links: parseLinks(linksText()),
  dump: dumpOf(),
  settings,
  answered: null,
  wayOut: 'wg0',
  nowSeconds: NOW,
}
