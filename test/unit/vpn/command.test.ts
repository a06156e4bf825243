import { expect, test } from 'vitest'
import { factsLines } from '../../../firstboot/vpn/command.ts'
import type { Facts } from '../../../firstboot/vpn/facts.ts'

const facts: Facts = {
  state: 'protected',
  words: 'Downloads go through the tunnel.',
  server: 'se101.nordvpn.com in Stockholm, Sweden',
  country: 'Sweden',
  note: '',
  handshakeAge: 12,
  receivedBytes: 1,
  sentBytes: 1,
  tunnelAddress: '203.0.113.51',
  homeAddress: '203.0.113.7',
  hidden: true,
  lastRemedy: { words: 'The kill switch is in force again.', at: Date.UTC(2026, 10, 25, 9, 30) },
  dropped: { leak_dns: 3, leak_ipv4: 0, to_host: 1 },
}

test('the tunnel in words', () => {
  expect(factsLines(facts)).toEqual([
    'VPN          Downloads go through the tunnel.',
    'Server       se101.nordvpn.com in Stockholm, Sweden',
    'Answered     12 seconds ago',
    'Seen as      203.0.113.51',
    'Home is      203.0.113.7',
    'Last mended  2026-11-25 09:30 UTC: The kill switch is in force again.',
    'Dropped      3 packets DNS beside the tunnel',
    'Dropped      1 packet from the network of the VPN to this machine itself',
  ])
})

test('an address that is not hidden is said, and what is not known is left out', () => {
  const bare = { ...facts, hidden: false, handshakeAge: null, tunnelAddress: null, server: null, lastRemedy: null }
  const lines = factsLines({ ...bare, dropped: {} })
  expect(lines).toContain('             These are the same: the tunnel hides nothing.')
  expect(lines.join('\n')).not.toMatch(/Answered|Seen as|Server|null/)
})
