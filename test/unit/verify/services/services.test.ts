import { describe, expect, test } from 'vitest'
import { containers } from '../../../../firstboot/verify/services/containers.ts'
import { judgePlex } from '../../../../firstboot/verify/services/plex.ts'
import { servicesTroubles } from '../../../../firstboot/verify/services/troubles.ts'
import { parseLives } from '../../../../firstboot/verify/services/parse-lives.ts'
import type { Service } from '../../../../firstboot/stack/catalogue.ts'
import { aService } from '../../stack/a-service.ts'
import { aScene, NOON } from '../a-scene.ts'

const services: Service[] = ['sonarr', 'radarr'].map(name =>
  aService({ name, title: name === 'sonarr' ? 'Sonarr' : 'Radarr' }),
)
const HOUR = 3_600_000

interface State {
  readonly status?: string
  readonly health?: string | null
  readonly error?: string
  readonly restarts?: number
  readonly since?: number
}
const line = (
  name: string,
  { status = 'running', health = 'healthy', error = '', restarts = 0, since = NOON - HOUR }: State = {},
) =>
  JSON.stringify({
    Id: name,
    Name: `/${name}`,
    RestartCount: restarts,
    State: {
      Status: status,
      Error: error,
      StartedAt: new Date(since).toISOString(),
      ...(health === null ? {} : { Health: { Status: health } }),
    },
    Config: { Labels: null },
  })
const look = async (...lines: string[]) =>
  await containers.run(
    aScene(
      {},
      {
        'docker version': '29.0.1',
        'docker container inspect': { code: lines.length < 2 ? 1 : 0, stdout: lines.join('\n') },
      },
      { services },
    ),
  )

describe('containers', () => {
  test('all run and are healthy', async () => {
    expect(await look(line('sonarr'), line('radarr', { health: null }))).toEqual({
      verdict: 'pass',
      words: 'All 2 run and are healthy: Sonarr, Radarr.',
      detail: ['Sonarr: runs and is healthy', 'Radarr: runs'],
    })
  })

  test.each<[string, State, string]>([
    ['was stopped', { status: 'exited' }, 'service-vpn-stopped'],
    ['is unhealthy', { health: 'unhealthy' }, 'service-vpn-sick'],
  ])(
    'the VPN, which %s, is named as its container, and is not started without qBittorrent',
    async (_, state, trouble) => {
      const vpn = [aService({ name: 'nordlynx', title: 'VPN', when: 'vpn' })]
      const inspected = { code: 0, stdout: line('nordlynx', state) }
      const docker = { 'docker version': '29.0.1', 'docker container inspect': inspected }
      const finding = await containers.run(aScene({}, docker, { services: vpn }))
      expect(finding).toMatchObject({ verdict: 'fail', trouble, words: expect.stringMatching(/^VPN \(nordlynx\) /) })
      const mend = servicesTroubles.find(({ id }) => id === trouble)?.mend.join('\n')
      expect(mend).toContain('sudo mediaserver vpn repair')
      expect(mend).not.toMatch(/docker (re)?start/)
    },
  )

  test.each<[string, State | null, string, RegExp]>([
    ['is not there', null, 'service-missing', /^Radarr is not there\.$/],
    ['was stopped', { status: 'exited' }, 'service-stopped', /does not run \(exited\)/],
    ['was paused', { status: 'paused' }, 'service-stopped', /does not run \(paused\)/],
    ['could not be started', { status: 'created', error: 'port in use' }, 'service-stopped', /created: port in use/],
    ['ends again and again', { status: 'restarting', health: 'starting' }, 'service-restarting', /again and again/],
    ['is unhealthy', { health: 'unhealthy' }, 'service-unhealthy', /does not do its work \(unhealthy\)/],
    ['has been starting for an hour', { health: 'starting' }, 'service-unhealthy', /\(starting\)/],
  ])('one %s', async (_what, state, trouble, words) => {
    const finding = await look(line('sonarr'), ...(state === null ? [] : [line('radarr', state)]))
    expect(finding).toMatchObject({ verdict: 'fail', trouble })
    expect(finding.words).toMatch(words)
  })

  test('one whose health depends on the world outside only has to run', async () => {
    const own = [...services, aService({ name: 'ddns', title: 'DDNS', waitFor: 'running' })]
    const ask = async (state: State) =>
      await containers.run(
        aScene(
          {},
          {
            'docker version': '29.0.1',
            'docker container inspect': ['sonarr', 'radarr']
              .map(name => line(name))
              .concat(line('ddns', state))
              .join('\n'),
          },
          { services: own },
        ),
      )
    expect(await ask({ health: 'unhealthy' })).toMatchObject({
      verdict: 'pass',
      words: 'All 3 run; the health of DDNS depends on the world outside.',
    })
    expect(await ask({ status: 'exited' })).toMatchObject({ verdict: 'fail', trouble: 'service-stopped' })
  })

  test('several are not well: the first is named, the others are counted and listed', async () => {
    const finding = await look(line('sonarr', { status: 'exited' }), line('radarr', { health: 'unhealthy' }))
    expect(finding.words).toBe('Sonarr does not run (exited), and 1 more is not well.')
    expect(finding.detail).toHaveLength(2)
  })

  test('one was started a moment ago', async () => {
    const young = { since: NOON - 60_000 }
    expect(await look(line('sonarr'), line('radarr', { health: 'starting', ...young }))).toMatchObject({
      verdict: 'warn',
      trouble: 'service-starting',
    })
    expect(await look(line('sonarr'), line('radarr', { restarts: 3, ...young }))).toMatchObject({
      verdict: 'warn',
      trouble: 'service-restarts',
    })
    expect(await look(line('sonarr'), line('radarr', { restarts: 3 }))).toMatchObject({ verdict: 'pass' })
  })

  test('cannot be asked for, or are none', async () => {
    expect(await containers.run(aScene({}, {}, { services }))).toMatchObject({
      verdict: 'fail',
      trouble: 'docker-silent',
    })
    expect(await containers.run(aScene())).toMatchObject({ verdict: 'none' })
  })

  test('that were never started have no time', () => {
    expect(parseLives(line('radarr', { since: Date.UTC(0, 0, 1) })).get('radarr')?.since).toBeNull()
    expect(parseLives('nonsense\n{}\n').size).toBe(0)
  })
})

