import { describe, expect, test } from 'vitest'
import { judgeAddresses } from '../../../../firstboot/verify/vpn/address.ts'
import { judgeBound } from '../../../../firstboot/verify/vpn/bound.ts'
import { type DnsSeen, judgeDns } from '../../../../firstboot/verify/vpn/dns.ts'
import { judgeIpv6 } from '../../../../firstboot/verify/vpn/ipv6.ts'
import { judgePlaces } from '../../../../firstboot/verify/vpn/namespace.ts'
import { judgeWatch } from '../../../../firstboot/verify/vpn/watch.ts'
import type { Insights } from '../../../../firstboot/vpn/nordvpn.ts'
import { Secret } from '../../../../firstboot/answers/secret.ts'
import { qbittorrentConf } from '../../../../firstboot/wiring/qbittorrent-seed.ts'
import { NOON } from '../a-scene.ts'

const home: Insights = { ip: '203.0.113.80', country: 'Germany', protected: false }
const away: Insights = { ip: '198.51.100.51', country: 'Sweden', protected: true }

describe('the address behind the tunnel', () => {
  test('differs from that of this home: both are named, with their countries', () => {
    expect(judgeAddresses(away, home)).toEqual({
      verdict: 'pass',
      words: 'Downloads are seen as 198.51.100.51 (Sweden); this home is 203.0.113.80 (Germany).',
    })
  })

  test('is that of this home', () => {
    expect(judgeAddresses({ ...home, protected: true }, home)).toMatchObject({
      verdict: 'fail',
      trouble: 'vpn-not-hidden',
    })
  })

  test('is not proven when nobody answers', () => {
    expect(judgeAddresses(null, home)).toMatchObject({ verdict: 'fail', trouble: 'vpn-no-answer' })
    // Where nobody can be asked at all, nothing is known: that is no proof that the tunnel is at fault.
    expect(judgeAddresses(null, null)).toMatchObject({
      verdict: 'warn',
      trouble: 'vpn-no-internet',
      words: expect.stringContaining('cannot be told now'),
    })
    expect(judgeAddresses(away, null)).toMatchObject({ verdict: 'warn', trouble: 'vpn-home-unknown' })
  })

  test('is not proven by addresses of two kinds, which one home may have', () => {
    expect(judgeAddresses(away, { ...home, ip: '2001:db8::7' })).toMatchObject({ verdict: 'warn' })
  })

  test('is none that NordVPN knows', () => {
    expect(judgeAddresses({ ...away, protected: false }, home)).toMatchObject({
      verdict: 'warn',
      trouble: 'vpn-not-protected',
    })
  })
})

describe('where qBittorrent is', () => {
  const inmate = (network: string, running = true) => ({ running, pid: 7, network })
  const OWN = 'net:[4026531840]'
  const TUNNEL = 'net:[4026532281]'

  test.each([
    ['behind the tunnel', TUNNEL, TUNNEL, 'pass', undefined],
    ['in a network that is dead', TUNNEL, 'net:[4026532999]', 'fail', 'vpn-dead-namespace'],
    ['in that of the machine', TUNNEL, OWN, 'fail', 'vpn-not-apart'],
    ['in that of the machine, together with the tunnel', OWN, OWN, 'fail', 'vpn-not-apart'],
    ['not known', TUNNEL, '', 'fail', 'vpn-unknown'],
  ])('%s', (_what, gate, client, verdict, trouble) => {
    const finding = judgePlaces({ gate: inmate(gate), client: inmate(client) }, OWN)
    expect([finding.verdict, finding.trouble]).toEqual([verdict, trouble])
  })

  test('is nowhere', () => {
    expect(judgePlaces({ gate: inmate(TUNNEL), client: null }, OWN).trouble).toBe('qbittorrent-stopped')
    expect(judgePlaces({ gate: inmate(TUNNEL), client: inmate('', false) }, OWN).trouble).toBe('qbittorrent-stopped')
  })

  test('is not proven when the own network is not known', () => {
    expect(judgePlaces({ gate: inmate(TUNNEL), client: inmate(TUNNEL) }, '').verdict).toBe('fail')
  })
})

describe('what qBittorrent is bound to', () => {
  const login = { user: 'anna', password: new Secret('x') }
  const seed = qbittorrentConf({ login, hostname: 'mediaserver', tunnel: 'wg0' })

  test('is the tunnel, by the settings that the set-up writes', () => {
    expect(judgeBound(seed)).toMatchObject({ verdict: 'pass' })
  })

  test.each([
    ['nothing', seed.replaceAll(/^Session\\Interface.*\n/gm, '')],
    ['another interface', seed.replace('Session\\Interface=wg0', 'Session\\Interface=eth0')],
    ['any interface', seed.replace('Session\\Interface=wg0', 'Session\\Interface=')],
    ['the tunnel, but in another section', `[Preferences]\nSession\\Interface=wg0\n[BitTorrent]\nSession\\Port=6881\n`],
    ['nothing: the file is empty', ''],
    ['nothing: there is no file', null],
  ])('is %s', (_what, text) => {
    expect(judgeBound(text)).toMatchObject({ verdict: 'fail', trouble: 'qbittorrent-unbound' })
  })
})

