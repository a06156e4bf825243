import { describe, expect, test } from 'vitest'
import { judgeTrial } from '../../../../firstboot/verify/kill-switch/judge-trial.ts'
import { parseBridge } from '../../../../firstboot/verify/kill-switch/parse-bridge.ts'
import { type Counted, KINDS, parseProbeCounters } from '../../../../firstboot/verify/kill-switch/probe-table.ts'
import { trial } from '../../../../firstboot/verify/kill-switch/trial.ts'
import type { Trial } from '../../../../firstboot/verify/kill-switch/try-out.ts'
import { waysOut } from '../../../../firstboot/verify/kill-switch/ways.ts'
import { knockLines, parseOutcomes, parsePid } from '../../../../firstboot/verify/knock.ts'
import { someAnswers } from '../../plan-setup/answers.ts'
import { aScene } from '../a-scene.ts'

const none: Counted = { dns: 0, ipv4: 0, ipv6: 0, disguised: 0, host: 0 }
const tried: Counted = { dns: 3, ipv4: 6, ipv6: 2, disguised: 2, host: 2 }
const well: Trial = {
  ways: 15,
  tried,
  passed: none,
  rise: { leak_dns: 4, leak_ipv4: 7, leak_ipv6: 2, to_host: 2, wrong_door: 0, tunnelled: 30 },
  outcomes: ['silence', { refused: 'Cannot assign requested address' }],
  wayOut: true,
  ipv6Off: false,
}
const judge = (more: Partial<Trial> = {}) => judgeTrial({ ...well, ...more })

describe('a trial', () => {
  test('proves that nothing gets out', () => {
    const { verdict, words, detail } = judge()
    expect([verdict, words]).toEqual([
      'pass',
      'Without the tunnel, 15 packets of 15 kinds got nowhere; it has counted 15.',
    ])
    expect(detail).toContain('DNS: 3 packets tried, 0 let pass')
    expect(detail).toContain('counter to_host (from the network of the VPN to this machine itself): 2 more')
  })

  test.each(Object.keys(KINDS) as (keyof Counted)[])('with one packet of %s let pass is a leak', kind => {
    const finding = judge({ passed: { ...none, [kind]: 1 } })
    expect(finding).toMatchObject({ verdict: 'fail', trouble: 'kill-switch-leaks' })
    expect(finding.words).toBe(`It lets pass: ${KINDS[kind]} (1 of 15 packets).`)
  })

  test('that was answered is a leak, whatever was counted', () => {
    expect(judge({ outcomes: ['silence', 'answer'] })).toMatchObject({ verdict: 'fail', trouble: 'kill-switch-leaks' })
  })

  test('that nobody has counted is no proof', () => {
    expect(judge({ rise: null })).toMatchObject({ verdict: 'fail', trouble: 'kill-switch-off' })
    expect(judge({ rise: {} })).toMatchObject({ verdict: 'fail', trouble: 'kill-switch-leaks' })
    expect(judge({ rise: { leak_dns: 3, leak_ipv4: 6, to_host: 1 } })).toMatchObject({ verdict: 'fail' })
    expect(judge({ rise: {}, wayOut: false })).toMatchObject({ verdict: 'warn', trouble: 'kill-switch-untried' })
  })

  test('does not take what went into the tunnel for what was dropped', () => {
    expect(judge({ rise: { tunnelled: 1000, lan_only: 1000, unasked: 1000 } }).verdict).toBe('fail')
  })

  test.each(Object.keys(KINDS) as (keyof Counted)[])('that never tried %s proves nothing', kind => {
    expect(judge({ tried: { ...tried, [kind]: 0 } })).toMatchObject({ verdict: 'warn', trouble: 'kill-switch-untried' })
  })

  test('needs no IPv6 where the machine takes none', () => {
    expect(judge({ tried: { ...tried, ipv6: 0 }, ipv6Off: true }).verdict).toBe('pass')
  })

  test('is not made without a VPN, and is no pass where it cannot be made', async () => {
    expect(await trial.run(aScene({}, {}, { answers: { ...someAnswers, vpn: null } }))).toMatchObject({
      verdict: 'none',
    })
    const finding = await trial.run(aScene())
    expect(finding).toMatchObject({ verdict: 'fail', trouble: 'kill-switch-untried' })
    expect(finding.words).toContain('(br-vpn) is not there')
  })
})

