import { describe, expect, it } from 'vitest'
import { safetyStopsPath } from '../../../firstboot/doctor/safety-stop.ts'
import { mend, otherServer } from '../../../firstboot/vpn/supervisor/mend.ts'
import type { VpnServer } from '../../../firstboot/vpn/nordvpn.ts'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { FakeDocker } from '../docker/fake-docker.ts'
import type { VpnSettings } from '../../../firstboot/vpn/settings.ts'
import { askerOf, offline, someWorld } from './world.ts'

describe('mending the tunnel', () => {
  const madeAnew = async (stopped: boolean) => {
    const docker = await FakeDocker.open([])
    docker.onCall = () => ({ code: 0, stdout: '', stderr: '' })
    const stops = { qbittorrent: { why: 'the home was seen', at: 0 } }
    if (stopped) await docker.write(safetyStopsPath, JSON.stringify(stops))
    return docker
  }

  it('makes both containers anew', async () => {
    const docker = await madeAnew(false)
    expect(await mend('recreate', docker.site, offline)).toBe('The containers of the VPN were made anew.')
    expect(docker.calls.at(-1)).toMatch(/--force-recreate nordlynx qbittorrent$/)
  })

  it('leaves a torrent client alone that was stopped for safety', async () => {
    const docker = await madeAnew(true)
    expect(await mend('recreate', docker.site, offline)).toMatch(/qBittorrent stays stopped for safety/)
    await expect(mend('start-client', docker.site, offline)).rejects.toThrow(/was stopped for safety/)
    expect(docker.calls.filter(call => call.includes('qbittorrent'))).toEqual([])
  })
})

describe('another server', () => {
  const world = someWorld()
  const servers = world.servers.map(each => ({ ...each, p2p: true }))
  const asVpnServer = ({ hostname, station, publicKey, country, city }: (typeof servers)[number]): VpnServer => ({
    hostname,
    station,
    publicKey,
    country,
    city,
  })
  const [first, ...others] = servers.map(asVpnServer)
  if (first === undefined) throw new Error('There are no servers.')
  const start: VpnSettings = { key: new Secret(world.key), source: '', country: '', server: first, others, note: '' }
  const online = askerOf({ ...world, servers }).get

  it.each([
    ['NordVPN recommends the same ones every time', online],
    ['nobody can be asked', offline],
  ])('is one after the other until each had its turn, while %s', async (_, get) => {
    const tried: string[] = []
    let settings = start
    for (let turn = 0; turn < 6; turn++) {
      settings = { ...start, ...(await otherServer(settings, get)) }
      tried.push(settings.server.hostname)
    }
    const once = ['se2.nordvpn.com', 'de1.nordvpn.com', 'se1.nordvpn.com']
    expect(tried).toEqual([...once, ...once])
  })

  it('is one that is recommended for the first time, before those that were tried', async () => {
    const [, ...known] = servers
    const kept = { ...start, others: known.map(asVpnServer) }
    const added = { hostname: 'new.nordvpn.com', station: '203.0.113.9', country: 'Sweden', city: 'Capital', p2p: true }
    const fresh = [...servers, { ...added, publicKey: first.publicKey }]
    const { server } = await otherServer(kept, askerOf({ ...world, servers: fresh }).get)
    expect(server.hostname).toBe('new.nordvpn.com')
  })
})
