import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { accountWords } from '../../../firstboot/plex/account.ts'
import { progressOf } from '../../../firstboot/plex/install.ts'
import { librariesToMake, libraryWishes, plexLanguage } from '../../../firstboot/plex/libraries.ts'
import {
  parsePreferences,
  processedIdentifier,
  renderPreferences,
  withoutAccount,
} from '../../../firstboot/plex/preferences-file.ts'
import { settingsAsWished, settingsToWrite, settingWishes } from '../../../firstboot/plex/settings.ts'
import { noPlexState, parsePlexState, readPlexState, writePlexState } from '../../../firstboot/plex/state.ts'
import { temporaryFolder } from '../shared/fixtures.ts'

describe('Preferences.xml', () => {
  const values = { MachineIdentifier: '0a1b', FriendlyName: 'Anna & "Ben" <3', PlexOnlineToken: 'geheim' }

  test('comes back as it was written', () => expect(parsePreferences(renderPreferences(values))).toEqual(values))

  test('as the server writes it', () => {
    const text =
      '<?xml version="1.0" encoding="utf-8"?>\n<Preferences OldestPreviousVersion="legacy" MachineIdentifier="0a1b" />\n'
    expect(parsePreferences(text)).toEqual({ OldestPreviousVersion: 'legacy', MachineIdentifier: '0a1b' })
  })

  test.each(['', '<Preferences', '<Other a="1"/>', '<Preferences a="1"/><Preferences/>'])('%j is none', text => {
    expect(parsePreferences(text)).toBeNull()
  })

  test('signed out, everything but the account stays', () => {
    expect(withoutAccount({ ...values, PlexOnlineMail: 'a@b', PlexOnlineHome: '1' })).toEqual({
      MachineIdentifier: '0a1b',
      FriendlyName: values.FriendlyName,
    })
  })

  test('the name at plex.tv is made as pms-docker makes it', () => {
    // printf '%s- Plex Media Server' 5c9f5f2e-0000-4000-8000-000000000000 | sha1sum
    expect(processedIdentifier('5c9f5f2e-0000-4000-8000-000000000000')).toBe('5a012442db8394b1e5f3343a079c1296e13fc02b')
  })
})

