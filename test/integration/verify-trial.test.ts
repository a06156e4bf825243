import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runLong } from '../../firstboot/run.ts'
import type { Scene } from '../../firstboot/verify/check.ts'
import { judgeTrial } from '../../firstboot/verify/kill-switch/judge-trial.ts'
import { PROBE_TABLE } from '../../firstboot/verify/kill-switch/probe-table.ts'
import { tryToGetOut } from '../../firstboot/verify/kill-switch/try-out.ts'
import { renderKillSwitch } from '../../firstboot/vpn/kill-switch.ts'
import { Capture, leaked, type Packet, packetWords } from '../internet/capture.ts'
import { Space } from '../internet/space.ts'

// What stands on a machine with Docker, without Docker: the bridge of the VPN with a container on it, and a way out.
const ENDPOINT = '198.51.100.51'
const HOST = '203.0.113.7'

let internet: Space
let host: Space
let container: Space
let folder: string
const spaces: Space[] = []

async function open(name: string): Promise<Space> {
  const space = await Space.open(name, spaces[0])
  spaces.push(space)
  return space
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ms-trial-'))
  internet = await open('internet')
  host = await open('host')
  container = await open('container')
  await internet.link('wire', host, 'wan0')
  await internet.address('wire', '203.0.113.1/24')
  await internet.address('wire', '2001:db8:1::1/64')
  await host.address('wan0', `${HOST}/24`)
  await host.address('wan0', '2001:db8:1::7/64')
  await host.run('ip', 'route', 'add', 'default', 'via', '203.0.113.1')
  await host.run('ip', '-6', 'route', 'add', 'default', 'via', '2001:db8:1::1')
  await host.run('sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1')
  await host.run('ip', 'link', 'add', 'br-vpn', 'type', 'bridge')
  await host.run('ip', 'link', 'set', 'br-vpn', 'up')
  await host.address('br-vpn', '172.30.1.1/24')
  await host.link('veth0', container, 'eth0')
  await host.run('ip', 'link', 'set', 'veth0', 'master', 'br-vpn')
  await container.address('eth0', '172.30.1.2/24')
  const docker =
    'table ip docker { chain post { type nat hook postrouting priority srcnat; ip saddr 172.30.1.0/24 oifname != "br-vpn" masquerade; }; }'
  await host.run('nft', docker)
})

