import type { Secret } from '../../answers/secret.ts'
import { parseTunnel } from '../../vpn/facts.ts'
import { TUNNEL_PORT } from '../../vpn/kill-switch.ts'
import { serverWords, type VpnSettings } from '../../vpn/settings.ts'
import { TUNNEL } from '../../wiring/tunnel.ts'
import type { Finding } from '../check.ts'
import { failed, passed } from '../finding.ts'
import type { Link } from './parse-ip.ts'

/** What is known of the tunnel. */
export interface TunnelSeen {
  /** Interfaces in the network of the VPN container. */
  readonly links: readonly Link[]
  /** What `wg show wg0 dump` prints; null when it does not. HOLDS THE KEY. */
  readonly dump: string | null
  readonly settings: VpnSettings | null
  /** The key that was answered; null when it was made from a token that was forgotten. */
  readonly answered: Secret | null
  /** Where a packet into the internet would leave the container. */
  readonly wayOut: string | null
  readonly nowSeconds: number
}

// WireGuard makes new keys every two minutes, and gives a session up after three.
const OLDEST_SECONDS = 190
const CLOCK_SECONDS = 60

/** Whether the tunnel is up, leads where it should with the right key, and its server answers. Pure; no key is in its words. */
export function judgeTunnel({ links, dump, settings, answered, wayOut, nowSeconds }: TunnelSeen): Finding {
  if (settings === null) return failed('vpn-no-settings', 'The settings of the tunnel are missing or damaged.')
  const link = links.find(({ name }) => name === TUNNEL)
  if (link === undefined) return failed('vpn-no-interface', `There is no tunnel interface ${TUNNEL}.`)
  if (!link.up) return failed('vpn-no-interface', `The tunnel interface ${TUNNEL} is down.`)
  if (dump === null) return failed('vpn-unknown', 'WireGuard does not say how the tunnel is.')
  const [own = '', peer = ''] = dump.split('\n')
  const [key] = own.split('\t')
  const [publicKey, , , , handshake] = peer.split('\t')
  const seen = parseTunnel(dump, nowSeconds)
  const server = serverWords(settings.server)
  if (seen === null) return failed('vpn-wrong-settings', 'The tunnel leads nowhere: it has no server.')
  if (key !== settings.key.reveal() || (answered !== null && key !== answered.reveal()))
    return failed('vpn-wrong-key', 'The tunnel uses another key than the one that was set up.')
  const endpoint = `${settings.server.station}:${TUNNEL_PORT}`
  if (seen.endpoint !== endpoint || publicKey !== settings.server.publicKey)
    return failed(
      'vpn-wrong-settings',
      `The tunnel leads to ${seen.endpoint}, and should lead to ${endpoint} (${server}).`,
    )
  if (wayOut !== TUNNEL)
    return failed(
      'vpn-wrong-way',
      `Packets do not go into the tunnel, but ${wayOut === null ? 'nowhere' : `by ${wayOut}`}.`,
    )
  const { handshakeAge: age, receivedBytes, sentBytes } = seen
  const detail = [`server: ${server}, ${endpoint}`, `${receivedBytes} bytes received, ${sentBytes} sent`]
  // By a clock that was set back, a dead tunnel would look alive for as long.
  if (Number(handshake) > nowSeconds + CLOCK_SECONDS)
    return failed(
      'vpn-unknown',
      'The server has answered at a time that is still to come: the clock was changed.',
      detail,
    )
  if (age === null) return failed('vpn-no-handshake', `${server} has never answered.`, detail)
  if (!(age <= OLDEST_SECONDS))
    return failed('vpn-no-handshake', `${server} has not answered for ${age} seconds.`, detail)
  return passed(`It leads to ${server}, which answered ${age} seconds ago.`, detail)
}
