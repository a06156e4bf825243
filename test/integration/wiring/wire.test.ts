import { rm, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { ChangeFailure } from '../../../firstboot/apply/failure.ts'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { openHttp } from '../../../firstboot/wiring/http.ts'
import { Memory, parseMemory } from '../../../firstboot/wiring/memory.ts'
import { logInto } from '../../../firstboot/wiring/qbittorrent-login.ts'
import type { ServiceName } from '../../../firstboot/wiring/services.ts'
import { openWires } from '../../../firstboot/wiring/wires.ts'
import type { Login } from '../../../firstboot/stack/keys.ts'
import type { Fault } from '../../standin/programs/core/server.ts'
import { Bench, everything } from './stack.ts'

let bench: Bench
afterEach(async () => await bench.close())

interface Entry {
  id: number
  name: string
  enable?: boolean
  fields: { name: string; value: unknown }[]
}
const field = (entry: Entry | undefined, name: string) => entry?.fields.find(each => each.name === name)?.value

async function failureOf(work: Promise<unknown>): Promise<ChangeFailure> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ChangeFailure)
  return error as ChangeFailure
}

/** Numbers from 0 to 1 that are the same in every run. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

const shuffled = (names: readonly ServiceName[]): ServiceName[] =>
  names
    .map(name => [Math.random(), name] as const)
    .sort(([a], [b]) => a - b)
    .map(([, name]) => name)

describe('a fresh stack', () => {
  test('is connected in whatever order its programs come up, and then nothing is left to write', async () => {
    bench = await Bench.open()
    const wired = bench.wire(60_000)
    const order = shuffled(everything)
    for (const name of order) {
      await delay(Math.random() * 400)
      await bench.start(name)
    }
    const first = await wired
    expect(first, `started in the order ${order.join(', ')}`).toMatchObject({ theirs: [], later: [] })
    expect(bench.takeWrites().length).toBeGreaterThan(15)

    expect(await bench.look()).toMatchObject({ links: first.links, writes: 0 })
    expect(await bench.wire()).toMatchObject({ writes: 0, theirs: [] })
    expect(bench.takeWrites()).toEqual([])
  })

  test('has everything where the documentation says', async () => {
    bench = await Bench.open()
    await bench.start(...everything)
    await bench.wire()
    const { sonarr, radarr, prowlarr } = bench.stack.keys.logins
    for (const [service, login] of Object.entries({ sonarr, radarr, prowlarr })) {
      const body = new URLSearchParams({ username: login.user, password: login.password.reveal() })
      const { url } = bench.stack.places[service as 'sonarr']
      const answer = await fetch(`${url}/login`, { method: 'POST', body, redirect: 'manual' })
      expect([service, answer.headers.get('location')]).toEqual([service, '/'])
      expect((await fetch(`${url}/`, { redirect: 'manual' })).headers.get('location')).toBe('/login?returnUrl=%2F')
    }
    for (const [service, folder, category] of [
      ['sonarr', '/tv', 'tvCategory'],
      ['radarr', '/movies', 'movieCategory'],
    ] as const) {
      expect(await bench.ask(service, '/api/v3/rootfolder')).toMatchObject([{ path: folder, accessible: true }])
      const [client] = await bench.ask<Entry[]>(service, '/api/v3/downloadclient')
      expect([client?.enable, field(client, category), field(client, 'username')]).toEqual([true, service, 'anna'])
      const [plex] = await bench.ask<Entry[]>(service, '/api/v3/notification')
      expect(field(plex, 'mapTo')).toBe(`/data/media${folder}`)
    }
    const applications = await bench.ask<Entry[]>('prowlarr', '/api/v1/applications')
    expect(applications.map(({ name }) => name)).toEqual(['Sonarr', 'Radarr'])
    expect(await bench.ask('bazarr', '/api/system/languages/profiles')).toMatchObject([{ name: 'German' }])
    expect(await bench.ask('bazarr', '/api/system/settings')).toMatchObject({
      general: { serie_default_enabled: true, serie_default_profile: 1 },
    })
    expect(await bench.ask('jellyseerr', '/api/v1/settings/public')).toMatchObject({ initialized: true })
    expect(await bench.ask('jellyseerr', '/api/v1/settings/radarr')).toMatchObject([
      { activeProfileName: 'HD-1080p', activeDirectory: '/movies', isDefault: true },
    ])
    expect(await bench.ask('jellyseerr', '/api/v1/settings/plex')).toMatchObject({
      libraries: [{ enabled: true }, { enabled: true }],
    })
  })

  test('is connected again by a program that remembers nothing, without a single write to what is right', async () => {
    bench = await Bench.open()
    await bench.start(...everything)
    await bench.wire()
    bench.takeWrites()
    bench.memory = new Memory()
    await bench.wire()
    // Passwords and keys that a program does not show are all that has to be written once more.
    const writes = bench.takeWrites().map(each => each.replace(/\d+$/, 'N'))
    expect(writes.filter(each => !/config\/host|downloadclient|notification|applications/.test(each))).toEqual([])
    expect(await bench.wire()).toMatchObject({ writes: 0 })
  })

  test('a program without our first settings gets them over its interface', async () => {
    bench = await Bench.open({ without: ['qbittorrent', 'jellyseerr'] })
    const { apiKeys, logins } = bench.stack.keys
    await writeFile(`${bench.config}/bazarr/config/config.yaml`, `auth:\n  apikey: "${apiKeys.bazarr.reveal()}"\n`)
    await writeFile(`${bench.config}/sonarr/config.xml`, `<Config><ApiKey>${apiKeys.sonarr.reveal()}</ApiKey></Config>`)
    await bench.start('sonarr', 'radarr', 'prowlarr', 'bazarr', 'plex')
    await bench.wire()
    const { user, password } = logins.bazarr
    const body = new URLSearchParams({ action: 'login', username: user, password: password.reveal() })
    const { url } = bench.stack.places.bazarr
    expect((await fetch(`${url}/api/system/account`, { method: 'POST', body })).status).toBe(204)
    expect(await bench.ask('sonarr', '/api/v3/config/host')).toMatchObject({ authenticationMethod: 'forms' })
    expect(await bench.wire()).toMatchObject({ writes: 0, theirs: [] })
  })

  test('keeps what it was told over a restart of every program', async () => {
    bench = await Bench.open()
    await bench.start(...everything)
    await bench.wire()
    for (const name of everything) await bench.stop(name)
    await bench.start(...everything)
    bench.memory = parseMemory(bench.memory.toJson())
    expect(await bench.wire()).toMatchObject({ writes: 0, theirs: [] })
  })

  test('a program that has begun anew is connected anew', async () => {
    bench = await Bench.open()
    await bench.start(...everything)
    await bench.wire()
    await bench.stop('radarr')
    await rm(`${bench.config}/radarr/radarr.standin.json`)
    await bench.start('radarr')
    bench.takeWrites()
    await bench.wire()
    expect(await bench.ask('radarr', '/api/v3/rootfolder')).toHaveLength(1)
    expect(bench.takeWrites().every(each => each.startsWith('radarr: '))).toBe(true)
  })
})

describe('what a person has changed', () => {
  async function connected() {
    bench = await Bench.open()
    await bench.start(...everything)
    await bench.wire()
    bench.takeWrites()
  }
  const change = async (service: 'sonarr' | 'prowlarr', page: string, values: object) => {
    const found = await bench.ask<{ id?: number }>(service, page)
    await bench.ask(service, `${page}/${found.id ?? 1}`, { method: 'PUT', body: { ...found, ...values } })
    bench.takeWrites()
  }

  test('settings stay, and it is said where', async () => {
    await connected()
    await change('sonarr', '/api/v3/config/naming', { renameEpisodes: false, seasonFolderFormat: 'S{season:00}' })
    const [client] = await bench.ask<Entry[]>('sonarr', '/api/v3/downloadclient')
    await bench.ask('sonarr', `/api/v3/downloadclient/${client?.id}`, {
      method: 'PUT',
      body: { ...client, enable: false },
    })
    bench.takeWrites()
    const { theirs, writes } = await bench.wire()
    expect([writes, bench.takeWrites()]).toEqual([0, []])
    expect(theirs).toEqual(['Sonarr: how series are named', 'Sonarr: downloads on'])
    expect(await bench.ask('sonarr', '/api/v3/config/naming')).toMatchObject({ seasonFolderFormat: 'S{season:00}' })
  })

  test('another password stays', async () => {
    await connected()
    const words = { username: 'anna', password: 'my own one', passwordConfirmation: 'my own one' }
    await change('prowlarr', '/api/v1/config/host', words)
    expect((await bench.wire()).theirs).toEqual(['Prowlarr: its login'])
    expect(bench.takeWrites()).toEqual([])
  })

  test('what was removed stays away', async () => {
    await connected()
    for (const [list, service] of [
      ['/api/v3/notification', 'sonarr'],
      ['/api/v3/rootfolder', 'radarr'],
      ['/api/v1/applications', 'prowlarr'],
    ] as const) {
      const [entry] = await bench.ask<Entry[]>(service, list)
      await bench.ask(service, `${list}/${entry?.id}`, { method: 'DELETE' })
    }
    bench.takeWrites()
    expect((await bench.wire()).theirs).toHaveLength(3)
    expect(bench.takeWrites()).toEqual([])
  })

  test('but a value of ours that we want different now is written', async () => {
    await connected()
    await bench.wire(20_000, { publicUrl: 'https://other.example.com' })
    expect(bench.takeWrites()).toEqual(['jellyseerr: POST /api/v1/settings/main'])
  })
})

describe('when something is wrong', () => {
  test('downloads are switched on later when qBittorrent was not there; everything else is done', async () => {
    bench = await Bench.open()
    await bench.start(...everything.filter(name => name !== 'qbittorrent'))
    const { message, mend } = await failureOf(bench.wire(3000))
    expect(message).toMatch(
      /^qBittorrent is not up: http:\/\/127\.0\.0\.1:\d+\/ was asked for 3 seconds, and nobody is there\.$/,
    )
    expect(mend).toBe('Look why with "sudo docker logs qbittorrent", then type "sudo mediaserver apply".')
    const [client] = await bench.ask<Entry[]>('sonarr', '/api/v3/downloadclient')
    expect(client?.enable).toBe(false)
    expect(await bench.ask('jellyseerr', '/api/v1/settings/public')).toMatchObject({ initialized: true })
    await bench.start('qbittorrent')
    await bench.wire()
    expect((await bench.ask<Entry[]>('sonarr', '/api/v3/downloadclient'))[0]?.enable).toBe(true)
  })

  test.each([
    [
      'it answers with an error',
      500,
      /^Radarr answers with an error \(code 500 to GET \/api\/v3\/config\/naming\): A fault that a test asked for\.$/,
    ],
    [
      'it drops the connection',
      'reset',
      /^Radarr does not answer to GET \/api\/v3\/config\/naming: it dropped the connection\.$/,
    ],
    ['it hangs', 'hang', /^Radarr does not answer to GET \/api\/v3\/config\/naming: nothing came for 3 seconds\.$/],
  ] as const)('%s: that is said, and mended by trying again', async (_, fault, words) => {
    bench = await Bench.open({ without: ['bazarr', 'jellyseerr', 'qbittorrent'] })
    await bench.start('sonarr', 'radarr', 'prowlarr', 'plex')
    bench.at('radarr').fault = ({ path }) => (path === '/api/v3/config/naming' ? fault : null)
    const { message, mend } = await failureOf(bench.wire(2000))
    expect(message).toMatch(words)
    expect(mend).toBe('Look why with "sudo docker logs radarr", then type "sudo mediaserver apply".')
    bench.at('radarr').fault = () => null
    expect((await bench.wire()).writes).toBe(1)
  })

  test('every third request fails in some way, and still everything is connected once', async () => {
    bench = await Bench.open({ without: ['qbittorrent'] })
    await bench.start(...everything.filter(name => name !== 'qbittorrent'))
    const faults: readonly Fault[] = ['reset', 'lost', 500, 503]
    const draw = generator(42)
    for (const running of bench.running.values())
      running.fault = ({ path }) => {
        const isProbe = /ping|identity|status$/.test(path)
        return isProbe || draw() > 1 / 3 ? null : (faults[Math.floor(draw() * faults.length)] ?? null)
      }
    await bench.wire(50_000, {}, 30_000)
    for (const running of bench.running.values()) running.fault = () => null
    await bench.wire()
    expect(await bench.wire()).toMatchObject({ writes: 0, theirs: [] })
    expect(await bench.ask('sonarr', '/api/v3/rootfolder')).toHaveLength(1)
    expect(await bench.ask('radarr', '/api/v3/notification')).toHaveLength(1)
    expect(await bench.ask('prowlarr', '/api/v1/applications')).toHaveLength(2)
    expect(await bench.ask('jellyseerr', '/api/v1/settings/sonarr')).toHaveLength(1)
  })

  test('a wrong key is said at once, with the mend', async () => {
    bench = await Bench.open({ without: ['bazarr', 'jellyseerr', 'qbittorrent'] })
    await bench.start('sonarr', 'radarr', 'prowlarr', 'plex')
    const keys = { ...bench.stack.keys, apiKeys: { ...bench.stack.keys.apiKeys, sonarr: new Secret('f'.repeat(32)) } }
    const begun = performance.now()
    const { message, mend } = await failureOf(bench.wire(30_000, { keys }))
    expect(performance.now() - begun).toBeLessThan(15_000)
    expect(message).toContain('Sonarr refuses the key that was made for it (code 401 to GET /api/v3/config/host).')
    expect(mend).toContain('/var/lib/mediaserver/stack-keys.json')
    expect(`${message}${mend}`).not.toContain('ffff')
  })

  test('a folder that is missing is said in the words of the program', async () => {
    bench = await Bench.open({ without: ['bazarr', 'jellyseerr', 'qbittorrent'] })
    await rm(`${bench.folder}/tv`, { recursive: true })
    await bench.start('sonarr', 'radarr', 'prowlarr', 'plex')
    const { message } = await failureOf(bench.wire(30_000))
    expect(message).toBe(
      "Sonarr does not accept what it is told (code 400 to POST /api/v3/rootfolder): Path: Path '/tv' does not exist.",
    )
  })

  test('without a Plex account the rest is connected, and it is said what waits', async () => {
    bench = await Bench.open({ signedIn: false })
    await bench.start(...everything.filter(name => name !== 'plex'))
    const { later } = await bench.wire()
    expect(later).toEqual([
      expect.stringContaining('Jellyseerr is not connected yet'),
      expect.stringContaining('whoever opens it in your own network'),
    ])
    expect(await bench.ask('sonarr', '/api/v3/notification')).toEqual([])
  })

  test('a qBittorrent that is held back on purpose is not asked, the rest is connected, and it is said what waits', async () => {
    bench = await Bench.open()
    await bench.start(...everything.filter(name => name !== 'qbittorrent'))
    const held = 'qBittorrent was stopped for safety.'
    const services = new Set(everything.filter(name => name !== 'qbittorrent'))
    const wired = await bench.wire(20_000, { services, held: [held] })
    expect(wired.later).toEqual([held])
    // Later it is there again, and everything is as it should be.
    await bench.start('qbittorrent')
    expect((await bench.wire()).links).toBeGreaterThan(wired.links)
    expect(await bench.look()).toMatchObject({ writes: 0, later: [] })
  })

  test('without a tunnel nothing downloads, and nothing is missing', async () => {
    bench = await Bench.open({ without: ['qbittorrent'] })
    await bench.start(...everything.filter(name => name !== 'qbittorrent'))
    await bench.wire()
    expect(await bench.ask('sonarr', '/api/v3/downloadclient')).toEqual([])
    expect(await bench.look()).not.toBeNull()
  })

  test('the login of qBittorrent that a person has changed is left alone; one that never worked is told', async () => {
    bench = await Bench.open({ without: ['bazarr', 'jellyseerr'] })
    await bench.start('sonarr', 'radarr', 'prowlarr', 'plex', 'qbittorrent')
    const other = { user: 'anna', password: new Secret('wrong') }
    const keys = { ...bench.stack.keys, logins: { ...bench.stack.keys.logins, qbittorrent: other } }
    const { message, mend } = await failureOf(bench.wire(20_000, { keys }))
    expect(message).toContain('qBittorrent does not let anybody in with the login that was made for it')
    expect(mend).toContain('sudo mediaserver credentials')
  })

  test('a password that was changed in qBittorrent is taken over as soon as this machine is told', async () => {
    bench = await Bench.open({ without: ['bazarr', 'jellyseerr'] })
    await bench.start('sonarr', 'radarr', 'prowlarr', 'plex', 'qbittorrent')
    await bench.wire()
    const http = openHttp()
    const { signal } = new AbortController()
    const admit = async (login: Login) =>
      await logInto(openWires(bench.stack, http, new Memory(), signal).api('qbittorrent'), login)
    const login = bench.stack.keys.logins.qbittorrent
    const admission = await admit(login)
    const cookie = ('cookie' in admission ? admission.cookie : undefined) ?? ''
    const own = { ...login, password: new Secret('my own one') }
    await openWires(bench.stack, http, new Memory(), signal)
      .api('qbittorrent', { cookie })
      .send('POST', '/api/v2/app/setPreferences', { form: [['json', '{"web_ui_password":"my own one"}']] })
    expect(await admit(login)).toMatchObject({ refusal: 'wrong' })
    expect(await admit(own)).toHaveProperty('cookie')

    const keys = { ...bench.stack.keys, logins: { ...bench.stack.keys.logins, qbittorrent: own } }
    expect(await bench.wire(20_000, { keys })).toMatchObject({ theirs: [] })
    // The stand-ins try what they are told at the real one, and refuse what does not open it.
    expect(bench.takeWrites().filter(each => each.includes('downloadclient')).length).toBeGreaterThanOrEqual(3)
    expect(await bench.wire(20_000, { keys })).toMatchObject({ theirs: [], writes: 0 })
  })
})
