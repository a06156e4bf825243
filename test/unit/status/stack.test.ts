import { describe, expect, test } from 'vitest'
import { parseStack } from '../../../firstboot/status/stack.ts'
import { aService } from '../stack/a-service.ts'

const lan = (port: number) => [{ port, protocol: 'tcp', reach: 'lan' }] as const
const catalogue = [
  aService({ name: 'sonarr', title: 'Sonarr', ports: lan(8989) }),
  aService({ name: 'nordlynx', title: 'VPN', ports: [] }),
  aService({ name: 'qbittorrent', title: 'qBittorrent', ports: [{ port: 8080, protocol: 'tcp', reach: 'host' }] }),
  aService({ name: 'bazarr', title: 'Bazarr', ports: lan(6767) }),
]
const listed = (name: string, state: string, status: string) => ({ Names: [`/${name}`], State: state, Status: status })

describe('what Docker lists of the stack', () => {
  test.each([
    ['running', 'Up 5 minutes (healthy)', 'running'],
    ['running', 'Up 5 minutes', 'running'],
    ['running', 'Up 3 seconds (health: starting)', 'starting'],
    ['running', 'Up 5 minutes (unhealthy)', 'failed'],
    ['created', 'Created', 'starting'],
    ['restarting', 'Restarting (255) 5 seconds ago', 'failed'],
    ['exited', 'Exited (137) 2 minutes ago', 'failed'],
    ['dead', 'Dead', 'failed'],
    ['paused', 'Up 5 minutes (Paused)', 'off'],
  ])('%s, %s: %s', (state, status, expected) => {
    const text = JSON.stringify([listed('sonarr', state, status), listed('of-somebody-else', 'running', 'Up')])
    expect(parseStack(text, catalogue)?.services).toEqual([
      { name: 'Sonarr', state: expected, look: 'sudo docker logs sonarr' },
    ])
  })

  test('one whose health depends on the world outside runs when it runs', () => {
    const own = [aService({ name: 'sonarr', title: 'Sonarr', waitFor: 'running' })]
    const text = JSON.stringify([listed('sonarr', 'running', 'Up 5 minutes (unhealthy)')])
    expect(parseStack(text, own)?.services).toMatchObject([{ state: 'running' }])
  })

  test('comes in the order of the catalogue, and makes no sense where it is cut off', () => {
    const all = [listed('qbittorrent', 'running', 'Up'), listed('sonarr', 'running', 'Up')]
    expect(parseStack(JSON.stringify(all), catalogue)?.services.map(({ name }) => name)).toEqual([
      'Sonarr',
      'qBittorrent',
    ])
    expect(parseStack(JSON.stringify(all).slice(0, -3), catalogue)).toBeNull()
    expect(parseStack('{"message":"permission denied"}', catalogue)).toBeNull()
  })
})

test('pages are those that the local network may open', () => {
  const all = ['sonarr', 'nordlynx', 'qbittorrent'].map(name => listed(name, 'running', 'Up'))
  expect(parseStack(JSON.stringify(all), catalogue)?.pages).toEqual([{ name: 'Sonarr', port: 8989, path: '' }])
})
