import { describe, expect, test } from 'vitest'
import type { Packet } from '../../internet/capture.ts'
import { CLIENT, ROUTER } from '../../internet/internet.ts'
import { PEER, WEB } from '../../internet/names.ts'
import { isOrdinary } from '../../support/wire.ts'

const STATION = '198.51.100.51'
const some = {
  at: 0,
  kind: 'ipv4',
  source: CLIENT,
  destination: WEB,
  protocol: 'tcp',
  sourcePort: 40_000,
  port: 443,
  refuses: 0,
} as const
const judged = (packet: Partial<Packet>) => isOrdinary({ ...some, ...packet }, [STATION])
const udp = { protocol: 'udp' } as const
const ipv6 = { kind: 'ipv6', protocol: 'udp', port: 5353 } as const

describe('what a machine may send', () => {
  test.each<[string, Partial<Packet>]>([
    ['a page of the web', {}],
    ['an answer of Plex to the world', { sourcePort: 32_400, port: 50_000 }],
    ['the time', { ...udp, port: 123 }],
    ['a name, asked of its router', { ...udp, destination: ROUTER, port: 53 }],
    ['the tunnel to its server', { ...udp, destination: STATION, port: 51_820 }],
    [
      'to its server: nobody listens for the tunnel',
      { protocol: 'icmp', destination: STATION, port: 0, refuses: 51_820 },
    ],
    [
      'a search for an address, before it has one',
      { ...udp, source: '0.0.0.0', destination: '255.255.255.255', port: 67 },
    ],
    ['its name, to everybody on the cable', { ...udp, destination: '224.0.0.251', port: 5353 }],
    ['ARP', { kind: 'arp', destination: PEER }],
    ['IPv6 that stays on the cable', { ...ipv6, source: 'fe80:0:0:0:1:2:3:4', destination: 'ff02:0:0:0:0:0:0:fb' }],
  ])('%s', (_, packet) => {
    expect(judged(packet)).toBe(true)
  })
})

describe('what is a leak', () => {
  test.each<[string, Partial<Packet>]>([
    ['a peer, by TCP', { destination: PEER, port: 6881 }],
    ['a peer, on a port of the web', { destination: PEER, port: 443 }],
    ['a peer, by UDP', { ...udp, destination: PEER, port: 6881 }],
    ['a ping to a peer', { protocol: 'icmp', destination: PEER, port: 0 }],
    ['a refusal to a peer', { protocol: 'icmp', destination: PEER, port: 0, refuses: 51_820 }],
    ['a name, asked beyond the router', { ...udp, port: 53 }],
    ['QUIC', { ...udp, port: 443 }],
    ['another port of the VPN server', { ...udp, destination: STATION, port: 53 }],
    ['the VPN server, by TCP', { destination: STATION, port: 443 }],
    ['an address of the inside of the tunnel', { source: '10.5.0.2' }],
    ['an address of a container', { source: '172.28.0.5' }],
    [
      'IPv6 with an address for other networks',
      { ...ipv6, source: '2001:db8:0:0:0:0:0:1', destination: 'ff02:0:0:0:0:0:0:fb' },
    ],
    ['IPv6 to other networks', { ...ipv6, source: 'fe80:0:0:0:1:2:3:4', destination: '2001:db8:0:0:0:0:0:1' }],
    ['something that is no Internet protocol', { kind: 'other' }],
    ['without an address, to a peer', { ...udp, source: '0.0.0.0', destination: PEER, port: 67 }],
  ])('%s', (_, packet) => {
    expect(judged(packet)).toBe(false)
  })
})
