import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { stackKeys } from '../../../firstboot/changes/stack-keys.ts'
import { credentialsPath, parseCredentials } from '../../../firstboot/credentials.ts'
import { safetyStopsPath } from '../../../firstboot/doctor/safety-stop.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { runLong } from '../../../firstboot/run.ts'
import { setCredentialsCommand, type SetDoors } from '../../../firstboot/set-credentials.ts'
import { type Login, parseStackKeys, stackKeysPath } from '../../../firstboot/stack/keys.ts'
import type { Stage } from '../../../firstboot/verify/run-checks.ts'
import type { Admission } from '../../../firstboot/wiring/qbittorrent-login.ts'
import { refusedLoginPath } from '../../../firstboot/wiring/refused-login.ts'
import { Trouble } from '../../../firstboot/wiring/trouble.ts'
import { folderSite } from '../../support/folder-site.ts'
import { someAnswers } from '../plan-setup/answers.ts'
import { temporaryFolder } from '../shared/fixtures.ts'
import { aService } from '../stack/a-service.ts'
import { aStage } from '../verify/a-scene.ts'

vi.mock('node:fs/promises', async original => (await import('../../support/as-root.ts')).asRoot(await original()))

const answers = {
  ...someAnswers,
  user: 'anna',
  vpn: { credential: { kind: 'token', value: new Secret('t') }, country: '' },
}
let place = ''
let said: string[] = []
let tried: string[] = []
let stage: Stage
beforeEach(async () => {
  place = await temporaryFolder()
  said = []
  tried = []
  const attempt: Stage['attempt'] = async ([program, ...args], follow) => await runLong(program, args, follow)
  const services = [aService({ name: 'qbittorrent' })]
  stage = aStage({ root: openRoot(place), answers: answers as never, services, attempt })
  await stackKeys.apply({ user: 'anna' }, folderSite(place, answers as never))
})

const text = async (path: string) => await readFile(join(place, path), 'utf8')
const write = async (path: string, content: string) => {
  await mkdir(dirname(join(place, path)), { recursive: true })
  await writeFile(join(place, path), content)
}
const kept = async () => [
  parseStackKeys(await text(stackKeysPath))?.logins.qbittorrent.password.reveal(),
  parseCredentials(await text(credentialsPath))?.['qbittorrent']?.password,
]

/** A person who types this, and a qBittorrent that answers so. */
async function set(
  typed: string | null,
  answer: Admission | Error,
  more: Partial<SetDoors> = {},
  words = 'set qbittorrent',
) {
  return await setCredentialsCommand(stage.root, words.split(' '), line => void said.push(line), {
    open: () => stage,
    ask: async () => (typed === null ? null : new Secret(typed)),
    tryLogin: async ({ user, password }: Login) => {
      tried.push(`${user} ${password.reveal()}`)
      if (answer instanceof Error) throw answer
      return answer
    },
    alone: async () => ({ [Symbol.asyncDispose]: async () => {} }),
    ...more,
  })
}

const well: Admission = { cookie: 'SID=abc' }
const wrong: Admission = { refusal: 'wrong', why: 'it says so' }

describe('a password that was changed in qBittorrent', () => {
  test('is tried there once, and kept in place of the one that was made, for nobody else to read', async () => {
    await write(refusedLoginPath, 'of the older one\n')
    const others = parseStackKeys(await text(stackKeysPath))?.logins.sonarr.password.reveal()
    expect(await set('my own one', well)).toBe(0)
    expect(tried).toEqual(['anna my own one'])
    expect(await kept()).toEqual(['my own one', 'my own one'])
    for (const path of [stackKeysPath, credentialsPath])
      expect((await stat(join(place, path))).mode & 0o777).toBe(0o600)
    expect(parseStackKeys(await text(stackKeysPath))?.logins.sonarr.password.reveal()).toBe(others)
    // A later look tries it, whatever was refused before.
    await expect(text(refusedLoginPath)).rejects.toThrow('ENOENT')
    expect(said.join()).toContain('sudo mediaserver apply')
    expect(said.join()).not.toContain('my own one')
    // And applying the answers does not take it back.
    expect(await stackKeys.check({ user: 'anna' }, folderSite(place, answers as never))).not.toBeNull()
  })

  test.each<[string, Admission | Error, RegExp]>([
    ['qBittorrent does not take', wrong, /does not let anna in with it.*five wrong tries.*Nothing was changed\.$/],
    ['comes while everybody is shut out', { refusal: 'banned', why: '' }, /for an hour.*Nothing was changed\.$/],
    [
      'cannot be tried',
      new Trouble('qBittorrent does not answer to POST /api/v2/auth/login: nobody is there.', true),
      /^qBittorrent does not answer.*Nothing was changed\..*verify services/,
    ],
  ])('is not kept when it is one that %s', async (_, answer, words) => {
    const before = await kept()
    expect(await set('my own one', answer)).toBe(1)
    expect(await kept()).toEqual(before)
    expect(said.join('\n')).toMatch(words)
    expect(said.join()).not.toContain('my own one')
  })

  test('is not asked for where that leads nowhere', async () => {
    expect(await set(null, well)).toBe(2)
    expect(await set('x', well, { ask: null })).toBe(2)
    expect(await set('x', well, {}, 'set sonarr')).toBe(2)
    expect(await set('x', well, {}, 'set qbittorrent my-own-one')).toBe(2)
    expect(await set('x', well, { open: () => ({ fault: 'Only root.' }) })).toBe(2)
    expect(await set('x', well, { open: () => ({ ...stage, services: [] }) })).toBe(2)
    await write(safetyStopsPath, '{"qbittorrent":{"why":"a reason","at":0}}')
    expect(await set('x', well)).toBe(2)
    expect(said).toEqual([
      'Nothing was changed.',
      expect.stringContaining('ssh -t'),
      expect.stringContaining('mediaserver credentials set qbittorrent'),
      expect.stringContaining('mediaserver credentials set qbittorrent'),
      'Only root.',
      'This machine has no qBittorrent.',
      expect.stringContaining('was stopped for safety'),
    ])
    expect(tried).toEqual([])
  })
})