describe('settings', () => {
  const wishes = { FriendlyName: 'films', autoEmptyTrash: '0', secureConnections: { choice: 'Preferred' } }
  const setting = (id: string, value: string, choices = '') => ({ id, value, choices })
  const secure = (value: string) => setting('secureConnections', value, '0:Required|1:Preferred|2:Disabled')
  const fresh = [setting('FriendlyName', ''), setting('autoEmptyTrash', 'true'), secure('0')]

  test('a fresh server gets all', () => {
    expect(settingsToWrite(wishes, fresh, {})).toEqual({
      FriendlyName: 'films',
      autoEmptyTrash: '0',
      secureConnections: '1',
    })
  })

  test('choices are found by their words, whatever their numbers are', () => {
    const other = [setting('secureConnections', '1', '1:Required|7:Preferred')]
    expect(settingsToWrite(wishes, other, {})).toEqual({ secureConnections: '7' })
    expect(settingsToWrite(wishes, [setting('secureConnections', '1', '')], {})).toEqual({})
  })

  test('nothing is written twice; truth has two spellings', () => {
    const now = [setting('FriendlyName', 'films'), setting('autoEmptyTrash', 'false'), secure('1')]
    const written = settingsAsWished(wishes, now)
    expect(written).toEqual({ FriendlyName: 'films', autoEmptyTrash: '0', secureConnections: '1' })
    expect(settingsToWrite(wishes, now, written)).toEqual({})
    expect(settingsToWrite(wishes, now, {})).toEqual({})
  })

  test('what the user changed stays; what is still ours follows the answers', () => {
    const written = { FriendlyName: 'films', autoEmptyTrash: '0', secureConnections: '1' }
    const edited = [setting('FriendlyName', 'Kino'), setting('autoEmptyTrash', 'true'), secure('1')]
    expect(settingsToWrite(wishes, edited, written)).toEqual({})
    const renamed = { ...wishes, FriendlyName: 'attic' }
    expect(settingsToWrite(renamed, [setting('FriendlyName', 'films')], written)).toEqual({ FriendlyName: 'attic' })
    expect(settingsToWrite(renamed, edited, written)).toEqual({})
  })

  test('transcoding happens outside of every home, and a disk that is away empties no library', () => {
    const all = settingWishes('films')
    expect(all['TranscoderTempDirectory']).toMatch(/^\/var\/lib\/plexmediaserver\//)
    expect(all['autoEmptyTrash']).toBe('0')
    expect(all).not.toHaveProperty('allowedNetworks')
  })
})

describe('libraries', () => {
  const wishes = libraryWishes('de_DE.UTF-8')
  const library = (folder: string, title = 'x') => ({ key: '1', title, folders: [folder] })

  test('three, in the language of the answers', () => {
    expect(wishes.map(({ folder, requests: [first] }) => `${folder} ${first?.type} ${first?.language}`)).toEqual([
      '/data/media/movies movie de-DE',
      '/data/media/tv show de-DE',
      '/data/media/homevideo movie de-DE',
    ])
  })

  test.each([
    ['de_DE.UTF-8', 'de-DE'],
    ['pt_BR.UTF-8', 'pt-BR'],
    ['C.UTF-8', 'en-US'],
    ['', 'en-US'],
  ])('locale %s is %s', (locale, language) => expect(plexLanguage(locale)).toBe(language))

  test('a folder that Plex does not take keeps nobody from having the library', () => {
    const [movies] = libraryWishes('de_DE.UTF-8', { movies: ['/data/Filme'], shows: [] })
    expect(movies?.requests.map(({ locations }) => locations)).toEqual([
      ['/data/media/movies', '/data/Filme'],
      ['/data/media/movies'],
    ])
  })

  test('one that is there under another name, or was taken away, is not made', () => {
    const found = [library('/data/media/movies/', 'Kino')]
    expect(librariesToMake(wishes, found, ['/data/media/tv']).map(({ folder }) => folder)).toEqual([
      '/data/media/homevideo',
    ])
  })
})

describe('what is remembered', () => {
  test('only root may read it, and no accident prints the token', async () => {
    const path = join(await temporaryFolder(), 'lib/plex.json')
    const state = { ...noPlexState, token: new Secret('geheim'), client: 'c', username: 'anna', pass: false }
    await writePlexState(state, path)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const read = await readPlexState(path)
    expect(read.token?.reveal()).toBe('geheim')
    expect(JSON.stringify(read)).not.toContain('geheim')
    expect(read).toMatchObject({ client: 'c', username: 'anna', pass: false, preferences: {}, libraries: [] })
  })

  test.each(['', '{', '[]', '{"token": 5}'])('%j is nothing', text => expect(parsePlexState(text)).toEqual(noPlexState))
})

test.each([
  ['dlstatus:1:37.5:Retrieving file 1 of 1 (2min 3s remaining)', { doing: 'downloading Plex', done: 38 }],
  ['pmstatus:plexmediaserver:60.0:Installing plexmediaserver (amd64)', { doing: 'installing Plex', done: 60 }],
  ['Reading package lists...', null],
  ['pmerror:plexmediaserver:60:failed', null],
])('%s', (line, expected) => expect(progressOf(line)).toEqual(expected))

test.each([
  [{ claimed: false }, {}, 'without an account; sign in with "sudo mediaserver plex claim"'],
  [{ claimed: true }, { username: 'anna', pass: true }, 'claimed by anna, Plex Pass: hardware transcoding'],
  [
    { claimed: true },
    { username: 'anna', pass: false },
    'claimed by anna, no Plex Pass: transcoding by the processor only',
  ],
  [{ claimed: true }, { username: 'anna' }, 'claimed by anna'],
  [{ claimed: true }, {}, 'claimed'],
])('%j %j: %s', (identity, known, words) => expect(accountWords(identity, { ...noPlexState, ...known })).toBe(words))
