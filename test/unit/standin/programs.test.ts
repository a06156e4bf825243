import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startProwlarr } from '../../standin/programs/arr/prowlarr.ts'
import { startSonarr } from '../../standin/programs/arr/sonarr.ts'
import { infoHash } from '../../standin/programs/core/bencode.ts'
import { parseConfigXml } from '../../standin/programs/core/config-xml.ts'
import type { Start } from '../../standin/programs/core/environment.ts'
import type { Running } from '../../standin/programs/core/server.ts'
import { parseFeed, renderFeed } from '../../standin/programs/core/torznab.ts'
import { type Ask, readSettings, startDdnsUpdater } from '../../standin/programs/ddns/ddns-updater.ts'
import { startJellyseerr } from '../../standin/programs/requests/jellyseerr.ts'
import { startBazarr } from '../../standin/programs/subtitles/bazarr.ts'
import { makeTorrent } from '../../internet/torrent.ts'

const KEY = 'a'.repeat(32)
let folder: string
let running: Running | null = null
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'standin-'))
  await mkdir(join(folder, 'tv'))
})
afterEach(async () => {
  await running?.close()
  running = null
  await rm(folder, { recursive: true })
})

const start = (env: Record<string, string> = {}): Start => ({
  config: folder,
  root: folder,
  env,
  port: 0,
  pollMilliseconds: 60_000,
  log: () => {},
})

