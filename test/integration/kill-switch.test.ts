import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseCounters } from '../../firstboot/vpn/counters.ts'
import { type Counter, renderEndpoints, renderKillSwitch } from '../../firstboot/vpn/kill-switch.ts'
import { Capture, leaked, type Packet, packetWords } from '../internet/capture.ts'
import { answerAt, knock } from '../internet/knock.ts'
import type { Knock } from '../internet/programs/knock.ts'
import { Space } from '../internet/space.ts'

// What stands on a machine with Docker, without Docker: two bridges with a container each, one container on both, network
// address translation as Docker does it, a neighbour in the local network, and the internet.
const ENDPOINT = '198.51.100.51'
const OTHER_ENDPOINT = '198.51.100.52'
const WEB = '198.51.100.10'
const WEB6 = '2001:db8:ffff::10'
const HOST = '203.0.113.7'
const TUNNEL = '10.5.0.2'
const UI = 8080
const LAN_PORT = 8989
const OPEN_PORT = 443

interface Lab {
  readonly internet: Space
  readonly host: Space
  readonly neighbour: Space
  readonly vpn: Space
  readonly arr: Space
  readonly media: Space
}
let lab: Lab
let folder: string
const spaces: Space[] = []

async function open(name: string): Promise<Space> {
  const space = await Space.open(name, spaces[0])
  spaces.push(space)
  return space
}

/** Puts a container on a bridge of the host: `device` is its own end. */
async function plug(host: Space, bridge: string, container: Space, device: string, address: string): Promise<void> {
  const port = `${bridge}-${container.name}`.slice(0, 15)
  await host.link(port, container, device)
  await host.run('ip', 'link', 'set', port, 'master', bridge)
  await container.address(device, address)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ms-kill-switch-'))
  const internet = await open('internet')
  const host = await open('host')
  const [neighbour, vpn, arr, media] = [
    await open('neighbour'),
    await open('vpn'),
    await open('arr'),
    await open('media'),
  ]
  lab = { internet, host, neighbour, vpn, arr, media }

  await internet.link('wire', host, 'wan0')
  for (const address of [`${WEB}/32`, `${ENDPOINT}/32`, `${OTHER_ENDPOINT}/32`, `${WEB6}/128`])
    await internet.address('lo', address)
  await internet.address('wire', '203.0.113.1/24')
  await internet.address('wire', '2001:db8::1/64')
  await internet.run('ip', 'route', 'add', '172.30.0.0/16', 'via', HOST)
  await internet.run('ip', '-6', 'route', 'add', 'default', 'via', '2001:db8::7')
  await host.address('wan0', `${HOST}/24`)
  await host.address('wan0', '2001:db8::7/64')
  await host.run('ip', 'route', 'add', 'default', 'via', '203.0.113.1')
  await host.run('ip', '-6', 'route', 'add', 'default', 'via', '2001:db8::1')
  await host.run('sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1')
  // As Docker sets it: frames between containers of one bridge are shown to the rules for what is forwarded.
  await host.attempt(['sysctl', '-qw', 'net.bridge.bridge-nf-call-iptables=1'])

  await host.link('lan0', neighbour, 'eth0')
  await host.address('lan0', '192.168.1.20/24')
  await neighbour.address('eth0', '192.168.1.30/24')

  for (const [bridge, address, address6] of [
    ['br-vpn', '172.30.1.1/24', 'fd00:1::1/64'],
    ['br-media', '172.30.2.1/24', 'fd00:2::1/64'],
  ] as const) {
    await host.run('ip', 'link', 'add', bridge, 'type', 'bridge')
    await host.run('ip', 'link', 'set', bridge, 'up')
    await host.address(bridge, address)
    await host.address(bridge, address6)
  }
  await plug(host, 'br-vpn', vpn, 'eth0', '172.30.1.2/24')
  await vpn.address('eth0', 'fd00:1::2/64')
  await vpn.address('eth0', `${TUNNEL}/32`)
  await vpn.run('ip', 'route', 'add', 'default', 'via', '172.30.1.1')
  await vpn.run('ip', '-6', 'route', 'add', 'default', 'via', 'fd00:1::1')
  await plug(host, 'br-media', arr, 'eth0', '172.30.2.2/24')
  await plug(host, 'br-vpn', arr, 'eth1', '172.30.1.3/24')
  await arr.run('ip', 'route', 'add', 'default', 'via', '172.30.2.1')
  await arr.run('sysctl', '-qw', 'net.ipv4.ip_forward=1')
  await plug(host, 'br-media', media, 'eth0', '172.30.2.4/24')
  await media.run('ip', 'route', 'add', 'default', 'via', '172.30.2.1')

  const docker = `
table ip docker {
  chain post { type nat hook postrouting priority srcnat;
    ip saddr 172.30.1.0/24 oifname != "br-vpn" masquerade
    ip saddr 172.30.2.0/24 oifname != "br-media" masquerade
  }
  chain pre { type nat hook prerouting priority dstnat;
    iifname != "br-media" fib daddr type local tcp dport { ${LAN_PORT}, ${OPEN_PORT} } dnat to 172.30.2.2
  }
}`
  expect((await host.attempt(['nft', '-f', '-'], docker)).stderr).toBe('')
  await answerAt(internet, [WEB, WEB6, ENDPOINT, OTHER_ENDPOINT], [53, 443, 853, 6881, 51820])
  await answerAt(vpn, ['172.30.1.2'], [UI])
  await answerAt(arr, ['172.30.2.2'], [LAN_PORT, OPEN_PORT])
  // So that nothing waits for a neighbour's answer, and is sent when the test is another one.
  await host.run('ping', '-c', '1', '-W', '5', '2001:db8::1')
  await host.run('ping', '-c', '1', '-W', '5', '203.0.113.1')
  await answerAt(host, ['0.0.0.0', '::'], [22, 53])
})

