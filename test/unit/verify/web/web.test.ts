import { describe, expect, test } from 'vitest'
import type { Reply } from '../../../../firstboot/plex/ask.ts'
import type { Scene } from '../../../../firstboot/verify/check.ts'
import { answer } from '../../../../firstboot/verify/web/answer.ts'
import { bindings } from '../../../../firstboot/verify/web/bindings.ts'
import { chosenServices } from '../../../../firstboot/stack/choose.ts'
import { someAnswers } from '../../plan-setup/answers.ts'
import { productCatalogue } from '../../stack/a-service.ts'
import { aScene, type Programs } from '../a-scene.ts'

const catalogue = await productCatalogue()
const answers = { ...someAnswers, services: ['bazarr', 'jellyseerr'] }
const services = chosenServices(catalogue, answers)
const OWN = '192.168.1.20'
const addresses = JSON.stringify([
  {
    ifname: 'enp1s0',
    operstate: 'UP',
    addr_info: [
      { local: OWN, scope: 'global' },
      { local: 'fd00::20', scope: 'global' },
    ],
  },
  { ifname: 'br-media', operstate: 'UP', addr_info: [{ local: '172.19.0.1', scope: 'global' }] },
])

/** The page of Bazarr with what it gives along; the key only to who is logged in. */
const bazarr = (given: object) =>
  `<!doctype html><title>Bazarr</title><script>try { window.Bazarr = JSON.parse(\`${JSON.stringify(given)}\`) }</script>`

const pages: Readonly<Record<string, Reply>> = {
  [`http://${OWN}:8989/ping`]: { status: 200, text: '{"status":"OK"}' },
  [`http://${OWN}:8989/`]: { status: 302, text: '' },
  [`http://${OWN}:7878/ping`]: { status: 200, text: '{"status":"OK"}' },
  [`http://${OWN}:7878/`]: { status: 302, text: '' },
  [`http://${OWN}:9696/ping`]: { status: 200, text: '{"status":"OK"}' },
  [`http://${OWN}:9696/`]: { status: 401, text: '' },
  [`http://${OWN}:6767/api/system/ping`]: { status: 200, text: '{"status":"OK"}' },
  [`http://${OWN}:6767/`]: { status: 200, text: bazarr({ baseUrl: '', canUpdate: false }) },
  [`http://${OWN}:5055/api/v1/status`]: { status: 200, text: '{"version":"3.4.1"}' },
  'http://127.0.0.1:8080/': { status: 200, text: '<title>qBittorrent WebUI</title>' },
}
const published = [
  'sonarr\t0.0.0.0:8989->8989/tcp',
  'radarr\t0.0.0.0:7878->7878/tcp',
  'prowlarr\t0.0.0.0:9696->9696/tcp',
  'bazarr\t0.0.0.0:6767->6767/tcp',
  'jellyseerr\t0.0.0.0:5055->5055/tcp',
  'nordlynx\t127.0.0.1:8080->8080/tcp',
  'qbittorrent\t',
].join('\n')

function scene(
  changed: Readonly<Record<string, Reply>> = {},
  programs: Programs = {},
  more: Partial<Scene> = {},
): Scene {
  const all = { ...pages, ...changed }
  return aScene(
    {},
    { 'ip -j addr': addresses, 'docker ps': published, ...programs },
    { services, answers, ask: async ({ url }) => all[url] ?? { unreachable: 'nobody is there' }, ...more },
  )
}

