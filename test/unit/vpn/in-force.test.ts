import { describe, expect, test } from 'vitest'
import type { Site } from '../../../firstboot/changes/change.ts'
import { faultInForce, parseInForce } from '../../../firstboot/vpn/force.ts'
import { networksId, ruleCount, rulesId } from '../../../firstboot/vpn/kill-switch.ts'

const wanted = { endpoints: ['198.51.100.51'], lanPorts: [8989], connected: [] }

// The shape of what nft(8) prints with -j, see libnftables-json(5).
const listed = ({
  id = rulesId(wanted),
  networks = networksId(wanted),
  rules = ruleCount(wanted),
  endpoints = ['198.51.100.51'] as unknown[],
} = {}) =>
  JSON.stringify({
    nftables: [
      { metainfo: { version: '1.1.3' } },
      { table: { family: 'inet', name: 'mediaserver', handle: 1 } },
      { set: { name: 'endpoints', type: 'ipv4_addr', elem: endpoints } },
      { chain: { name: id } },
      { chain: { name: networks } },
      { chain: { name: 'from_vpn' } },
      ...Array.from({ length: rules }, (_, handle) => ({ rule: { chain: 'from_vpn', handle, expr: [] } })),
    ],
  })
const fault = async (stdout: string, code = 0) =>
  await faultInForce(wanted, { attempt: async () => ({ code, stdout, stderr: '' }) } as unknown as Site)

describe('the kill switch in the kernel', () => {
  test('has as many rules as were written', () => {
    expect(ruleCount(wanted)).toBe(19)
    expect(ruleCount({ endpoints: [], lanPorts: [], connected: ['203.0.113.0/24'] })).toBe(19)
    expect(parseInForce(listed())).toEqual({
      rules: rulesId(wanted),
      count: 19,
      networks: networksId(wanted),
      endpoints: ['198.51.100.51'],
    })
  })

  test.each([
    ['is as it should be', listed(), 'none'],
    ['leads to another server', listed({ endpoints: ['198.51.100.52'] }), 'endpoints'],
    ['leads nowhere', listed({ endpoints: [] }), 'endpoints'],
    ['was made for other ports', listed({ id: 'rules_0123456789ab' }), 'all'],
    ['was made for other networks', listed({ networks: 'networks_0123456789ab' }), 'networks'],
    [
      'was made for other networks and leads nowhere',
      listed({ networks: 'networks_0123456789ab', endpoints: [] }),
      'endpoints',
    ],
    ['was flushed', listed({ rules: 0 }), 'all'],
    ['has one rule more', listed({ rules: 20 }), 'all'],
    ['has one rule less', listed({ rules: 18 }), 'all'],
  ])('%s', async (_what, text, expected) => {
    expect(await fault(text)).toBe(expected)
  })

  test('is not there', async () => {
    expect(await fault('', 1)).toBe('all')
  })
})