afterAll(async () => {
  await Promise.all(spaces.map(space => space[Symbol.asyncDispose]()))
  await rm(folder, { recursive: true, force: true })
})

async function load(text: string): Promise<void> {
  const { code, stderr } = await lab.host.attempt(['nft', '-f', '-'], text)
  expect(stderr).toBe('')
  expect(code).toBe(0)
}

const ports = { lanPorts: [LAN_PORT], connected: [] }
const closed = renderKillSwitch({ ...ports, endpoints: [] })
const open1 = renderKillSwitch({ ...ports, endpoints: [ENDPOINT] })
const remove = () => lab.host.attempt(['nft', 'delete', 'table', 'inet', 'mediaserver'])

const counters = async (): Promise<Record<Counter, number>> =>
  parseCounters(await lab.host.run('nft', '-j', 'list', 'counters', 'table', 'inet', 'mediaserver'))

/** Runs something while the wire is listened to; gives all that the host sent, but for its asking who has an address. */
async function onTheWire(body: () => Promise<void>): Promise<Packet[]> {
  const capture = await Capture.start(lab.internet, 'wire', join(folder, `${Math.random()}.pcap`))
  await body()
  const packets = await capture.packets()
  await capture.stop()
  return leaked(packets, ({ kind, protocol, destination }) => {
    // Neighbours of this very cable asking for each other.
    const neighbours = protocol === 'icmp' && /^(fe80|2001:db8:0:0):/.test(destination)
    return kind === 'arp' || (kind === 'ipv6' && (neighbours || destination.startsWith('ff02:')))
  })
}

const everyWay: readonly Knock[] = [
  { protocol: 'tcp', to: WEB, port: 443 },
  { protocol: 'tcp', to: WEB, port: 6881 },
  { protocol: 'udp', to: WEB, port: 6881 },
  { protocol: 'udp', to: WEB, port: 53 },
  { protocol: 'tcp', to: WEB, port: 53 },
  { protocol: 'tcp', to: WEB, port: 853 },
  { protocol: 'udp', to: WEB, port: 51820 },
  { protocol: 'tcp', to: ENDPOINT, port: 51820 },
  { protocol: 'udp', to: ENDPOINT, port: 6881 },
  { protocol: 'udp', to: OTHER_ENDPOINT, port: 51820 },
  { protocol: 'tcp', to: WEB6, port: 443 },
  { protocol: 'udp', to: WEB6, port: 53 },
  // By the wrong door, with the address that it has inside the tunnel.
  { protocol: 'tcp', to: WEB, port: 443, from: TUNNEL },
  { protocol: 'udp', to: WEB, port: 6881, from: TUNNEL },
  { protocol: 'udp', to: WEB, port: 53, from: TUNNEL },
]

async function tryEverything(): Promise<(string | null)[]> {
  const answers = await knock(lab.vpn, everyWay)
  for (const from of ['172.30.1.2', TUNNEL]) {
    const { code } = await lab.vpn.attempt(['ping', '-c', '1', '-W', '1', '-I', from, WEB])
    answers.push(code === 0 ? 'pong' : null)
  }
  const { code } = await lab.vpn.attempt(['ping', '-6', '-c', '1', '-W', '1', WEB6])
  answers.push(code === 0 ? 'pong' : null)
  return answers
}