describe('names', () => {
  const docker = (servers: string) => `nameserver 127.0.0.11\noptions ndots:0\n\n# ExtServers: [${servers}]\n`
  const well: DnsSeen = {
    resolvConf: {
      'the VPN container': docker('103.86.96.100 103.86.99.100'),
      qBittorrent: docker('103.86.96.100 103.86.99.100'),
    },
    devices: ['wg0', 'wg0'],
    outcomes: ['answer', 'answer'],
  }

  test('are asked through the tunnel', () => {
    expect(judgeDns(well)).toEqual({
      verdict: 'pass',
      words:
        'Names are asked of 103.86.96.100 and 103.86.99.100 through wg0; 103.86.96.100 and 103.86.99.100 answered.',
    })
    expect(judgeDns({ ...well, outcomes: ['silence', 'answer'] }).verdict).toBe('pass')
  })

  test.each<[string, Partial<DnsSeen>, string]>([
    ['of the host', { resolvConf: { qBittorrent: docker('host(127.0.0.53)') } }, 'vpn-dns-beside'],
    ['of the router', { resolvConf: { qBittorrent: docker('103.86.96.100 192.168.1.1') } }, 'vpn-dns-beside'],
    [
      'of the router, without Docker in between',
      { resolvConf: { qBittorrent: 'nameserver 192.168.1.1\n' } },
      'vpn-dns-beside',
    ],
    ['of nobody', { resolvConf: { qBittorrent: '' } }, 'vpn-dns-beside'],
    ['of nobody knows whom', { resolvConf: { qBittorrent: null } }, 'vpn-unknown'],
    ['by another door', { devices: ['wg0', 'eth0'] }, 'vpn-dns-beside'],
    ['by no door', { devices: [null, null] }, 'vpn-wrong-way'],
    ['by no door and by another', { devices: [null, 'eth0'] }, 'vpn-dns-beside'],
    ['of somebody who is silent', { outcomes: ['silence', { refused: 'Network is unreachable' }] }, 'vpn-no-answer'],
  ])('are asked %s', (_what, more, trouble) => {
    expect(judgeDns({ ...well, ...more })).toMatchObject({ verdict: 'fail', trouble })
  })
})

describe('IPv6', () => {
  const refused = { refused: 'Network is unreachable' } as const
  const lo = '00000000000000000000000000000001 01 80 10 80       lo\n'
  const local = 'fe80000000000000004200fffe110002 02 40 20 80     eth0\n'

  test('is off', () => {
    expect(judgeIpv6({ addresses: '', kernel: true, outcome: refused })).toMatchObject({ verdict: 'pass' })
    expect(judgeIpv6({ addresses: lo, kernel: true, outcome: refused })).toMatchObject({ verdict: 'pass' })
    expect(judgeIpv6({ addresses: null, kernel: false, outcome: null })).toMatchObject({ verdict: 'pass' })
  })

  test('is on, or may be', () => {
    expect(judgeIpv6({ addresses: lo + local, kernel: true, outcome: refused })).toMatchObject({
      verdict: 'fail',
      trouble: 'vpn-ipv6-on',
    })
    for (const outcome of ['silence', 'answer'] as const)
      expect(judgeIpv6({ addresses: '', kernel: true, outcome })).toMatchObject({
        verdict: 'fail',
        trouble: 'vpn-ipv6-on',
      })
    expect(judgeIpv6({ addresses: null, kernel: true, outcome: refused })).toMatchObject({
      verdict: 'fail',
      trouble: 'vpn-unknown',
    })
    expect(judgeIpv6({ addresses: '', kernel: true, outcome: null })).toMatchObject({
      verdict: 'fail',
      trouble: 'vpn-unknown',
    })
  })
})

describe('the supervisor', () => {
  const condition = (at: number) =>
    JSON.stringify({ state: 'protected', words: 'Downloads go through the tunnel.', at, lastRemedy: null })

  test('looks after the tunnel', () => {
    expect(judgeWatch(true, condition(NOON - 12_000), NOON)).toEqual({
      verdict: 'pass',
      words: 'Looked 12 seconds ago: Downloads go through the tunnel.',
    })
  })

  test('does not, or hangs, or has not begun', () => {
    expect(judgeWatch(false, condition(NOON), NOON)).toMatchObject({ verdict: 'fail', trouble: 'vpn-unwatched' })
    expect(judgeWatch(true, condition(NOON - 1_300_000), NOON)).toMatchObject({
      verdict: 'fail',
      trouble: 'vpn-unwatched',
    })
    expect(judgeWatch(true, null, NOON)).toMatchObject({
      verdict: 'warn',
      trouble: 'vpn-unwatched',
      words: expect.stringContaining('has not looked yet'),
    })
  })

  test('that is blind has proven nothing', () => {
    const blind = { verdict: 'warn', trouble: 'vpn-blind' }
    for (const text of ['', '{', '{}', 'null'])
      expect(judgeWatch(true, text, NOON)).toMatchObject({ ...blind, words: expect.stringContaining('cannot be read') })
    const unknown = JSON.stringify({ state: 'unknown', words: 'The tunnel could not be looked at.', at: NOON })
    expect(judgeWatch(true, unknown, NOON)).toMatchObject({
      ...blind,
      words: 'The service that heals the tunnel sees nothing right now: The tunnel could not be looked at.',
    })
    expect(judgeWatch(true, condition(NOON - 400_000), NOON).words).toBe(
      'The service that heals the tunnel last looked 7 minutes ago: it is mending, or it hangs.',
    )
    expect(judgeWatch(true, condition(NOON - 400_000), NOON)).toMatchObject(blind)
    expect(judgeWatch(true, condition(NOON + 3_600_000), NOON)).toMatchObject(blind)
    // A clock is set by seconds all the time.
    expect(judgeWatch(true, condition(NOON + 5_000), NOON)).toMatchObject({ verdict: 'pass' })
  })
})
