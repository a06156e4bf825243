import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { mkdir } from 'node:fs/promises'
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Answers } from '../../../firstboot/answers/answers.ts'
import type { Site } from '../../../firstboot/changes/change.ts'
import { stackKeys } from '../../../firstboot/changes/stack-keys.ts'
import { credentialsPath, parseCredentials } from '../../../firstboot/credentials.ts'
import { makeStackKeys, parseStackKeys, stackKeysPath, stackKeysToJson } from '../../../firstboot/stack/keys.ts'
import { someAnswers } from '../plan-setup/answers.ts'

vi.mock('node:fs/promises', async original => (await import('../../support/as-root.ts')).asRoot(await original()))

let root: string
let site: Site
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'keys-'))
  site = { answers: someAnswers, path: (path: string) => join(root, path) } as Site
})
afterEach(async () => await rm(root, { recursive: true }))

const params = { user: 'anna' }
const credentials = async () => parseCredentials(await readFile(join(root, credentialsPath), 'utf8')) ?? {}

test('keys and logins are made once, kept for root alone, and shown with what was made before', async () => {
  await mkdir(dirname(join(root, credentialsPath)), { recursive: true })
  await writeFile(join(root, credentialsPath), '{"console":{"user":"anna","password":"before"}}')
  expect(await stackKeys.check(params, site)).toBeNull()
  await stackKeys.apply(params, site)
  expect(await stackKeys.check(params, site)).toBe('a login for each of 4 services')
  expect((await stat(join(root, stackKeysPath))).mode & 0o777).toBe(0o600)
  const shown = await credentials()
  expect(Object.keys(shown)).toEqual(['console', 'sonarr', 'radarr', 'prowlarr', 'qbittorrent'])
  expect(shown['console']?.password).toBe('before')
  expect(new Set(Object.values(shown).map(({ password }) => password)).size).toBe(5)

  const text = await readFile(join(root, stackKeysPath), 'utf8')
  await rm(join(root, credentialsPath))
  expect(await stackKeys.check(params, site)).toBeNull()
  await stackKeys.apply(params, site)
  expect(await readFile(join(root, stackKeysPath), 'utf8')).toBe(text)
  expect((await credentials())['sonarr']).toEqual(shown['sonarr'])
})

test('people are told of the logins that open something on this machine', async () => {
  const tell = async (answers: Partial<Answers>) => {
    const other = { ...site, answers: { ...someAnswers, ...answers } }
    await stackKeys.apply(params, other)
    expect(await stackKeys.check(params, other)).not.toBeNull()
    return Object.keys(await credentials())
  }
  expect(await tell({ vpn: null })).toEqual(['sonarr', 'radarr', 'prowlarr'])
  expect(await tell({ services: ['bazarr'], domain: {} as Answers['domain'] })).toEqual([
    'sonarr',
    'radarr',
    'prowlarr',
    'bazarr',
    'qbittorrent',
    'domain',
  ])
})

test.each(['', '{', '[]', '{"apiKeys":{},"logins":{}}', 'null'])(
  'the damaged text %j is none, and made anew',
  async text => {
    expect(parseStackKeys(text)).toBeNull()
    await mkdir(dirname(join(root, stackKeysPath)), { recursive: true })
    await writeFile(join(root, stackKeysPath), text)
    await stackKeys.apply(params, site)
    expect(await stackKeys.check(params, site)).not.toBeNull()
  },
)

test('no secret shows up by accident', () => {
  const keys = makeStackKeys('anna')
  const plain = JSON.stringify(keys) + inspect(keys, { depth: 9 }) + String(keys.apiKeys.sonarr)
  for (const secret of [...Object.values(keys.apiKeys), ...Object.values(keys.logins).map(({ password }) => password)])
    expect(plain).not.toContain(secret.reveal())
  expect(parseStackKeys(stackKeysToJson(keys))?.apiKeys.radarr.reveal()).toBe(keys.apiKeys.radarr.reveal())
})