describe('what the container of the VPN gets out beside its tunnel', () => {
  test('is everything, without the kill switch: the test can see a leak of each kind', async () => {
    await remove()
    const packets = await onTheWire(async () => {
      // An address of the inside of a tunnel is not known outside, so that no answer finds it.
      const own = everyWay.filter(({ from }) => from !== TUNNEL).length
      expect((await tryEverything()).slice(0, own)).not.toContain(null)
    })
    const kinds = new Set(packets.map(({ kind, protocol }) => `${kind} ${protocol}`))
    expect([...kinds].sort()).toEqual(['ipv4 icmp', 'ipv4 tcp', 'ipv4 udp', 'ipv6 icmp', 'ipv6 tcp', 'ipv6 udp'])
    const disguised = packets
      .filter(({ source }) => source === TUNNEL)
      .map(({ protocol, port }) => `${protocol} ${port}`)
    expect(new Set(disguised)).toEqual(new Set(['tcp 443', 'udp 6881', 'udp 53', 'icmp 0']))
  })

  test('is nothing, with it, and each attempt is counted', async () => {
    await load(open1)
    const packets = await onTheWire(async () => {
      expect((await tryEverything()).filter(answer => answer !== null)).toEqual([])
    })
    expect(packets.map(packetWords)).toEqual([])
    const counted = await counters()
    expect(counted.leak_dns).toBeGreaterThanOrEqual(5)
    expect(counted.leak_ipv4).toBeGreaterThanOrEqual(9)
    expect(counted.leak_ipv6).toBeGreaterThanOrEqual(2)
    expect(counted.tunnelled).toBe(0)
  })

  test('is nothing at all while no server is chosen: it begins closed', async () => {
    await load(closed)
    const packets = await onTheWire(async () => {
      expect(await knock(lab.vpn, [{ protocol: 'udp', to: ENDPOINT, port: 51820 }])).toEqual([null])
    })
    expect(packets.map(packetWords)).toEqual([])
  })

  test('is its tunnel to the chosen server, which answers', async () => {
    await load(open1)
    const packets = await onTheWire(async () => {
      expect(await knock(lab.vpn, [{ protocol: 'udp', to: ENDPOINT, port: 51820 }])).toEqual([HOST])
    })
    expect(packets.map(({ destination, port }) => `${destination}:${port}`)).toEqual([`${ENDPOINT}:51820`])
    expect((await counters()).tunnelled).toBe(1)
  })

  test('does not get out through a container that is on both bridges and passes packets on', async () => {
    await load(open1)
    await lab.vpn.run('ip', 'route', 'add', `${WEB}/32`, 'via', '172.30.1.3')
    try {
      const round: Knock[] = ['172.30.1.2', TUNNEL].map(from => ({ protocol: 'tcp', to: WEB, port: 443, from }))
      const packets = await onTheWire(async () => expect(await knock(lab.vpn, round)).toEqual([null, null]))
      expect(packets.map(packetWords)).toEqual([])
      expect((await counters()).wrong_door).toBeGreaterThanOrEqual(2)
      await remove()
      const without = await onTheWire(async () => void (await knock(lab.vpn, round)))
      expect(without.length).toBeGreaterThan(0)
    } finally {
      await lab.vpn.run('ip', 'route', 'del', `${WEB}/32`)
    }
  })
})

describe('a changed server', () => {
  test('cuts the flow to the one before at once, and nobody else is let out meanwhile', async () => {
    await load(open1)
    const flowTo = (to: string): Knock[] => [{ protocol: 'udp', to, port: 51820 }]
    const flow = flowTo(ENDPOINT)
    expect(await knock(lab.vpn, flow)).toEqual([HOST])
    await load(renderEndpoints([OTHER_ENDPOINT]))
    const packets = await onTheWire(async () => {
      expect(await knock(lab.vpn, flow)).toEqual([null])
      expect(await knock(lab.vpn, flowTo(OTHER_ENDPOINT))).toEqual([HOST])
    })
    expect(packets.map(packet => packet.destination)).toEqual([OTHER_ENDPOINT])
    expect(await counters()).toMatchObject({ tunnelled: 2, leak_ipv4: 1 })
  })

  test('or loading everything again never leaves a moment without the kill switch', async () => {
    await load(open1)
    const during = async (change: (round: number) => Promise<unknown>) =>
      await onTheWire(async () => {
        const flood = lab.vpn.start(['ping', '-q', '-i', '0.002', '-w', '20', WEB])
        for (let round = 0; round < 40; round += 1) await change(round)
        await flood.stop()
      })
    expect((await during(round => load(round % 2 === 0 ? closed : open1))).map(packetWords)).toEqual([])
    const carelessly = await during(async () => {
      await remove()
      await load(open1)
    })
    expect(carelessly.length).toBeGreaterThan(0)
  })

  test('keeps what was open to this machine open', async () => {
    await load(open1)
    for (const text of [closed, open1]) {
      await load(text)
      expect(await knock(lab.host, [{ protocol: 'tcp', to: '172.30.1.2', port: UI }])).toEqual(['172.30.1.1'])
    }
  })
})

