import { describe, expect, test } from 'vitest'
import { judgeBoot } from '../../../../firstboot/verify/kill-switch/boot.ts'
import { judgeRules } from '../../../../firstboot/verify/kill-switch/judge-rules.ts'
import { renderKillSwitch } from '../../../../firstboot/vpn/kill-switch.ts'

const wanted = { endpoints: ['198.51.100.51'], lanPorts: [8989], connected: [] }
const text = renderKillSwitch(wanted)
const shown = [
  'table inet mediaserver {',
  ' counter leak_dns {',
  ' }',
  ' chain from_vpn {',
  '  drop',
  ' }',
  '}',
  '',
].join('\n')

describe('rules in force', () => {
  test('are those that are wanted', () => {
    expect(judgeRules({ wanted, inForce: shown, shown })).toEqual({
      verdict: 'pass',
      words: 'All 4 lines are as they should be; only a tunnel to 198.51.100.51 may pass.',
    })
  })

  test.each([
    ['none', null, 'kill-switch-off', /no kill switch/],
    ['none: the table is empty', 'table inet mediaserver {\n}\n', 'kill-switch-changed', /missing: counter leak_dns/],
    [
      'one more',
      shown.replace('  drop', '  udp dport 53 accept\n  drop'),
      'kill-switch-changed',
      /not ours: udp dport 53 accept/,
    ],
    ['one less', shown.replace('  drop\n', ''), 'kill-switch-changed', /missing: drop/],
    ['not readable', '', 'kill-switch-changed', /missing/],
  ])('are %s', (_what, inForce, trouble, words) => {
    const finding = judgeRules({ wanted, inForce, shown })
    expect(finding).toMatchObject({ verdict: 'fail', trouble })
    expect(finding.words).toMatch(words)
  })

  const inNetwork = (name: string, prefixes: string) =>
    shown.replace(
      ' chain from_vpn {',
      ` set lan6 {\n  elements = { ::1,\n   ${prefixes} }\n }\n chain networks_${name} {\n }\n chain from_vpn {`,
    )

  test('of another network of the home are no change, and are learned soon', () => {
    const finding = judgeRules({
      wanted,
      inForce: inNetwork('aaa', '2001:db8:1::/64'),
      shown: inNetwork('bbb', '2001:db8:2::/64'),
    })
    expect(finding).toMatchObject({ verdict: 'warn', trouble: 'kill-switch-networks' })
    expect(finding.detail).toContain('missing: 2001:db8:2::/64 }')
  })

  test('that somebody has added a network to are a change, and so is everything beside another network', () => {
    const seen = { wanted, shown: inNetwork('aaa', '2001:db8:1::/64') }
    const added = judgeRules({ ...seen, inForce: inNetwork('aaa', '2001:db8:1::/64, ::/0') })
    const both = judgeRules({ ...seen, inForce: inNetwork('bbb', '::/0').replace('  drop', '  accept') })
    const unnamed = judgeRules({ ...seen, inForce: shown })
    for (const finding of [added, both, unnamed])
      expect(finding).toMatchObject({ verdict: 'fail', trouble: 'kill-switch-changed' })
  })

  test('in another order are others', () => {
    const [first = '', ...rest] = shown.split('\n')
    const turned = [first, rest[2], rest[0], rest[1], ...rest.slice(3)].join('\n')
    expect(judgeRules({ wanted, inForce: turned, shown }).words).toContain('in another order')
  })

  test('are not known when those that are wanted cannot be shown', () => {
    expect(judgeRules({ wanted, inForce: shown, shown: null })).toMatchObject({
      verdict: 'fail',
      trouble: 'kill-switch-unknown',
    })
  })
})

describe('the next start', () => {
  const UNIT = 'mediaserver-killswitch.service'
  const blocks = ({
    state = 'enabled',
    active = 'active',
    requires = `sysinit.target ${UNIT}`,
    after = `${UNIT} network.target`,
  } = {}) =>
    [
      `Requires=\nBindsTo=\nAfter=local-fs.target\nActiveState=${active}\nUnitFileState=${state}`,
      `Requires=${requires}\nBindsTo=\nAfter=${after}\nActiveState=active\nUnitFileState=enabled`,
    ].join('\n\n')

  test('has the kill switch before Docker', () => {
    expect(judgeBoot({ shown: blocks(), file: text })).toMatchObject({ verdict: 'pass' })
  })

  test.each([
    ['the file is gone', blocks(), null],
    ['the file is empty', blocks(), ''],
    ['the unit is off', blocks({ state: 'disabled' }), text],
    ['the unit has failed', blocks({ active: 'failed' }), text],
    ['Docker does not need it', blocks({ requires: 'sysinit.target' }), text],
    ['Docker does not wait for it', blocks({ after: 'network.target' }), text],
    ['systemd does not answer', '', text],
  ])('may not: %s', (_what, systemd, file) => {
    expect(judgeBoot({ shown: systemd, file })).toMatchObject({ verdict: 'fail', trouble: 'kill-switch-not-kept' })
  })
})
