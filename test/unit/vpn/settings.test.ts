import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { judgeDockerDns } from '../../../firstboot/vpn/docker-dns.ts'
import { parseTunnel } from '../../../firstboot/vpn/facts.ts'
import { networksId, renderEndpoints, renderKillSwitch, rulesId } from '../../../firstboot/vpn/kill-switch.ts'
import { parseLocalNetworks } from '../../../firstboot/vpn/local-networks.ts'
import {
  fingerprint,
  parseSettings,
  renderSettings,
  renderTunnel,
  VPN_RESOLVERS,
  type VpnSettings,
  withNextServer,
} from '../../../firstboot/vpn/settings.ts'
import { wireguardKeys } from '../../internet/keys.ts'

const server = (hostname: string) => ({
  hostname,
  station: '203.0.113.51',
  publicKey: 'lWtWbUSaJeZsY2X1RNkNmO2gJzj1vbMVTD2cIaDhCGg=',
  country: 'Sweden',
  city: 'Stockholm',
})
const settings: VpnSettings = {
  key: new Secret('kJ0vLYpA4kNfNrGcQvBzcnr8kc3cWzTmRwZXJ9h0Y2E='),
  source: 'a',
  country: 'Sweden',
  server: server('se1.nordvpn.com'),
  others: [server('se2.nordvpn.com'), server('se3.nordvpn.com')],
  note: '',
}

describe('the settings of the tunnel', () => {
  test('are read as they were written', () => {
    const read = parseSettings(renderSettings(settings))
    expect(read?.key.reveal()).toBe(settings.key.reveal())
    expect({ ...read, key: null }).toEqual({ ...settings, key: null })
  })

  test('show their key to nobody by accident', () => {
    const key = settings.key.reveal()
    expect(inspect(settings)).not.toContain(key)
    expect(JSON.stringify(settings)).not.toContain(key)
  })

  test('are not taken when they are damaged, or hold what is no address or key', () => {
    const text = renderSettings(settings)
    for (const damaged of [
      text.slice(0, -10),
      text.replace('203.0.113.51', '203.0.113.51 } ; flush ruleset'),
      text.replace(settings.server.publicKey, 'x'),
      '{}',
      '',
    ])
      expect(parseSettings(damaged)).toBeNull()
  })

  test('become what wg(8) reads', () => {
    expect(renderTunnel(settings)).toMatchInlineSnapshot(`
      "# Written by the media server: se1.nordvpn.com
      [Interface]
      PrivateKey = kJ0vLYpA4kNfNrGcQvBzcnr8kc3cWzTmRwZXJ9h0Y2E=

      [Peer]
      PublicKey = lWtWbUSaJeZsY2X1RNkNmO2gJzj1vbMVTD2cIaDhCGg=
      Endpoint = 203.0.113.51:51820
      AllowedIPs = 0.0.0.0/0
      PersistentKeepalive = 25
      "
    `)
  })

  test('go round among the servers that there are', () => {
    const names = (each: VpnSettings) => [each.server, ...each.others].map(({ hostname }) => hostname.slice(0, 3))
    expect(names(withNextServer(settings))).toEqual(['se2', 'se3', 'se1'])
    expect(names(withNextServer(withNextServer(withNextServer(settings))))).toEqual(names(settings))
    expect(withNextServer({ ...settings, others: [] }).server).toEqual(settings.server)
  })

  test('know which answer they came from without holding it', () => {
    const token = new Secret('c0ffee'.repeat(10) + 'dead')
    expect(fingerprint(token)).toBe(fingerprint(new Secret(token.reveal())))
    expect(fingerprint(token)).not.toBe(fingerprint(settings.key))
    expect(token.reveal()).not.toContain(fingerprint(token))
  })
})

