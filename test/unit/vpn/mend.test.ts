import { describe, expect, it } from 'vitest'
import { safetyStopsPath } from '../../../firstboot/doctor/safety-stop.ts'
import { mend } from '../../../firstboot/vpn/supervisor/mend.ts'
import { FakeDocker } from '../docker/fake-docker.ts'
import { offline } from './world.ts'

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