describe('the ways that are tried', () => {
  test('are TCP, UDP and DNS, by both versions of IP, to the server and to this machine, and never the tunnel itself', () => {
    const ways = waysOut('172.18.0.1', ['198.51.100.51'])
    const has = (protocol: string, to: string, port: number) =>
      ways.some(each => each.protocol === protocol && each.to === to && each.port === port)
    expect(has('udp', '172.18.0.1', 53)).toBe(true)
    expect(has('udp', '2001:db8::1', 53)).toBe(true)
    expect(has('tcp', '192.0.2.1', 853)).toBe(true)
    expect(has('tcp', '198.51.100.51', 51_820)).toBe(true)
    expect(has('udp', '198.51.100.51', 51_820)).toBe(false)
    expect(knockLines(ways).split('\n')[0]).toBe('0 tcp 192.0.2.1 443 ')
  })
})

describe('the bridge', () => {
  const shown = (local: string, prefixlen: number) =>
    JSON.stringify([
      {
        ifindex: 4,
        ifname: 'br-vpn',
        address: '02:42:ac:12:00:01',
        addr_info: [
          { family: 'inet6', local: 'fe80::1', prefixlen: 64 },
          { family: 'inet', local, prefixlen },
        ],
      },
    ])

  test.each([
    ['172.18.0.1', 16, '172.18.255.254/16'],
    ['10.201.7.1', 24, '10.201.7.254/24'],
    ['10.201.7.254', 24, '10.201.7.253/24'],
    ['192.168.255.249', 29, '192.168.255.254/29'],
  ])('%s/%d has a place at %s', (local, length, place) => {
    expect(parseBridge(shown(local, length))).toEqual({ hardware: '02:42:ac:12:00:01', gateway: local, place })
  })

  test('has none where there is no network', () => {
    for (const text of [
      '',
      '[]',
      '{}',
      '[{}]',
      shown('172.18.0.1', 31),
      shown('fe80::1', 24),
      shown('172.18.0.1', 16).slice(0, 90),
    ])
      expect(parseBridge(text)).toBeNull()
  })
})

describe('counters of a trial', () => {
  const listed = (leave = '') =>
    JSON.stringify({
      nftables: [
        { metainfo: { version: '1.0.9' } },
        ...Object.keys(KINDS).flatMap((kind, index) =>
          [
            { counter: { name: `tried_${kind}`, packets: index + 1, bytes: 60 } },
            { counter: { name: `passed_${kind}`, packets: 0, bytes: 0 } },
          ].filter(({ counter }) => counter.name !== leave),
        ),
      ],
    })

  test('are read', () => {
    expect(parseProbeCounters(listed())).toEqual({
      tried: { dns: 1, ipv4: 2, ipv6: 3, disguised: 4, host: 5 },
      passed: none,
    })
  })

  test('are no zeros when they are missing', () => {
    for (const kind of Object.keys(KINDS)) {
      expect(() => parseProbeCounters(listed(`passed_${kind}`))).toThrow(`passed_${kind}`)
      expect(() => parseProbeCounters(listed(`tried_${kind}`))).toThrow(`tried_${kind}`)
    }
    for (const text of ['', '{}', 'null', listed().slice(0, 200)]) expect(() => parseProbeCounters(text)).toThrow()
  })
})

describe('what the probe says', () => {
  test('is its number, and what came of each knock', () => {
    expect(parsePid('pid 4711')).toBe(4711)
    for (const line of ['', 'pid', 'pid x', ' pid 4', '4 answer']) expect(parsePid(line)).toBeNull()
    expect(parseOutcomes('pid 1\n11 answer\n2 refused Network is unreachable\n0 answer', 3)).toEqual([
      'answer',
      'silence',
      { refused: 'Network is unreachable' },
    ])
  })
})