describe('the kill switch', () => {
  const wanted = {
    endpoints: ['203.0.113.51'],
    lanPorts: [5055, 6767, 7878, 8989, 9696],
    connected: ['198.51.100.0/24', '2001:db8:1::/64'],
  }

  test('reads like this', async () => {
    await expect(renderKillSwitch(wanted)).toMatchFileSnapshot('golden/kill-switch.nft')
  })

  test('lets no server pass when there is none', () => {
    expect(renderKillSwitch({ ...wanted, endpoints: [] })).toContain('set endpoints { type ipv4_addr; }')
    expect(renderEndpoints([])).toBe('flush set inet mediaserver endpoints\n')
  })

  test('is known by its rules, whatever its servers are', () => {
    expect(rulesId({ ...wanted, endpoints: [] })).toBe(rulesId(wanted))
    expect(rulesId({ ...wanted, lanPorts: [8989] })).not.toBe(rulesId(wanted))
    expect(renderKillSwitch(wanted)).toContain(`chain ${rulesId(wanted)} { }`)
  })

  test('is the same in another network, and has a name for that beside', () => {
    const moved = { ...wanted, connected: ['198.51.100.0/24', '2001:db8:2::/64'] }
    expect(rulesId(moved)).toBe(rulesId(wanted))
    expect(networksId(moved)).not.toBe(networksId(wanted))
    expect(networksId({ ...moved, endpoints: [] })).toBe(networksId(moved))
    expect(renderKillSwitch(moved)).toContain(`chain ${networksId(moved)} { }`)
  })
})

test('networks that a machine is in are those without a gateway, and not those of containers', () => {
  const routes = [
    { dst: 'default', gateway: '192.168.1.1', dev: 'enp1s0' },
    { dst: '192.168.1.0/24', dev: 'enp1s0', protocol: 'kernel', scope: 'link' },
    { dst: '10.9.0.0/16', gateway: '192.168.1.2', dev: 'enp1s0' },
    { dst: '172.30.0.0/24', dev: 'br-media' },
    { dst: '172.17.0.0/16', dev: 'docker0' },
    { dst: '203.0.113.9', dev: 'enp1s0' },
    { type: 'unreachable', dst: 'fc00::/7', dev: 'lo' },
    { dst: '2001:db8:1::/64', dev: 'wlp2s0' },
  ]
  expect(parseLocalNetworks(JSON.stringify(routes))).toEqual(['192.168.1.0/24', '2001:db8:1::/64'])
})

describe('where a container asks for names', () => {
  const docker = (servers: string) =>
    `nameserver 127.0.0.11\noptions ndots:0\n\n# Based on host file: '/etc/resolv.conf' (internal resolver)\n# ExtServers: [${servers}]\n# Overrides: []\n`

  test('is a leak when Docker asks from the network of the host', () => {
    expect(judgeDockerDns(docker('host(127.0.0.53)'), VPN_RESOLVERS).fault).toMatch(/beside the tunnel, from host\(127/)
    expect(judgeDockerDns(docker('103.86.96.100 host(127.0.0.53)'), VPN_RESOLVERS).fault).not.toBeNull()
  })

  test('is a leak when it is the router', () => {
    expect(judgeDockerDns(docker('192.168.1.1'), VPN_RESOLVERS).fault).toMatch(/192\.168\.1\.1/)
    expect(judgeDockerDns('nameserver 192.168.1.1\n', VPN_RESOLVERS).fault).toMatch(/192\.168\.1\.1/)
  })

  test('is fine when it is the VPN alone', () => {
    expect(judgeDockerDns(docker(VPN_RESOLVERS.join(' ')), VPN_RESOLVERS)).toEqual({
      servers: VPN_RESOLVERS,
      fault: null,
    })
  })

  test('is not said to be fine when nothing is known', () => {
    expect(judgeDockerDns('', VPN_RESOLVERS).fault).not.toBeNull()
    expect(judgeDockerDns(docker(''), VPN_RESOLVERS).fault).not.toBeNull()
  })
})

test('what WireGuard says is read without its keys', () => {
  const key = wireguardKeys()
  const dump = `${key.privateKey}\t${key.publicKey}\t51820\toff\n${key.publicKey}\t(none)\t203.0.113.51:51820\t0.0.0.0/0\t1000\t2048\t512\t25\n`
  expect(parseTunnel(dump, 1012)).toEqual({
    endpoint: '203.0.113.51:51820',
    handshakeAge: 12,
    receivedBytes: 2048,
    sentBytes: 512,
  })
  expect(parseTunnel(dump.replace('\t1000\t', '\t0\t'), 1012)?.handshakeAge).toBeNull()
  expect(parseTunnel('', 1012)).toBeNull()
})
