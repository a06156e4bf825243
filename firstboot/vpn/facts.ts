import { lookup } from 'node:dns/promises'
import type { Site } from '../changes/change.ts'
import type { Get } from '../live-checks/https.ts'
import { type Insights, nordUrls, parseInsights } from './nordvpn.ts'
import { insideGate } from './supervisor/look.ts'

/** What WireGuard says of the tunnel. */
export interface TunnelFacts {
  /** Address and port of the server. */
  readonly endpoint: string
  /** Seconds since the server has answered; null when it never has, or when the clock was set back since. */
  readonly handshakeAge: number | null
  readonly receivedBytes: number
  readonly sentBytes: number
}

// A clock that is put right may go back by a moment.
const CLOCK_SECONDS = 1

/** Reads the line of the one peer from `wg show wg0 dump`, see wg(8); null when there is none. It holds no secret. Pure. */
export function parseTunnel(dump: string, nowSeconds: number): TunnelFacts | null {
  // The first line has the private key, and is passed over.
  const fields = dump.split('\n')[1]?.split('\t') ?? []
  const [, , endpoint, , handshake, received, sent] = fields
  if (endpoint === undefined || sent === undefined) return null
  const at = Number(handshake)
  return {
    endpoint,
    handshakeAge: at === 0 || at > nowSeconds + CLOCK_SECONDS ? null : Math.max(0, Math.round(nowSeconds - at)),
    receivedBytes: Number(received),
    sentBytes: Number(sent),
  }
}

/** What WireGuard says in the container whose first process this is; null when there is no tunnel. */
export async function tunnelFacts(pid: number, site: Site): Promise<TunnelFacts | null> {
  const { code, stdout } = await site.attempt(insideGate(pid, 'wg', 'show', 'wg0', 'dump'), { quiet: true })
  return code === 0 ? parseTunnel(stdout, Date.now() / 1000) : null
}

/** Where NordVPN sees this machine itself; null when it cannot be asked. */
export async function seenFromHome(get: Get): Promise<Insights | null> {
  const answer = await get(nordUrls.insights)
  return 'unreachable' in answer ? null : parseInsights(answer.text)
}

/**
 * Where NordVPN sees what is behind the tunnel; null when it cannot be asked, which proves nothing. The name is looked up
 * outside, and the question itself goes through the tunnel. Waits for so many seconds at most.
 */
export async function seenFromTunnel(pid: number, site: Site, seconds = 10): Promise<Insights | null> {
  const { hostname } = new URL(nordUrls.insights)
  const found = await lookup(hostname, { family: 4 }).catch(() => null)
  if (found === null) return null
  const curl = ['curl', '--silent', '--max-time', String(seconds), '--resolve', `${hostname}:443:${found.address}`]
  const enter = ['nsenter', '--target', String(pid), '--net', '--'] as const
  const { code, stdout } = await site.attempt([...enter, ...curl, nordUrls.insights], { quiet: true })
  return code === 0 ? parseInsights(stdout) : null
}

/** Everything about the tunnel that a person or a program may want to know; null is not known. */
export interface Facts {
  readonly state: string
  readonly words: string
  readonly server: string | null
  /** As it was wished; empty for the nearest. */
  readonly country: string | null
  readonly note: string
  readonly handshakeAge: number | null
  readonly receivedBytes: number | null
  readonly sentBytes: number | null
  readonly tunnelAddress: string | null
  readonly homeAddress: string | null
  /** Whether the two addresses differ; null when one of them is not known. */
  readonly hidden: boolean | null
  /** What the supervisor did last, and when in Unix milliseconds. */
  readonly lastRemedy: { readonly words: string; readonly at: number } | null
  /** Packets that were dropped since the kill switch was loaded, by its counters. */
  readonly dropped: Readonly<Record<string, number>>
}