describe('pages', () => {
  test('answer by the address of the local network', async () => {
    expect(await answer.run(scene())).toMatchObject({
      verdict: 'pass',
      words:
        'Sonarr, Radarr, Prowlarr, Bazarr, Jellyseerr, qBittorrent answer at their ports, and ask for a password where they should.',
    })
  })

  test('may ask by the browser itself', async () => {
    expect(await answer.run(scene({ [`http://${OWN}:6767/`]: { status: 401, text: 'Unauthorized' } }))).toMatchObject({
      verdict: 'pass',
    })
  })

  test('are called by the name that they want', async () => {
    const hosts: (string | undefined)[] = []
    await answer.run(
      scene(
        {},
        {},
        { ask: async ({ headers }) => (hosts.push(headers?.['Host']), { unreachable: 'nobody is there' }) },
      ),
    )
    expect(hosts.filter(host => host !== undefined)).toEqual(['localhost:8080'])
  })

  test.each<[string, Readonly<Record<string, Reply>>, string, RegExp]>([
    [
      'nobody answers',
      { [`http://${OWN}:7878/ping`]: { unreachable: 'nothing' } },
      'web-silent',
      /^Radarr at .*nobody answers/,
    ],
    ['an error', { [`http://${OWN}:8989/ping`]: { status: 500, text: '' } }, 'web-silent', /code 500/],
    ['somebody else', { [`http://${OWN}:8989/ping`]: { status: 200, text: '<html>' } }, 'web-silent', /something else/],
    [
      'another program',
      { [`http://${OWN}:5055/api/v1/status`]: { status: 200, text: '[]' } },
      'web-silent',
      /something else/,
    ],
    [
      'not qBittorrent',
      { 'http://127.0.0.1:8080/': { status: 200, text: 'Welcome to nginx' } },
      'web-silent',
      /something else/,
    ],
    ['not qBittorrent: it refuses', { 'http://127.0.0.1:8080/': { status: 401, text: '' } }, 'web-silent', /code 401/],
    [
      'nothing but null',
      { [`http://${OWN}:8989/ping`]: { status: 200, text: 'null' } },
      'web-silent',
      /something else/,
    ],
    [
      'no login',
      { [`http://${OWN}:8989/`]: { status: 200, text: '<title>Sonarr</title>' } },
      'web-open',
      /without a password/,
    ],
    [
      'no login before Bazarr',
      { [`http://${OWN}:6767/`]: { status: 200, text: bazarr({ baseUrl: '', apiKey: '0123456789abcdef' }) } },
      'web-open',
      /^Bazarr at .*without a password/,
    ],
    ['an error of Bazarr', { [`http://${OWN}:6767/`]: { status: 500, text: '' } }, 'web-silent', /code 500/],
  ])('do not: %s', async (_what, changed, trouble, words) => {
    const finding = await answer.run(scene(changed))
    expect(finding).toMatchObject({ verdict: 'fail', trouble })
    expect(finding.words).toMatch(words)
  })

  test('without a login are worse than silent ones', async () => {
    const changed = {
      [`http://${OWN}:8989/ping`]: { unreachable: 'nothing' },
      [`http://${OWN}:9696/`]: { status: 200, text: '' },
    }
    const finding = await answer.run(scene(changed))
    expect(finding).toMatchObject({ trouble: 'web-open' })
    expect(finding.words).toContain('Not well: Sonarr, Prowlarr.')
  })

  test('are none without services', async () => {
    expect(await answer.run(scene({}, {}, { services: [] }))).toMatchObject({ verdict: 'none' })
  })
})

describe('ports', () => {
  test('are open as far as they should be', async () => {
    const finding = await bindings.run(scene())
    expect(finding.verdict).toBe('pass')
    expect(finding.words).toContain('8080 for this machine alone')
  })

  test.each([
    [
      'qBittorrent is open to others',
      published.replace('127.0.0.1:8080', '0.0.0.0:8080'),
      'web-published',
      /Port 8080 is open at 0\.0\.0\.0/,
    ],
    [
      'a page is open by IPv6',
      published.replace('0.0.0.0:8989', '[::]:8989'),
      'web-published',
      /Port 8989 is open at ::/,
    ],
    [
      'one more is open',
      published.replace('sonarr\t', 'sonarr\t0.0.0.0:9898->9898/tcp, '),
      'web-published',
      /Port 9898 of sonarr/,
    ],
    [
      'one is not open',
      published.replace('radarr\t0.0.0.0:7878->7878/tcp', 'radarr\t7878/tcp'),
      'web-not-published',
      /port 7878/,
    ],
    ['none is open', '', 'web-not-published', /Nobody can reach/],
  ])('are not: %s', async (_what, text, trouble, words) => {
    const finding = await bindings.run(scene({}, { 'docker ps': text }))
    expect(finding).toMatchObject({ verdict: 'fail', trouble })
    expect(finding.words).toMatch(words)
  })

  test('of this machine alone are tried from where others would', async () => {
    const finding = await bindings.run(scene({ [`http://${OWN}:8080/`]: { status: 401, text: '' } }))
    expect(finding).toMatchObject({ verdict: 'fail', trouble: 'web-published' })
    expect(finding.words).toContain(`http://${OWN}:8080/ answers`)
  })

  test('cannot be asked for', async () => {
    expect(await bindings.run(scene({}, { 'docker ps': { code: 1 } }))).toMatchObject({
      verdict: 'fail',
      trouble: 'docker-silent',
    })
    expect(await bindings.run(scene({}, {}, { services: [] }))).toMatchObject({ verdict: 'none' })
  })
})