describe('Plex', () => {
  const shown = (active = 'active', load = 'loaded') => `LoadState=${load}\nActiveState=${active}\nSubState=running\n`
  const identity = (more = {}) => ({
    status: 200,
    text: JSON.stringify({ MediaContainer: { machineIdentifier: 'abc', version: '1.43.0', claimed: true, ...more } }),
  })

  test('runs, answers and belongs to somebody', () => {
    expect(judgePlex(shown(), identity())).toEqual({
      verdict: 'pass',
      words: 'Plex 1.43.0 runs, answers, and belongs to an account.',
    })
    expect(judgePlex(shown(), identity({ claimed: '1' })).verdict).toBe('pass')
  })

  test.each([
    ['is not installed', shown('inactive', 'not-found'), identity(), 'fail', 'plex-missing'],
    ['was stopped', shown('inactive'), identity(), 'fail', 'plex-stopped'],
    ['has failed', shown('failed'), identity(), 'fail', 'plex-stopped'],
    ['is not known to systemd', '', identity(), 'fail', 'plex-unknown'],
    ['does not answer', shown(), { unreachable: '127.0.0.1 does not answer' }, 'fail', 'plex-silent'],
    ['answers with an error', shown(), { status: 500, text: '' }, 'fail', 'plex-silent'],
    ['is starting', shown(), { status: 503, text: '' }, 'warn', 'plex-starting'],
    ['is somebody else', shown(), { status: 200, text: '<html>' }, 'fail', 'plex-silent'],
    ['is something else', shown(), { status: 200, text: '{"MediaContainer":{}}' }, 'fail', 'plex-silent'],
    ['belongs to nobody', shown(), identity({ claimed: false }), 'warn', 'plex-unclaimed'],
    ['does not say to whom it belongs', shown(), identity({ claimed: undefined }), 'warn', 'plex-unclaimed'],
  ])('%s', (_what, systemd, reply, verdict, trouble) => {
    expect(judgePlex(systemd, reply)).toMatchObject({ verdict, trouble })
  })
})
