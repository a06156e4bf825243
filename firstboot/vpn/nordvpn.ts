import { isIPv4 } from 'node:net'
import * as z from 'zod/mini'
import { looksLikeWireguardKey } from '../answers/rules/vpn.ts'
import { Secret } from '../answers/secret.ts'

// NordVPN's interface is not documented; addresses, fields and codes are those that its own Linux client uses
// (https://github.com/NordSecurity/nordvpn-linux).
const API = 'https://api.nordvpn.com/v1'

/** One server of the VPN that a tunnel can lead to. */
export interface VpnServer {
  /** As in `se123.nordvpn.com`. */
  readonly hostname: string
  /** Its IPv4 address. */
  readonly station: string
  /** WireGuard's public key of it. */
  readonly publicKey: string
  /** English name. */
  readonly country: string
  readonly city: string
}

/** A country that NordVPN has servers in. */
export interface Country {
  readonly id: number
  readonly name: string
  /** Two letters of ISO 3166. */
  readonly code: string
}

/** Where NordVPN sees somebody, and whether it is behind one of its own servers. */
export interface Insights {
  readonly ip: string
  readonly country: string
  readonly protected: boolean
}

/** Addresses of the interface. */
export const nordUrls = {
  credentials: `${API}/users/services/credentials`,
  countries: `${API}/servers/countries`,
  insights: `${API}/helpers/ips/insights`,
  /** The best servers right now; `country` is NordVPN's number of it, `p2p` leaves only servers for file sharing. */
  recommendations: ({ country, p2p }: { readonly country: number | null; readonly p2p: boolean }): string =>
    [
      `${API}/servers/recommendations?filters[servers_technologies][identifier]=wireguard_udp`,
      p2p ? '&filters[servers_groups][identifier]=legacy_p2p' : '',
      country === null ? '' : `&filters[country_id]=${country}`,
      '&limit=5',
    ].join(''),
}

/** The header that an access token is given in, WITH THE TOKEN. */
export const authorization = (token: Secret): string =>
  `Basic ${Buffer.from(`token:${token.reveal()}`).toString('base64')}`

const json = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const Credentials = z.object({ nordlynx_private_key: z.string() })

/** The WireGuard key of an account; null when the answer has none, as for somebody without a subscription. Pure. */
export function parseKey(text: string): Secret | null {
  const { success, data } = Credentials.safeParse(json(text))
  if (!success) return null
  // It comes without the sign that fills the last group of four.
  const key = data.nordlynx_private_key.trim()
  const padded = key.length === 43 ? `${key}=` : key
  return looksLikeWireguardKey(padded) ? new Secret(padded) : null
}

const Technology = z.object({
  identifier: z.string(),
  metadata: z.optional(z.array(z.object({ name: z.string(), value: z.string() }))),
  pivot: z.optional(z.object({ status: z.optional(z.string()) })),
})
const Server = z.object({
  hostname: z.string(),
  station: z.string(),
  status: z.optional(z.string()),
  locations: z.array(
    z.object({ country: z.object({ name: z.string(), city: z.optional(z.object({ name: z.string() })) }) }),
  ),
  technologies: z.array(Technology),
})

/** The servers of a recommendation that can be used, best first; null when it is none. Pure. */
export function parseServers(text: string): VpnServer[] | null {
  const list = json(text)
  if (!Array.isArray(list)) return null
  return list.flatMap((each: unknown) => {
    const { success, data } = Server.safeParse(each)
    if (!success || !isIPv4(data.station) || (data.status ?? 'online') !== 'online') return []
    const wireguard = data.technologies.find(({ identifier }) => identifier === 'wireguard_udp')
    const publicKey = wireguard?.metadata?.find(({ name }) => name === 'public_key')?.value ?? ''
    if ((wireguard?.pivot?.status ?? 'online') !== 'online' || !looksLikeWireguardKey(publicKey)) return []
    const country = data.locations[0]?.country
    const { hostname, station } = data
    return [{ hostname, station, publicKey, country: country?.name ?? '', city: country?.city?.name ?? '' }]
  })
}

const Countries = z.array(z.object({ id: z.number(), name: z.string(), code: z.string() }))

/** The countries with servers; null when the answer is not understood. Pure. */
export const parseCountries = (text: string): Country[] | null => Countries.safeParse(json(text)).data ?? null

const Seen = z.object({ ip: z.string(), country: z.optional(z.nullable(z.string())), protected: z.boolean() })

/** Where NordVPN sees who has asked; null when the answer is not understood. Pure. */
export function parseInsights(text: string): Insights | null {
  const { success, data } = Seen.safeParse(json(text))
  return success ? { ip: data.ip, country: data.country ?? '', protected: data.protected } : null
}

const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/[^\p{L}]/gu, '')
    .toLowerCase()

/** The country that somebody means: by its English name or its two letters, whatever the case and the signs. Pure. */
export const findCountry = (countries: readonly Country[], name: string): Country | undefined =>
  countries.find(country => plain(country.name) === plain(name)) ??
  countries.find(country => plain(country.code) === plain(name))