describe('the network of the VPN', () => {
  test('can be asked by this machine and by containers beside it, and answers', async () => {
    await load(open1)
    const ui: Knock[] = [{ protocol: 'tcp', to: '172.30.1.2', port: UI }]
    expect(await knock(lab.host, ui)).toEqual(['172.30.1.1'])
    expect(await knock(lab.arr, ui)).toEqual(['172.30.1.3'])
  })

  test('sees nothing of what this machine offers, on none of its addresses', async () => {
    await load(open1)
    const doors: Knock[] = ['172.30.1.1', '192.168.1.20', HOST, '172.30.2.1', 'fd00:1::1'].flatMap(to => [
      { protocol: 'tcp', to, port: 22 } as const,
      { protocol: 'udp', to, port: 53 } as const,
    ])
    expect((await knock(lab.vpn, doors)).filter(answer => answer !== null)).toEqual([])
    expect((await counters()).to_host).toBeGreaterThanOrEqual(doors.length)
    await remove()
    expect(await knock(lab.vpn, doors)).not.toContain(null)
  })

  test('is not reached from the local network or the internet, even by whoever knows the way', async () => {
    await load(open1)
    const ui: Knock[] = [{ protocol: 'tcp', to: '172.30.1.2', port: UI }]
    await lab.neighbour.run('ip', 'route', 'replace', '172.30.0.0/16', 'via', '192.168.1.20')
    expect(await knock(lab.neighbour, ui)).toEqual([null])
    expect(await knock(lab.internet, ui)).toEqual([null])
    expect((await counters()).unasked).toBeGreaterThanOrEqual(2)
    await remove()
    expect(await knock(lab.internet, ui)).not.toContain(null)
  })
})

describe('ports of the local network', () => {
  const lan: Knock[] = [{ protocol: 'tcp', to: '192.168.1.20', port: LAN_PORT }]
  const wan: Knock[] = [{ protocol: 'tcp', to: HOST, port: LAN_PORT }]
  const direct: Knock[] = [{ protocol: 'tcp', to: '172.30.2.2', port: LAN_PORT }]

  test('answer a neighbour, other containers, and this machine', async () => {
    await load(open1)
    expect(await knock(lab.neighbour, lan)).toEqual(['192.168.1.30'])
    expect(await knock(lab.media, direct)).toEqual(['172.30.2.4'])
    expect(await knock(lab.host, direct)).toEqual(['172.30.2.1'])
  })

  test('refuse the internet, though Docker publishes them to everybody', async () => {
    await load(open1)
    expect(await knock(lab.internet, [...wan, ...direct])).toEqual([null, null])
    expect((await counters()).lan_only).toBeGreaterThanOrEqual(2)
    await remove()
    expect(await knock(lab.internet, [...wan, ...direct])).not.toContain(null)
  })

  test('count a network with public addresses as local when this machine is in it', async () => {
    await load(renderKillSwitch({ lanPorts: [LAN_PORT], endpoints: [], connected: ['203.0.113.0/24'] }))
    expect(
      await knock(lab.internet, [
        { ...wan[0]!, from: '203.0.113.1' },
        { ...wan[0]!, from: WEB },
      ]),
    ).toEqual(['203.0.113.1', null])
  })

  test('are closed alone: SSH and the ports for everybody stay open to the internet', async () => {
    await load(open1)
    const doors: Knock[] = [
      { protocol: 'tcp', to: HOST, port: 22 },
      { protocol: 'tcp', to: '2001:db8::7', port: 22 },
      { protocol: 'tcp', to: HOST, port: OPEN_PORT },
    ]
    expect(await knock(lab.internet, doors)).not.toContain(null)
  })

  test('of others stay open: asking somebody in the internet on such a port works', async () => {
    await load(open1)
    await answerAt(lab.internet, [WEB], [LAN_PORT])
    expect(await knock(lab.media, [{ protocol: 'tcp', to: WEB, port: LAN_PORT }])).toEqual([HOST])
  })
})