async function ask(
  path: string,
  init: { method?: string; json?: unknown; form?: object; type?: string; key?: string | null } = {},
) {
  const { method = 'GET', json, form, key = KEY } = init
  const body =
    json !== undefined
      ? JSON.stringify(json)
      : form !== undefined
        ? new URLSearchParams({ ...form }).toString()
        : undefined
  const type = init.type ?? (json !== undefined ? 'application/json' : 'application/x-www-form-urlencoded')
  const answer = await fetch(`http://127.0.0.1:${running?.port}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...(key === null ? {} : { 'X-Api-Key': key }), ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { body }),
  })
  const text = await answer.text()
  const parsed: unknown = /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text
  return { status: answer.status, body: parsed, headers: answer.headers }
}

describe('Sonarr', () => {
  beforeEach(async () => {
    await writeFile(
      join(folder, 'config.xml'),
      `<Config><ApiKey>${KEY}</ApiKey><AuthenticationMethod>Forms</AuthenticationMethod></Config>`,
    )
    running = await startSonarr(start())
  })

  test.each<[string, Parameters<typeof ask>[1], number]>([
    ['/ping', { key: null }, 200],
    ['/api/v3/system/status', { key: null }, 401],
    ['/api/v3/system/status', { key: 'b'.repeat(32) }, 401],
    [`/api/v3/system/status?apikey=${KEY}`, { key: null }, 200],
    ['/api/v3/nothing', {}, 404],
    ['/api/v3/rootfolder', { method: 'PUT', json: {} }, 405],
    ['/api/v3/rootfolder', { method: 'POST', json: { path: '/tv' }, type: 'text/plain' }, 415],
    ['/api/v3/rootfolder', { method: 'POST', json: { path: 7 } }, 400],
    ['/api/v3/rootfolder', { method: 'POST', json: { path: '/nowhere' } }, 400],
    ['/api/v3/rootfolder', { method: 'POST', json: { path: '/tv', unknown: true } }, 201],
    ['/api/v3/config/naming/1', { method: 'PUT', json: { seasonFolderFormat: 'no number' } }, 400],
    ['/api/v3/config/naming/1', { method: 'PUT', json: { renameEpisodes: 'yes' } }, 400],
    [
      '/api/v3/config/host/1',
      { method: 'PUT', json: { authenticationMethod: 'forms', username: 'a', password: 'b' } },
      400,
    ],
    [
      '/api/v3/downloadclient',
      { method: 'POST', json: { name: 'x', implementation: 'QBittorrent', configContract: 'QBittorrentSettings' } },
      400,
    ],
    [
      '/api/v3/downloadclient',
      { method: 'POST', json: { name: 'x', implementation: 'Deluge', configContract: 'DelugeSettings', fields: [] } },
      400,
    ],
    [
      '/api/v3/series',
      { method: 'POST', json: { tvdbId: 71_471, title: 'x', qualityProfileId: 1, rootFolderPath: '/tv' } },
      400,
    ],
    ['/', { key: null }, 302],
  ])('%s %j is answered with %i', async (path, init, status) => {
    expect((await ask(path, init)).status).toBe(status)
  })

  test('a client that is switched on is tried out; one that is off is not', async () => {
    const client = (enable: boolean) => ({
      name: 'q',
      enable,
      implementation: 'QBittorrent',
      configContract: 'QBittorrentSettings',
      fields: [
        { name: 'host', value: '127.0.0.1' },
        { name: 'port', value: 1 },
        { name: 'password', value: 'pw' },
      ],
    })
    const refused = await ask('/api/v3/downloadclient', { method: 'POST', json: client(true) })
    expect([refused.status, refused.body]).toMatchObject([400, [{ propertyName: 'Host' }]])
    const { status, body } = await ask('/api/v3/downloadclient', { method: 'POST', json: client(false) })
    expect(status).toBe(201)
    expect(JSON.stringify(body)).not.toContain('"pw"')
    const { id } = body as { id: number }
    const forced = await ask(`/api/v3/downloadclient/${id}?forceSave=true`, {
      method: 'PUT',
      json: { ...(body as object), enable: true },
    })
    expect(forced.status).toBe(202)
  })

  test('what it was told is there after a restart, and its key comes from its file', async () => {
    await ask('/api/v3/rootfolder', { method: 'POST', json: { path: '/tv' } })
    await running?.close()
    running = await startSonarr(start())
    expect((await ask('/api/v3/rootfolder')).body).toMatchObject([{ path: '/tv' }])
    await running.close()
    running = await startSonarr(start({ SONARR__AUTH__APIKEY: 'c'.repeat(32) }))
    expect([(await ask('/api/v3/tag')).status, (await ask('/api/v3/tag', { key: 'c'.repeat(32) })).status]).toEqual([
      401, 200,
    ])
  })

  test('a damaged config.xml is a reason not to start', () => {
    for (const text of ['', '<Config>', '<Config><Port>1</Config>', 'x'])
      expect(() => parseConfigXml(text)).toThrow('corrupt')
  })
})

test('Prowlarr: what it proxies needs its key, and number 0 is there for trying out', async () => {
  await writeFile(join(folder, 'config.xml'), `<Config><ApiKey>${KEY}</ApiKey></Config>`)
  running = await startProwlarr(start())
  expect((await ask('/0/api?t=caps', { key: null })).status).toBe(401)
  expect((await ask('/0/api?t=caps')).body).toContain('<caps>')
  expect((await ask('/0/api')).status).toBe(400)
  expect((await ask('/7/api?t=search')).status).toBe(404)
  const application = {
    name: 'Sonarr',
    syncLevel: 'fullSync',
    implementation: 'Sonarr',
    configContract: 'SonarrSettings',
    fields: [
      { name: 'baseUrl', value: 'http://127.0.0.1:1' },
      { name: 'apiKey', value: 'x' },
    ],
  }
  expect((await ask('/api/v1/applications', { method: 'POST', json: application })).body).toMatchObject([
    { propertyName: 'BaseUrl' },
  ])
})

test('Bazarr: a form is taken, JSON is thanked for and thrown away, a wrong value is refused', async () => {
  running = await startBazarr(start())
  const { auth } = (await readConfig()) as { auth: { apikey: string } }
  const key = auth.apikey
  const page = '/api/system/settings'
  expect((await ask(page)).status).toBe(401)
  expect((await ask(page, { key, method: 'POST', json: { sonarr: { ip: 'sonarr' } } })).status).toBe(204)
  expect((await ask(page, { key })).body).toMatchObject({ sonarr: { ip: '127.0.0.1' } })
  const form = {
    'settings-sonarr-ip': 'sonarr',
    'settings-general-use_sonarr': 'true',
    'settings-auth-password': 'pw',
    'settings-auth-type': 'form',
    'settings-auth-username': 'anna',
  }
  expect((await ask(page, { key, method: 'POST', form })).status).toBe(204)
  expect((await ask(page, { key })).body).toMatchObject({ sonarr: { ip: 'sonarr' }, general: { use_sonarr: true } })
  const account = '/api/system/account'
  expect(
    (await ask(account, { key: null, method: 'POST', form: { action: 'login', username: 'anna', password: 'pw' } }))
      .status,
  ).toBe(204)
  expect(
    (await ask(account, { key: null, method: 'POST', form: { action: 'login', username: 'anna', password: 'no' } }))
      .status,
  ).toBe(403)
  expect((await ask(page, { key, method: 'POST', form: { 'settings-auth-type': 'magic' } })).status).toBe(406)
})
async function readConfig(): Promise<unknown> {
  const { readFile } = await import('node:fs/promises')
  const { parse } = await import('yaml')
  return parse(await readFile(join(folder, 'config/config.yaml'), 'utf8'))
}

test('Seerr: nobody may anything before somebody has signed in', async () => {
  running = await startJellyseerr(start({ API_KEY: KEY, STANDIN_PLEX_TV: 'http://127.0.0.1:1' }))
  expect((await ask('/api/v1/status', { key: null })).status).toBe(200)
  expect((await ask('/api/v1/settings/main')).status).toBe(403)
  expect((await ask('/api/v1/auth/plex', { method: 'POST', json: {} })).status).toBe(500)
  expect((await ask('/api/v1/auth/plex', { method: 'POST', json: { authToken: 'x' } })).body).toMatchObject({
    message: 'Unable to authenticate.',
  })
  expect((await ask('/api/v1/settings/public')).body).toMatchObject({ initialized: false })
})

describe('ddns-updater', () => {
  const porkbun = {
    provider: 'porkbun',
    domain: 'films.example.com',
    api_key: 'a',
    secret_api_key: 'b',
    ip_version: 'ipv4',
  }

  test.each([
    [{ settings: [{ ...porkbun, provider: 'google' }] }, 'no longer supported'],
    [{ settings: [{ ...porkbun, provider: 'x' }] }, 'unknown provider'],
    [{ settings: [{ ...porkbun, secret_api_key: '' }] }, 'secret_api_key is not set'],
    [{ settings: [{ ...porkbun, domain: '@' }] }, 'domain is not valid'],
    [{ settings: [{ ...porkbun, ip_version: 'v4' }] }, 'IP version'],
    [{}, 'no settings'],
  ])('%j is a reason not to start', (config, words) => {
    expect(() => readSettings(JSON.stringify(config))).toThrow(words)
  })

  test('tells the provider once, again when the address changes, and its health tells of a failure', async () => {
    const duckdns = { provider: 'duckdns', domain: 'anna.duckdns.org', token: 't' }
    await writeFile(join(folder, 'config.json'), JSON.stringify({ settings: [porkbun, duckdns] }))
    let address = '203.0.113.7'
    let duck = 'ok\n'
    const told: string[] = []
    const world: Ask = url => {
      const { hostname, pathname } = new URL(url)
      if (hostname === 'ipv4.icanhazip.com') return Promise.resolve(new Response(`${address}\n`))
      told.push(hostname + pathname)
      if (hostname === 'www.duckdns.org') return Promise.resolve(new Response(duck))
      return Promise.resolve(Response.json({ status: 'SUCCESS', records: [{ id: '5', content: '203.0.113.9' }] }))
    }
    const updater = await startDdnsUpdater(start(), world)
    running = updater
    await updater.check()
    await updater.check()
    expect(new Set(told)).toEqual(
      new Set([
        'api.porkbun.com/api/json/v3/dns/retrieveByNameType/example.com/A/films',
        'api.porkbun.com/api/json/v3/dns/edit/example.com/5',
        'www.duckdns.org/update',
      ]),
    )
    expect((await ask('/', { key: null })).status).toBe(200)
    const before = told.length
    await updater.check()
    expect(told.length).toBe(before)
    address = '203.0.113.8'
    duck = 'ko'
    await updater.check()
    expect((await ask('/', { key: null })).body).toContain('anna.duckdns.org: bad authentication')
  })
})

test('a torrent is known by its part info, and a feed that is written is read again', () => {
  const torrent = makeTorrent('a.mkv', Buffer.from('x'.repeat(100)))
  expect(infoHash(torrent)).toMatch(/^[0-9a-f]{40}$/)
  expect(() => infoHash(Buffer.from('no torrent'))).toThrow('not a torrent')
  const release = {
    title: 'A & "B" <c>',
    guid: 'g',
    link: 'http://x/?a=1&b=2',
    size: 5,
    seeders: 3,
    categories: [5000],
    infoHash: 'ab',
  }
  expect(parseFeed(renderFeed('feed', [release]))).toEqual([release])
  expect(() => parseFeed('<error code="100" description="Invalid API Key"/>')).toThrow('Invalid API Key')
  expect(() => parseFeed('<html>')).toThrow('feed')
})
