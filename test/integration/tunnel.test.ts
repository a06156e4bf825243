import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { leaked, type Packet, packetWords } from '../internet/capture.ts'
import { HOME_ADDRESS, ROUTER, TestInternet } from '../internet/internet.ts'
import { knock } from '../internet/knock.ts'
import { PretendMachine } from '../internet/machine.ts'
import { WEB } from '../internet/names.ts'

let internet: TestInternet
let machine: PretendMachine
const exit = (hostname: string) => {
  const found = internet.exits.find(each => each.server.hostname === hostname)
  if (found === undefined) throw new Error(`There is no ${hostname}.`)
  return found
}
const [first, second] = ['se101.nordvpn.com', 'se102.nordvpn.com'] as const

beforeAll(async () => {
  internet = await TestInternet.open()
  machine = await PretendMachine.open(internet)
})

afterAll(async () => {
  await machine[Symbol.asyncDispose]()
  await internet[Symbol.asyncDispose]()
})

/** What the container may send: datagrams to the one server. Whatever else came out of the home's wall was a leak. */
const tunnelTo =
  (...stations: readonly string[]) =>
  ({ kind, protocol, source, destination, port }: Packet): boolean =>
    kind === 'arp' ||
    (kind === 'ipv6' && destination.startsWith('ff02:')) ||
    (protocol === 'udp' && source === machine.address && stations.includes(destination) && port === 51820)

describe('the test internet', () => {
  test('sees a machine at home by the address of its router', async () => {
    expect(await machine.addressSeenFrom(machine.host)).toBe(HOME_ADDRESS)
    expect(internet.names()).toContain('ipv4.icanhazip.com')
  })

  test('sees at the wire what leaves, whoever sends it', async () => {
    const capture = await internet.capture(machine.cable)
    await machine.host.address('eth0', '10.5.0.2/32')
    await knock(machine.host, [
      { protocol: 'udp', to: WEB, port: 6881 },
      { protocol: 'udp', to: WEB, port: 53, from: '10.5.0.2' },
    ])
    await machine.host.run('ip', 'address', 'del', '10.5.0.2/32', 'dev', 'eth0')
    const seen = leaked(await capture.packets(), tunnelTo()).map(packet => `${packet.source} ${packet.port}`)
    expect(seen).toEqual(expect.arrayContaining([`${machine.address} 6881`, '10.5.0.2 53']))
    await capture.stop()
  })

  test('is cut off when the router is, and comes back', async () => {
    await internet.connectHome(false)
    expect(await machine.addressSeenFrom(machine.host)).toBeNull()
    await internet.connectHome(true)
    expect(await machine.addressSeenFrom(machine.host)).toBe(HOME_ADDRESS)
  })
})

// One after the other, as they happen on a machine.
describe('the container of the VPN', () => {
  test('is not healthy before a server has answered', async () => {
    await machine.lead(exit(first).server)
    await machine.start()
    const { code, stdout } = await machine.health()
    expect([code, stdout]).toEqual([1, "the VPN's server has not answered yet\n"])
    expect(await machine.addressSeenFrom(machine.container)).toBeNull()
  })

  test('is seen by the address of the server, once the kill switch lets the tunnel through', async () => {
    await machine.guard([exit(first).server.station])
    const capture = await internet.capture(machine.cable)
    await expect
      .poll(() => machine.addressSeenFrom(machine.container), { timeout: 20_000 })
      .toBe(exit(first).server.station)
    expect((await machine.health()).code).toBe(0)
    const packets = await capture.packets()
    await capture.stop()
    expect(packets.filter(({ port }) => port === 51820).length).toBeGreaterThan(5)
    expect(leaked(packets, tunnelTo(exit(first).server.station)).map(packetWords)).toEqual([])
  })

  test('asks for names through the tunnel, and nobody at home hears of it', async () => {
    await machine.container.run('getent', 'ahostsv4', 'tracker.example.test')
    expect(exit(first).names()).toContain('tracker.example.test')
    expect(internet.names()).not.toContain('tracker.example.test')
  })

  test('is healthy without a question when something has come by itself', async () => {
    await machine.health()
    const before = exit(first).names().length
    await machine.container.run('ping', '-q', '-c', '20', '-i', '0.01', WEB)
    expect((await machine.health()).code).toBe(0)
    expect(exit(first).names()).toHaveLength(before)
  })

  test('answers the near side and nobody who comes through the tunnel', async () => {
    const program = machine.container.start([
      process.execPath,
      '-e',
      'for(const p of [8080,8081])require("net").createServer(s=>s.end("page")).listen(p,()=>console.log("listens",p))',
    ])
    await program.waitFor(/listens 8080/)
    await program.waitFor(/listens 8081/)
    const page = { protocol: 'tcp', port: 8080 } as const
    expect(await knock(machine.host, [{ ...page, to: '172.30.1.2' }])).toEqual(['page'])
    const through = [page.port, 8081].map(port => ({ ...page, to: machine.tunnelAddress, port }))
    // The second one is not a page of ours: it shows that the tunnel leads there.
    expect(await knock(exit(first).space, through)).toEqual([null, 'page'])
    await program.stop()
  })

  test('notices that a server is gone, and nothing leaves beside the tunnel meanwhile', async () => {
    await machine.health()
    const capture = await internet.capture(machine.cable)
    await exit(first).switchTo('off')
    const { code, stdout } = await machine.health()
    expect([code, stdout]).toEqual([1, 'nothing comes through the tunnel\n'])
    expect(await machine.addressSeenFrom(machine.container)).toBeNull()
    const packets = await capture.packets()
    await capture.stop()
    expect(leaked(packets, tunnelTo(exit(first).server.station)).map(packetWords)).toEqual([])
  })

  test('goes on with another server at once, in the same network', async () => {
    const capture = await internet.capture(machine.cable)
    await machine.guard([exit(second).server.station])
    await machine.lead(exit(second).server)
    await expect
      .poll(() => machine.addressSeenFrom(machine.container), { timeout: 20_000 })
      .toBe(exit(second).server.station)
    expect((await machine.health()).code).toBe(0)
    expect(await machine.container.run('ip', '-4', 'route')).not.toContain(exit(first).server.station)
    const packets = await capture.packets()
    await capture.stop()
    expect(leaked(packets, tunnelTo(exit(second).server.station)).map(packetWords)).toEqual([])
    await exit(first).switchTo('on')
  })

  test('lets nothing out when its tunnel is torn down, even with a way around it', async () => {
    const capture = await internet.capture(machine.cable)
    await machine.container.run('ip', 'link', 'del', 'wg0')
    const around = [
      { protocol: 'tcp', to: WEB, port: 443 },
      { protocol: 'udp', to: WEB, port: 6881 },
      { protocol: 'udp', to: ROUTER, port: 53 },
    ] as const
    expect(await knock(machine.container, around)).toEqual([null, null, null])
    await machine.container.run('ip', 'route', 'add', 'default', 'via', '172.30.1.1')
    expect(await knock(machine.container, around)).toEqual([null, null, null])
    expect(leaked(await capture.packets(), tunnelTo()).map(packetWords)).toEqual([])
    await machine.host.run('nft', 'delete', 'table', 'inet', 'mediaserver')
    await knock(machine.container, around)
    expect(leaked(await capture.packets(), tunnelTo()).length).toBeGreaterThan(2)
    await capture.stop()
  })
})
