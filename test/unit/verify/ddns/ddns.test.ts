import { describe, expect, test } from 'vitest'
import { Secret } from '../../../../firstboot/answers/secret.ts'
import { parseUpdates } from '../../../../firstboot/verify/ddns/parse-updates.ts'
import { parseState, update } from '../../../../firstboot/verify/ddns/update.ts'
import { type Result, verificationPath } from '../../../../firstboot/verify/verification.ts'
import { someAnswers } from '../../plan-setup/answers.ts'
import { aScene, NOON } from '../a-scene.ts'

const HOME = '203.0.113.80'
const TOKEN = 'sk1_0123456789abcdef'
const domain = {
  name: 'example.org',
  provider: 'porkbun',
  credentials: { api_key: new Secret('pk1_x'), secret_api_key: new Secret(TOKEN) },
  email: 'a@example.org',
}
const entry = (owner: string, ip = HOME, minutes = 90) => ({
  domain: 'example.org',
  owner,
  ips: [
    { ip: '203.0.113.9', time: '2026-11-01T10:00:00Z' },
    { ip, time: new Date(NOON - minutes * 60_000).toISOString() },
  ],
})
const records = (...each: object[]) => JSON.stringify({ records: each })
const all = records(entry('@'), entry('sonarr'), entry('radarr'))
const state = (health: string | null = 'healthy', output = '', running = true) =>
  JSON.stringify({
    Running: running,
    ...(health === null ? {} : { Health: { Status: health, Log: [{ Output: 'earlier' }, { Output: output }] } }),
  })

const before = (verdict: Result['verdict']) =>
  JSON.stringify({
    at: NOON,
    results: [
      {
        id: 'ddns-update',
        section: 'DDNS',
        title: '',
        how: '',
        verdict,
        words: '',
        detail: [],
        way: null,
        at: NOON - 3_600_000,
        seconds: 1,
        since: NOON - 3_600_000,
      },
    ],
  })

const look = async (
  kept: string | null,
  docker = state(),
  home: string | null = HOME,
  earlier: Result['verdict'] = 'fail',
) =>
  await update.run(
    aScene(
      {
        [verificationPath]: before(earlier),
        ...(kept === null ? {} : { '/home/anna/mediaserver/config/ddns-updater/updates.json': kept }),
      },
      {
        'docker container inspect': docker,
        ...(home === null ? {} : { 'curl --ipv4': JSON.stringify({ ip: home, country: 'Germany', protected: false }) }),
      },
      { answers: { ...someAnswers, domain } },
    ),
  )

describe('the DNS provider', () => {
  test('knows where this home is', async () => {
    expect(await look(all)).toMatchObject({
      verdict: 'pass',
      words: `The provider was told ${HOME} for example.org, sonarr.example.org, radarr.example.org, 90 minutes ago.`,
    })
  })

  test.each([
    [
      'was told of another address',
      records(entry('@'), entry('sonarr', '192.0.2.1'), entry('radarr')),
      state(),
      'fail',
      'ddns-old',
    ],
    ['was not told of a name', records(entry('@'), entry('sonarr')), state(), 'fail', 'ddns-never'],
    ['was told nothing', null, state(), 'fail', 'ddns-never'],
    ['was told nothing yet', null, state('starting'), 'warn', 'ddns-starting'],
    ['was told nobody knows what', '{"records":', state(), 'fail', 'ddns-never'],
    ['has refused', all, state('unhealthy', 'bad authentication'), 'fail', 'ddns-refused'],
    ['is told nothing any more', all, state('healthy', '', false), 'fail', 'ddns-stopped'],
    ['is told nothing: there is no updater', all, '', 'fail', 'ddns-stopped'],
  ])('%s', async (_what, kept, docker, verdict, trouble) => {
    expect(await look(kept, docker)).toMatchObject({ verdict, trouble })
  })

  test('was told, and the look of the updater at name servers is no proof: that is proven for the domain', async () => {
    const said = 'lookup IP addresses for example.org are 192.168.1.5 instead of 203.0.113.80'
    expect(await look(all, state('unhealthy', said))).toMatchObject({ verdict: 'pass' })
  })

  test('was told of another address, and knew the right one a short while ago', async () => {
    const old = records(entry('@', '192.0.2.1'), entry('sonarr'), entry('radarr'))
    expect(await look(old, state(), HOME, 'pass')).toMatchObject({ verdict: 'warn', trouble: 'ddns-old' })
    expect(await look(old, state('unhealthy', 'a instead of b'), HOME, 'pass')).toMatchObject({ verdict: 'warn' })
    expect(await look(all, state('unhealthy', 'bad authentication'), HOME, 'pass')).toMatchObject({ verdict: 'fail' })
  })

  test('may know: this home is not known', async () => {
    expect(await look(all, state(), null)).toMatchObject({ verdict: 'warn', trouble: 'ddns-home-unknown' })
  })

  test('is quoted without what opens the account', async () => {
    const finding = await look(all, state('unhealthy', `Get "https://api.example.org/?key=${TOKEN}": refused`))
    expect(JSON.stringify(finding)).not.toContain(TOKEN)
    expect(finding.words).toContain('[redacted]')
  })

  test('is none without a domain', async () => {
    expect(await update.run(aScene())).toMatchObject({ verdict: 'none' })
  })
})

describe('what ddns-updater keeps', () => {
  test('is read, with the fields of older versions', () => {
    const old = { domain: 'example.org', host: 'sonarr', ips: [{ ip: HOME, time: '2026-11-01T10:00:00.123456789Z' }] }
    expect(parseUpdates(records(old))?.[0]).toMatchObject({ name: 'sonarr.example.org', address: HOME })
    expect(parseUpdates('{"records":null}')).toEqual([])
    expect(parseUpdates(records({ ...old, ips: null }, { ...old, ips: [] }))).toEqual([])
  })

  test('is no update when it is cut off or makes no sense', () => {
    for (let end = 0; end < all.length; end += 1) expect(parseUpdates(all.slice(0, end))).toBeNull()
    for (const text of ['null', '[]', '{}', '{"records":{}}', '{"records":[{}]}']) expect(parseUpdates(text)).toBeNull()
    expect(parseUpdates(records({ domain: 'a.org', owner: '@', ips: [{ ip: HOME, time: 'soon' }] }))).toEqual([])
  })

  test('of its state, only what is known is taken', () => {
    expect(parseState(state(null))).toEqual({ health: 'healthy', said: '' })
    for (const text of ['', 'null', '{}', '[]', state().slice(0, 20)]) expect(parseState(text).health).toBeNull()
  })
})