afterAll(async () => {
  await Promise.all(spaces.map(space => space[Symbol.asyncDispose]()))
  await rm(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  await load(renderKillSwitch({ lanPorts: [8989], connected: [], endpoints: [ENDPOINT] }))
})

async function load(text: string): Promise<void> {
  expect(await host.attempt(['nft', '-f', '-'], text)).toMatchObject({ code: 0, stderr: '' })
}

const remove = () => host.run('nft', 'delete', 'table', 'inet', 'mediaserver')

/** Programs run on the machine, as the runner of checks starts them. */
const doors = (signal?: AbortSignal): Pick<Scene, 'attempt'> => ({
  attempt: async (argv, follow = {}) => {
    const [program = '', ...args] = [...host.enter, ...argv]
    return await runLong(program, args, { ...follow, ...(signal === undefined ? {} : { signal }) })
  },
})

const attempt = async () => judgeTrial(await tryToGetOut(doors(), [ENDPOINT]))

/** Runs something while the wire is listened to; gives all that left the machine, but for its asking who has an address. */
async function onTheWire(body: () => Promise<void>): Promise<Packet[]> {
  const capture = await Capture.start(internet, 'wire', join(folder, `${Math.random()}.pcap`))
  await body()
  const packets = await capture.packets()
  await capture.stop()
  return leaked(packets, ({ kind, protocol, destination }) => {
    const neighbours = protocol === 'icmp' && /^(fe80|2001:db8:0*1):/.test(destination)
    return kind === 'arp' || (kind === 'ipv6' && (neighbours || destination.startsWith('ff02:')))
  })
}

describe('a probe without a tunnel', () => {
  test('gets nothing out, and the kill switch has counted all that was tried', async () => {
    const packets = await onTheWire(async () => {
      const seen = await tryToGetOut(doors(), [ENDPOINT])
      expect(Object.values(seen.passed)).toEqual([0, 0, 0, 0, 0])
      for (const count of Object.values(seen.tried)) expect(count).toBeGreaterThan(0)
      expect(seen.rise).toMatchObject({ tunnelled: 0 })
      const finding = judgeTrial(seen)
      expect(finding.words).toMatch(/^Without the tunnel, \d+ packets of \d+ kinds got nowhere; it has counted \d+\.$/)
      expect(finding.verdict).toBe('pass')
    })
    expect(packets.map(packetWords)).toEqual([])
  })

  test('is a leak without the kill switch, and even then nothing is sent to anybody', async () => {
    await remove()
    const packets = await onTheWire(async () => {
      const finding = await attempt()
      expect(finding).toMatchObject({ verdict: 'fail', trouble: 'kill-switch-leaks' })
      expect(finding.words).toMatch(
        /^It lets pass: DNS, IPv4, IPv6, IPv4 with the address of the tunnel, what this machine/,
      )
    })
    expect(packets.map(packetWords)).toEqual([])
  })

  test.each([
    ['DNS', 'from_vpn udp dport 53 accept', /^It lets pass: DNS, IPv6/],
    ['IPv6', 'from_vpn meta nfproto ipv6 accept', /^It lets pass: IPv6 \(/],
    ['one port', 'from_vpn tcp dport 6881 accept', /^It lets pass: IPv4 \(/],
    ['this machine', 'to_this_machine accept', /^It lets pass: what this machine offers itself \(/],
    [
      'the address of the tunnel',
      'from_vpn ip saddr 10.5.0.2 accept',
      /^It lets pass: IPv4 with the address of the tunnel/,
    ],
  ])('finds a rule that was put in to let %s out', async (_what, rule, words) => {
    await host.run('nft', 'insert', 'rule', 'inet', 'mediaserver', ...rule.split(' '))
    const finding = await attempt()
    expect(finding).toMatchObject({ verdict: 'fail', trouble: 'kill-switch-leaks' })
    expect(finding.words).toMatch(words)
  })

  test('is no proof when somebody else stops it: tomorrow nobody may', async () => {
    await host.run('nft', 'flush', 'chain', 'inet', 'mediaserver', 'from_vpn')
    await load('table inet other { chain forward { type filter hook forward priority 0; policy drop; }; }')
    try {
      const finding = await attempt()
      expect(finding).toMatchObject({ verdict: 'fail', trouble: 'kill-switch-leaks' })
      expect(finding.words).toContain('something else has stopped the others')
    } finally {
      await host.run('nft', 'delete', 'table', 'inet', 'other')
    }
  })

  test('leaves nothing behind, and containers beside it notice nothing', async () => {
    const state = async () => [
      await host.run('ip', '-brief', 'link'),
      await host.run('nft', 'list', 'tables'),
      await container.run('ip', 'neigh', 'show'),
    ]
    await host.run('ping', '-c', '2', '-i', '0.2', '172.30.1.2')
    const before = await state()
    const flow = host.attempt(['ping', '-q', '-i', '0.02', '-c', '150', '172.30.1.2'])
    expect((await attempt()).verdict).toBe('pass')
    expect((await flow).stdout).toContain('150 packets transmitted, 150 received, 0% packet loss')
    const [links, tables] = await state()
    expect(links).toBe(before[0])
    expect(tables).toBe(before[1])
  })

  test('can be cut off at any moment; the next one is right all the same', async () => {
    for (const milliseconds of [20, 60, 150, 400, 900]) {
      const stop = new AbortController()
      const timer = setTimeout(() => stop.abort(), milliseconds)
      await tryToGetOut(doors(stop.signal), [ENDPOINT]).catch(() => {})
      clearTimeout(timer)
      expect((await attempt()).verdict).toBe('pass')
    }
    expect(await host.run('nft', 'list', 'tables')).not.toContain(PROBE_TABLE)
    await expect.poll(() => host.run('ip', '-brief', 'link')).not.toContain('ms-probe')
  })

  test('proves nothing on a machine without a way into the internet', async () => {
    await host.run('ip', 'route', 'del', 'default')
    try {
      expect(await attempt()).toMatchObject({ verdict: 'warn', trouble: 'kill-switch-untried' })
    } finally {
      await host.run('ip', 'route', 'add', 'default', 'via', '203.0.113.1')
    }
  })

  test('needs no IPv6 where the machine takes none, and where it does, it is tried', async () => {
    await host.run('sysctl', '-qw', 'net.ipv6.conf.br-vpn.disable_ipv6=1')
    try {
      const seen = await tryToGetOut(doors(), [ENDPOINT])
      expect(seen.ipv6Off).toBe(true)
      // Where bridges show their frames to the rules for IP, it is seen even so.
      const unseen = { ...seen, tried: { ...seen.tried, ipv6: 0 } }
      expect(judgeTrial(seen).verdict).toBe('pass')
      expect(judgeTrial(unseen).verdict).toBe('pass')
      expect(judgeTrial({ ...unseen, ipv6Off: false })).toMatchObject({
        verdict: 'warn',
        trouble: 'kill-switch-untried',
      })
    } finally {
      await host.run('sysctl', '-qw', 'net.ipv6.conf.br-vpn.disable_ipv6=0')
    }
  })

  test('says so when there is no place for it', async () => {
    await host.run('ip', 'link', 'set', 'br-vpn', 'name', 'br-other')
    try {
      await expect(tryToGetOut(doors(), [])).rejects.toThrow('The network of the VPN (br-vpn) is not there')
    } finally {
      await host.run('ip', 'link', 'set', 'br-other', 'name', 'br-vpn')
      await host.run('ip', 'link', 'set', 'br-vpn', 'up')
    }
  })
})
