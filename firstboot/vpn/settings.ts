import { createHash } from 'node:crypto'
import { isIPv4 } from 'node:net'
import * as z from 'zod/mini'
import { looksLikeWireguardKey } from '../answers/rules/vpn.ts'
import { Secret } from '../answers/secret.ts'
import { TUNNEL_PORT } from './kill-switch.ts'
import type { VpnServer } from './nordvpn.ts'

/** The tunnel of this machine: its key, where it leads, and where else it may. */
export interface VpnSettings {
  readonly key: Secret
  /** Which answer the key was made from, as `fingerprint` gives it. */
  readonly source: string
  /** The country that was wished; empty for the nearest. */
  readonly country: string
  readonly server: VpnServer
  /** Further servers, best first, for when nobody can be asked. */
  readonly others: readonly VpnServer[]
  /** What about the server is not as it was wished, in a sentence; mostly empty. */
  readonly note: string
}

/** Where the settings lie; only root may read them. */
export const vpnSettingsPath = '/etc/mediaserver/vpn.json'

/** What the container of the VPN is told, in a folder that it sees; only root may read it. */
export const tunnelPath = '/etc/mediaserver/tunnel/wg0.conf'

/** NordVPN's resolvers: they are asked through the tunnel, and nobody else is. */
export const VPN_RESOLVERS = ['103.86.96.100', '103.86.99.100'] as const

const Server = z.strictObject({
  hostname: z.string(),
  station: z.string().check(z.refine(isIPv4)),
  publicKey: z.string().check(z.refine(looksLikeWireguardKey)),
  country: z.string(),
  city: z.string(),
})
const Stored = z.strictObject({
  key: z.string().check(z.refine(looksLikeWireguardKey)),
  source: z.string(),
  country: z.string(),
  server: Server,
  others: z.array(Server),
  note: z.string(),
})

/** Settings from the text of their file; null for a damaged one. Pure. */
export function parseSettings(text: string): VpnSettings | null {
  try {
    const { key, ...rest } = Stored.parse(JSON.parse(text))
    return { ...rest, key: new Secret(key) }
  } catch {
    return null
  }
}

/** The text of the settings' file WITH THE KEY. Pure. */
export const renderSettings = ({ key, ...rest }: VpnSettings): string =>
  `${JSON.stringify({ key: key.reveal(), ...rest }, null, 2)}\n`

/** Tells answers apart without holding them. Pure. */
export const fingerprint = (credential: Secret): string =>
  createHash('sha256').update(`mediaserver vpn ${credential.reveal()}`).digest('hex').slice(0, 32)

/** The tunnel in the form of wg(8) setconf, WITH THE KEY. Its own address is always the same and stands elsewhere. Pure. */
export const renderTunnel = ({ key, server }: Pick<VpnSettings, 'key' | 'server'>): string =>
  [
    `# Written by the media server: ${server.hostname}`,
    '[Interface]',
    `PrivateKey = ${key.reveal()}`,
    '',
    '[Peer]',
    `PublicKey = ${server.publicKey}`,
    `Endpoint = ${server.station}:${TUNNEL_PORT}`,
    'AllowedIPs = 0.0.0.0/0',
    'PersistentKeepalive = 25',
    '',
  ].join('\n')

/** The same tunnel to another of its servers; those that were tried go to the end. Pure. */
export function withNextServer(settings: VpnSettings): VpnSettings {
  const [next, ...rest] = settings.others
  return next === undefined ? settings : { ...settings, server: next, others: [...rest, settings.server] }
}

/** A server in words. Pure. */
export const serverWords = ({ hostname, country, city }: VpnServer): string => {
  const place = [city, country].filter(part => part !== '').join(', ')
  return place === '' ? hostname : `${hostname} in ${place}`
}
