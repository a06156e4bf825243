import type { Packet } from '../internet/capture.ts'
import { PLAIN_PLEX_TV, WEB } from '../internet/names.ts'
import { CLIENT, ROUTER } from '../internet/internet.ts'

// What the machine itself asks the web for, and what Prowlarr asks its feed; NTP and DNS by UDP.
const WEB_PORTS = [80, 443, PLAIN_PLEX_TV, 9117]
const PLEX_PORT = 32_400
const TUNNEL_PORT = 51_820
const GROUPS = '224.0.0.'

/**
 * Whether a packet that comes from the machine under test is one that it may send: within the home, from a page that is open
 * to the world, what the system itself asks for, or into the tunnel. Everything else is a leak, whoever sent it; a torrent
 * client has no reason for any of these.
 */
export function isOrdinary(packet: Packet, stations: readonly string[]): boolean {
  const { kind, source, destination, protocol, sourcePort, port, refuses } = packet
  if (kind === 'arp') return true
  if (kind === 'ipv6') return isLinkLocal(source) && isLinkLocal(destination)
  if (kind !== 'ipv4') return false
  if (source === '0.0.0.0')
    return destination.startsWith(GROUPS) || (destination === '255.255.255.255' && protocol === 'udp' && port === 67)
  if (source !== CLIENT) return false
  if (destination === '255.255.255.255') return protocol === 'udp' && port === 67
  // To everybody on the cable: names and groups.
  if (destination.startsWith(GROUPS)) return true
  if (destination === ROUTER) return true
  // A server that talks to a tunnel that was just taken down is told so.
  if (stations.includes(destination)) return (protocol === 'udp' && port === TUNNEL_PORT) || refuses === TUNNEL_PORT
  if (destination !== WEB) return false
  if (protocol === 'udp') return port === 123
  return protocol === 'tcp' && (WEB_PORTS.includes(port) || sourcePort === PLEX_PORT)
}

// fe80::/10, groups of the cable, and the address that one has before one has an address; written without abbreviations.
const isLinkLocal = (address: string): boolean => /^(fe[89ab][0-9a-f]:|ff02:|(0:){7}0$)/.test(address)
