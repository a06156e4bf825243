import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { loadDraft, saveDraft } from '../../../firstboot/draft-store.ts'
import { draftOf, formOf } from '../../../firstboot/wizard/draft.ts'
import { type Form, usualForm, withValue } from '../../../firstboot/wizard/form.ts'
import { token } from './wizard.ts'

const services = ['bazarr', 'jellyseerr']
const fill = (values: Record<string, string>): Form =>
  Object.entries(values).reduce((form, [name, value]) => withValue(form, name, value, 'person'), usualForm)

const everything = fill({
  language: 'de_DE.UTF-8',
  keyboard: 'de',
  timezone: 'Europe/Berlin',
  network: 'static',
  interface: 'enp1s0',
  address: '192.168.1.20/24',
  gateway: '192.168.1.1',
  dns: '192.168.1.1, 9.9.9.9',
  wifi: 'yes',
  'wifi.name': 'Home Net',
  'wifi.password': 'correct horse',
  'wifi.country': 'DE',
  systemDisk: 'S5GXNX0T124Q7K',
  'media:WD-CA1L3PG': 'keep',
  hostname: 'filme',
  user: 'anna',
  sshKeys: 'ssh-ed25519 A one\nssh-ed25519 B two',
  vpn: 'token',
  'vpn.token': token,
  'vpn.country': 'Sweden',
  domain: 'yes',
  'domain.name': 'example.com',
  'domain.provider': 'desec',
  'domain.email': 'anna@example.com',
  'domain.credential:desec.token': 'abc',
  'domain.credential:cloudflare.token': 'of another provider',
  'service:bazarr': 'no',
  plex: 'claim',
  'plex.claim': 'claim-12345678901234567890',
})

test('a form says all answers, with what belongs to the chosen provider only', () => {
  const { answers, sources } = draftOf(everything, services)
  expect(answers).toMatchObject({
    network: { mode: 'static', dns: ['192.168.1.1', '9.9.9.9'] },
    wifi: { name: 'Home Net', country: 'DE' },
    media: [{ disk: 'WD-CA1L3PG', use: 'keep' }],
    sshKeys: ['ssh-ed25519 A one', 'ssh-ed25519 B two'],
    vpn: { credential: { kind: 'token' }, country: 'Sweden' },
    services: ['jellyseerr'],
  })
  expect(Object.keys(answers.domain?.credentials ?? {})).toEqual(['token'])
  expect(answers.wifi?.password.reveal()).toBe('correct horse')
  expect(new Set(Object.values(sources))).toEqual(new Set(['person']))
})

test('a draft becomes a form that says the same', () => {
  const draft = draftOf(everything, services)
  const again = draftOf(formOf(draft, services), services)
  expect(again.sources).toEqual(draft.sources)
  expect(JSON.stringify(again)).toBe(JSON.stringify(draft))
  expect(again.answers.vpn?.credential.value.reveal()).toBe(token)
  expect(again.answers.domain?.credentials['token']?.reveal()).toBe('abc')
})

test('nothing answered: what has no usual value is left out', () => {
  const { answers, sources } = draftOf(usualForm, services)
  for (const name of ['systemDisk', 'vpn']) expect(answers).not.toHaveProperty(name)
  expect(answers).toMatchObject({ network: { mode: 'dhcp' }, wifi: null, media: [], services, plexClaim: null })
  expect(new Set(Object.values(sources))).toEqual(new Set(['default']))
})

test('a use of the disk that became the system disk does not count', () => {
  const form = withValue(everything, 'systemDisk', 'WD-CA1L3PG', 'person')
  expect(draftOf(form, services).answers.media).toEqual([])
})

test('no print of a form shows a secret', () => {
  for (const text of [JSON.stringify(everything), inspect(everything, { depth: 9 }), `${everything.secrets}`]) {
    expect(text).not.toContain(token)
    expect(text).not.toContain('correct horse')
  }
})

test('a draft is kept for root alone, and comes back whole', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'draft-')), 'run/draft.json')
  expect(loadDraft(path)).toBeNull()
  saveDraft(path, { form: everything, screen: 'vpn' })
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readFileSync(path, 'utf8')).toContain(token)
  const kept = loadDraft(path)
  expect(kept?.screen).toBe('vpn')
  expect(kept?.form.secrets['vpn.token']?.reveal()).toBe(token)
  expect(kept?.form.texts).toEqual(everything.texts)
})

test('consent is not kept: a draft leads to the summary at most', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'draft-')), 'draft.json')
  for (const screen of ['agree', 'starting', 'problem', 'review'] as const) {
    saveDraft(path, { form: everything, screen })
    expect(loadDraft(path)?.screen).toBe('review')
  }
})

test('a damaged draft is none', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'draft-')), 'draft.json')
  for (const text of ['', '{', '[]', '{"screen":"vpn","texts":{"a":1},"secrets":{},"sources":{}}']) {
    writeFileSync(path, text)
    expect(loadDraft(path)).toBeNull()
  }
})
