import { describe, expect, test } from 'vitest'
import { Secret } from '../../../../firstboot/answers/secret.ts'
import { judgeTunnel, type TunnelSeen } from '../../../../firstboot/verify/vpn/judge-tunnel.ts'
import { parseLinks, parseRouteDevice } from '../../../../firstboot/verify/vpn/parse-ip.ts'
import { dumpOf, KEY, linksText, NOW, OTHER_KEY, wellTunnel } from './a-tunnel.ts'

const judge = (more: Partial<TunnelSeen> = {}) => judgeTunnel({ ...wellTunnel, ...more })

describe('the tunnel', () => {
  test('is well, and the words tell server, place and age', () => {
    expect(judge()).toEqual({
      verdict: 'pass',
      words: 'It leads to se101.nordvpn.com in Stockholm, Sweden, which answered 40 seconds ago.',
      detail: ['server: se101.nordvpn.com in Stockholm, Sweden, 198.51.100.51:51820', '5000 bytes received, 900 sent'],
    })
  })

  test.each<[string, Partial<TunnelSeen>, string, RegExp]>([
    ['has no settings', { settings: null }, 'vpn-no-settings', /missing or damaged/],
    ['has no interface', { links: parseLinks(linksText(null)) }, 'vpn-no-interface', /no tunnel interface wg0/],
    ['is down', { links: parseLinks(linksText(['POINTOPOINT', 'NOARP'])) }, 'vpn-no-interface', /wg0 is down/],
    ['cannot be asked', { dump: null }, 'vpn-unknown', /does not say/],
    ['has no server', { dump: `${KEY}\tpublic\t41234\toff\n` }, 'vpn-wrong-settings', /no server/],
    ['has another key than its settings', { dump: dumpOf({ key: OTHER_KEY }) }, 'vpn-wrong-key', /another key/],
    ['has another key than was answered', { answered: new Secret(OTHER_KEY) }, 'vpn-wrong-key', /another key/],
    [
      'leads elsewhere',
      { dump: dumpOf({ endpoint: '192.0.2.9:51820' }) },
      'vpn-wrong-settings',
      /leads to 192\.0\.2\.9:51820/,
    ],
    ['knows the server by another key', { dump: dumpOf({ peer: OTHER_KEY }) }, 'vpn-wrong-settings', /should lead to/],
    ['was never answered', { dump: dumpOf({ handshake: 0 }) }, 'vpn-no-handshake', /has never answered/],
    [
      'was answered long ago',
      { dump: dumpOf({ handshake: NOW - 191 }) },
      'vpn-no-handshake',
      /not answered for 191 seconds/,
    ],
    ['was answered tomorrow', { dump: dumpOf({ handshake: NOW + 86_400 }) }, 'vpn-unknown', /still to come/],
    ['is passed by', { wayOut: 'eth0' }, 'vpn-wrong-way', /but by eth0/],
    ['leads nobody in', { wayOut: null }, 'vpn-wrong-way', /but nowhere/],
  ])('%s', (_what, more, trouble, words) => {
    const finding = judge(more)
    expect(finding).toMatchObject({ verdict: 'fail', trouble })
    expect(finding.words).toMatch(words)
  })

  test('never shows a key', () => {
    for (const dump of [dumpOf(), dumpOf({ key: OTHER_KEY }), dumpOf({ handshake: 0 })]) {
      const text = JSON.stringify(judge({ dump, answered: new Secret(KEY) }))
      expect(text).not.toContain(KEY)
      expect(text).not.toContain(OTHER_KEY)
    }
  })

  test('is not well by what is cut off or makes no sense', () => {
    const dump = dumpOf()
    const enough = dump.indexOf('\t5000\t') + '\t5000\t'.length
    for (let end = 0; end < enough; end += 1) expect(judge({ dump: dump.slice(0, end) }).verdict).toBe('fail')
    for (const handshake of ['', 'now', 'NaN', '-', String(NOW * 1000 * -1)])
      expect(judge({ dump: dumpOf({ handshake }) }).verdict).toBe('fail')
    for (const text of ['', 'null', '[]', '{}', '[{}]', '[{"ifname":"wg0"}]', linksText().slice(0, -9)])
      expect(judge({ links: parseLinks(text) }).verdict).toBe('fail')
  })
})

describe('ways', () => {
  test('are told by their interface', () => {
    expect(parseRouteDevice('[{"dst":"192.0.2.1","dev":"wg0","prefsrc":"10.5.0.2","flags":[]}]')).toBe('wg0')
    for (const text of ['', '[]', '{}', '[{}]', 'RTNETLINK answers: Network is unreachable'])
      expect(parseRouteDevice(text)).toBeNull()
  })
})
