import { describe, expect, test } from 'vitest'
import { parseUpdates } from '../../../firstboot/verify/ddns/parse-updates.ts'
import { parseState } from '../../../firstboot/verify/ddns/update.ts'
import { judgeBoot } from '../../../firstboot/verify/kill-switch/boot.ts'
import { judgeRules } from '../../../firstboot/verify/kill-switch/judge-rules.ts'
import { parseBridge } from '../../../firstboot/verify/kill-switch/parse-bridge.ts'
import { parseOutcomes, parsePid } from '../../../firstboot/verify/knock.ts'
import { parseLives } from '../../../firstboot/verify/services/parse-lives.ts'
import { judgePlex } from '../../../firstboot/verify/services/plex.ts'
import { judgeBound } from '../../../firstboot/verify/vpn/bound.ts'
import { judgeIpv6 } from '../../../firstboot/verify/vpn/ipv6.ts'
import { judgeTunnel } from '../../../firstboot/verify/vpn/judge-tunnel.ts'
import { parseLinks, parseRouteDevice } from '../../../firstboot/verify/vpn/parse-ip.ts'
import { judgeWatch } from '../../../firstboot/verify/vpn/watch.ts'
import { NOON } from './a-scene.ts'
import { dumpOf, linksText, wellTunnel } from './vpn/a-tunnel.ts'

/** Numbers from 0 to below `most` that are the same in every run. */
function generator(seed: number): (most: number) => number {
  let state = seed
  return most => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return Math.floor((state / 4_294_967_296) * most)
  }
}

/** A text with some of it cut out, doubled, or turned into something else. */
function damaged(text: string, random: (most: number) => number): string {
  const at = random(text.length)
  const length = 1 + random(12)
  const part = text.slice(at, at + length)
  const signs = ['', part + part, '\0', '\n', '"', '{', ']', 'null', '-1', '9'.repeat(30), '\u{1F600}', '\t', 'NaN']
  return text.slice(0, at) + (signs[random(signs.length)] ?? '') + text.slice(at + length)
}

const rules = 'table inet mediaserver {\n\tchain from_vpn {\n\t\tcounter name "leak_ipv4" drop\n\t}\n}\n'
const wanted = { endpoints: ['198.51.100.51'], lanPorts: [8989], connected: [] }
const UNIT = 'mediaserver-killswitch.service'
const boot = `UnitFileState=enabled\nActiveState=active\n\nRequires=${UNIT} sysinit.target\nAfter=${UNIT} network.target\n`
const identity = JSON.stringify({ MediaContainer: { machineIdentifier: 'a', version: '1.43', claimed: true } })
const bridge = JSON.stringify([
  { address: '02:42:ac:12:00:01', addr_info: [{ family: 'inet', local: '172.18.0.1', prefixlen: 16 }] },
])

/** What is read, by whom. */
const readers: readonly [string, string, (text: string) => unknown][] = [
  ['ip link', linksText(), parseLinks],
  ['ip route', '[{"dst":"192.0.2.1","dev":"wg0"}]', parseRouteDevice],
  ['ip address', bridge, parseBridge],
  ['wg', dumpOf(), text => judgeTunnel({ ...wellTunnel, dump: text })],
  ['knocks', 'pid 4711\n0 answer\n1 refused Network is unreachable', text => [parsePid(text), parseOutcomes(text, 3)]],
  ['nft', rules, text => judgeRules({ wanted, inForce: text, shown: rules })],
  ['systemd', boot, text => judgeBoot({ shown: text, file: 'table inet mediaserver' })],
  [
    'docker state',
    JSON.stringify({ Running: true, Health: { Status: 'healthy', Log: [{ Output: 'x' }] } }),
    parseState,
  ],
  [
    'docker container',
    JSON.stringify({ Name: '/a', RestartCount: 1, State: { StartedAt: '2026-01-01T00:00:00Z' } }),
    parseLives,
  ],
  ['plex', identity, text => judgePlex('LoadState=loaded\nActiveState=active\n', { status: 200, text })],
  ['qbittorrent', '[BitTorrent]\nSession\\Interface=wg0\n[Preferences]\n', judgeBound],
  ['if_inet6', 'fe800000 02 40 20 80 eth0\n', text => judgeIpv6({ addresses: text, kernel: true, outcome: 'silence' })],
  ['condition', JSON.stringify({ state: 'protected', words: 'Well.', at: NOON }), text => judgeWatch(true, text, NOON)],
  [
    'updates',
    '{"records":[{"domain":"a.org","owner":"@","ips":[{"ip":"1.2.3.4","time":"2026-01-01T00:00:00Z"}]}]}',
    parseUpdates,
  ],
]

describe('what programs print, when it is damaged', () => {
  test.each(readers)('%s: nobody stumbles over it', (_name, text, read) => {
    const random = generator(20_261_125)
    for (let round = 0; round < 3000; round += 1) {
      let broken = text
      for (let left = 1 + random(4); left > 0 && broken !== ''; left -= 1) broken = damaged(broken, random)
      expect(() => read(broken)).not.toThrow()
    }
    for (let end = 0; end <= text.length; end += 1) expect(() => read(text.slice(0, end))).not.toThrow()
  })
})

describe('a false pass', () => {
  test('is never given for rules of a kill switch that are in any way others', () => {
    const random = generator(7)
    for (let round = 0; round < 3000; round += 1) {
      const broken = damaged(rules, random)
      if (broken.trim() === rules.trim()) continue
      expect(judgeRules({ wanted, inForce: broken, shown: rules }).verdict, broken).toBe('fail')
    }
  })

  test('is never given for a tunnel whose key, server or handshake is damaged', () => {
    const random = generator(11)
    const dump = dumpOf()
    const first = dump.split('\t')[0] ?? ''
    const peer = dump.split('\n')[1] ?? ''
    const endpoint = peer.split('\t')[2] ?? ''
    for (let round = 0; round < 3000; round += 1) {
      const broken = damaged(dump, random)
      const { verdict } = judgeTunnel({ ...wellTunnel, dump: broken })
      if (verdict !== 'pass') continue
      // What is left of it still says all that counts.
      expect(broken.startsWith(`${first}\t`)).toBe(true)
      expect(broken).toContain(endpoint)
    }
  })

  test('is never given for a service that is cut off in the middle of its answer', () => {
    for (let end = 0; end < identity.length; end += 1)
      expect(
        judgePlex('LoadState=loaded\nActiveState=active\n', { status: 200, text: identity.slice(0, end) }).verdict,
      ).toBe('fail')
    for (let end = 0; end < boot.indexOf(`After=${UNIT}`) + 6 + UNIT.length; end += 1)
      expect(judgeBoot({ shown: boot.slice(0, end), file: 'table inet mediaserver' }).verdict).toBe('fail')
  })
})
