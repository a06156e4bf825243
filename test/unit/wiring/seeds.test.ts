import { createHash, pbkdf2Sync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { makeStackKeys, type StackKeys } from '../../../firstboot/stack/keys.ts'
import { type SeedFacts, serviceSeeds, xmlText } from '../../../firstboot/wiring/seeds.ts'
import { parseConfigXml } from '../../standin/programs/core/config-xml.ts'
import { parseSimpleYaml } from '../../standin/programs/subtitles/yaml.ts'
import { anyText } from './any-text.ts'

const everything = ['nordlynx', 'qbittorrent', 'sonarr', 'radarr', 'prowlarr', 'bazarr', 'jellyseerr', 'caddy']
const facts = (keys: StackKeys = makeStackKeys('anna')): SeedFacts => ({
  user: 'anna',
  hostname: 'mediaserver',
  keys,
  tunnel: 'wg0',
  services: everything,
})
const textOf = (name: string, of: SeedFacts): string =>
  serviceSeeds(of).find(({ path }) => path === `/home/anna/mediaserver/config/${name}`)?.text ?? ''

test('each service that begins with settings has its file, which belongs to the user and to nobody else', () => {
  const seeds = serviceSeeds(facts())
  expect(seeds.map(({ path }) => path.replace('/home/anna/mediaserver/config/', ''))).toEqual([
    'qbittorrent/qBittorrent/qBittorrent.conf',
    'qbittorrent/qBittorrent/categories.json',
    'sonarr/config.xml',
    'radarr/config.xml',
    'prowlarr/config.xml',
    'bazarr/config/config.yaml',
  ])
  for (const { mode, uid, gid } of seeds) expect([mode, uid, gid]).toEqual([0o600, 1000, 1000])
  expect(serviceSeeds({ ...facts(), services: ['sonarr'] })).toHaveLength(1)
})

test('the same facts give the same files', () => {
  const same = facts()
  expect(serviceSeeds(same)).toEqual(serviceSeeds(same))
})

describe('qBittorrent', () => {
  test('keeps no password that can be read, and one that is right', () => {
    const of = facts()
    const text = textOf('qbittorrent/qBittorrent/qBittorrent.conf', of)
    const { password } = of.keys.logins.qbittorrent
    expect(text).not.toContain(password.reveal())
    const [, salt = '', key = ''] = /Password_PBKDF2="@ByteArray\(([^:]+):([^)]+)\)"/.exec(text) ?? []
    const bytes = Buffer.from(salt, 'base64')
    expect(bytes).toHaveLength(16)
    expect(pbkdf2Sync(password.reveal(), bytes, 100_000, 64, 'sha512').toString('base64')).toBe(key)
  })

  test('is bound to the tunnel, stops at its limit, and knows the name that others call it', () => {
    const text = textOf('qbittorrent/qBittorrent/qBittorrent.conf', facts())
    expect(text).toContain('Session\\Interface=wg0\n')
    expect(text).toContain('Session\\ShareLimitAction=Stop\n')
    expect(text).toContain('WebUI\\ServerDomains="localhost;nordlynx;mediaserver;mediaserver.local"\n')
    expect(JSON.parse(textOf('qbittorrent/qBittorrent/categories.json', facts()))).toMatchObject({
      sonarr: { save_path: '/downloads/complete/sonarr' },
    })
  })
})

describe('Sonarr, Radarr and Prowlarr', () => {
  test('have their key, and let nobody in without a login', () => {
    const of = facts()
    for (const name of ['sonarr', 'radarr', 'prowlarr'] as const) {
      const values = parseConfigXml(textOf(`${name}/config.xml`, of))
      expect(values.get('ApiKey')).toBe(of.keys.apiKeys[name].reveal())
      expect(values.get('ApiKey')).toMatch(/^[0-9a-f]{32}$/)
      expect([values.get('AuthenticationMethod'), values.get('AuthenticationRequired')]).toEqual(['Forms', 'Enabled'])
    }
  })

  test('any text is safe in XML', () => {
    const decode = (text: string) =>
      text.replace(
        /&(amp|lt|gt|quot|apos);/g,
        (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" })[name] ?? '',
      )
    for (let seed = 1; seed <= 500; seed += 1) {
      const text = anyText(seed)
      expect(xmlText(text)).not.toMatch(/[<>"']/)
      expect(decode(xmlText(text))).toBe(text)
    }
  })
})

describe('Bazarr', () => {
  test('knows both programs, and keeps an MD5 that is of no use elsewhere', () => {
    const of = facts()
    const config = parse(textOf('bazarr/config/config.yaml', of)) as Record<string, Record<string, unknown>>
    const md5 = createHash('md5').update(of.keys.logins.bazarr.password.reveal()).digest('hex')
    expect(config['auth']).toEqual({
      apikey: of.keys.apiKeys.bazarr.reveal(),
      type: 'form',
      username: 'anna',
      password: md5,
    })
    expect(config['sonarr']).toMatchObject({ ip: 'sonarr', port: 8989, apikey: of.keys.apiKeys.sonarr.reveal() })
    expect(new Set(Object.values(of.keys.logins).map(({ password }) => password.reveal())).size).toBe(6)
  })

  test.each(['00000000000000000000000000000010', '12345678901234567890123456789012', '1e10'])(
    'the key %s is a text for it',
    key => {
      const keys = makeStackKeys('yes')
      const of = facts({ ...keys, apiKeys: { ...keys.apiKeys, bazarr: new Secret(key) } })
      expect(parseSimpleYaml(textOf('bazarr/config/config.yaml', of))['auth']).toMatchObject({
        apikey: key,
        username: 'yes',
      })
    },
  )
})
