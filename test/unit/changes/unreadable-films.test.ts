import type * as fs from 'node:fs/promises'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import type { Site } from '../../../firstboot/changes/change.ts'
import { compareFilms, recordFilms } from '../../../firstboot/changes/films.ts'
import { folderSite } from '../../support/folder-site.ts'
import { someAnswers } from '../plan-setup/answers.ts'
import { temporaryFolder } from '../shared/fixtures.ts'

/** What the disk cannot do, by the name of what it is done to. */
const faults = vi.hoisted((): Record<string, Record<string, string>> => ({ open: {}, stat: {}, readdir: {} }))

vi.mock('node:fs/promises', async original => {
  const real = await original<typeof fs>()
  const failing =
    <A extends unknown[], R>(call: string, body: (path: string, ...rest: A) => Promise<R>) =>
    async (path: string, ...rest: A): Promise<R> => {
      const code = faults[call]?.[basename(path)]
      if (code !== undefined) throw Object.assign(new Error(`${code}: ${call} '${path}'`), { code })
      return await body(path, ...rest)
    }
  return {
    ...real,
    open: failing('open', real.open as never),
    stat: failing('stat', real.stat as never),
    readdir: failing('readdir', real.readdir as never),
  }
})

const kept = { kept: [{ uuid: 'u1', type: 'exfat' }] }
let disk: string
let site: Site

beforeEach(async () => {
  faults['open'] = {}
  faults['stat'] = {}
  faults['readdir'] = {}
  const folder = await temporaryFolder()
  disk = join(folder, 'data')
  await mkdir(join(disk, 'movies/A'), { recursive: true })
  await mkdir(join(disk, 'tv'))
  for (const name of ['movies/A/a', 'movies/A/b', 'movies/c', 'tv/d']) await writeFile(join(disk, name), name)
  // The new system is not there yet: a difference stops the set-up.
  site = {
    ...folderSite(folder, { ...someAnswers, systemDisk: 'x' }),
    run: async () => '',
    attempt: async () => ({ code: 0, stdout: '', stderr: '' }),
  }
})

vi.mock('../../../firstboot/changes/with-film-disk.ts', () => ({
  withFilmDisk: async (_uuid: string, _way: unknown, _site: Site, body: (place: string) => Promise<unknown>) =>
    await body(disk),
}))

const record = async () => {
  await recordFilms.apply(kept, site)
  return await recordFilms.check(kept, site)
}
const compare = async () => {
  await compareFilms.apply(kept, site)
  return await compareFilms.check(kept, site)
}
const ASIDE = '(the disk may be failing, or Windows has encrypted it)'

test.each<[string, 'open' | 'stat' | 'readdir', string, string, string]>([
  [
    'a film that Windows has encrypted',
    'open',
    'c',
    'EOPNOTSUPP',
    '4 files remembered; not all of movies/c can be read',
  ],
  ['a film that nobody may read', 'open', 'c', 'EACCES', '4 files remembered; not all of movies/c can be read'],
  ['a bad sector below a film', 'open', 'c', 'EIO', '4 files remembered; not all of movies/c can be read'],
  ['a bad sector below an inode', 'stat', 'c', 'EIO', '3 files remembered; not all of movies/c can be read'],
  ['a bad sector below a folder', 'readdir', 'A', 'EIO', '2 files remembered; not all of movies/A can be read'],
  ['a folder that is damaged', 'readdir', 'A', 'EUCLEAN', '2 files remembered; not all of movies/A can be read'],
])('%s keeps nobody from a set-up that leaves the disk as it is, and is told', async (_, call, name, code, words) => {
  faults[call] = { [name]: code }
  expect(await record()).toBe(`${words} ${ASIDE}`)
  expect(await compare()).toMatch(/^\d files compared, all unchanged/)
})

test.each<[string, 'stat' | 'readdir', string, string, string]>([
  ['an entry', 'stat', 'c', '3', 'movies/c'],
  ['a folder', 'readdir', 'A', '2', 'movies/A'],
])(
  '%s that was and is not to be looked at is not lost, and not called the same',
  async (_, call, name, count, path) => {
    faults[call] = { [name]: 'EIO' }
    await record()
    expect(await compare()).toBe(`${count} files compared, all unchanged; not all of ${path} can be read ${ASIDE}`)
  },
)

test.each<[string, 'stat' | 'readdir', string, string, string]>([
  ['an entry', 'stat', 'c', '3', 'movies/c'],
  ['a folder', 'readdir', 'A', '2', 'movies/A'],
  ['a folder above it', 'readdir', 'movies', '1', 'movies'],
])('what cannot be looked at any more, for %s that went bad, is not gone', async (_, call, name, count, path) => {
  await record()
  faults[call] = { [name]: 'EIO' }
  expect(await compare()).toBe(`${count} files compared, all unchanged; not all of ${path} can be read ${ASIDE}`)
})

test('of very many things that cannot be looked at, the first is named', async () => {
  faults['stat'] = { a: 'EIO', b: 'EIO', c: 'EIO' }
  expect(await record()).toBe(`1 files remembered; not all of movies/A/a and 2 more can be read ${ASIDE}`)
})

test('what can be looked at again is not new trouble', async () => {
  faults['readdir'] = { A: 'EIO' }
  await record()
  faults['readdir'] = {}
  expect(await compare()).toBe('2 files compared, all unchanged')
})

test('a disk whose top folder cannot be read stays an error', async () => {
  faults['readdir'] = { [basename(disk)]: 'EIO' }
  await expect(record()).rejects.toThrow('EIO')
})

test('a disk that was pulled out meanwhile is an error, and not one that can hardly be read', async () => {
  faults['stat'] = { a: 'EIO', b: 'EIO', c: 'EIO', d: 'EIO' }
  site = { ...site, attempt: async ([program]) => ({ code: program === 'findfs' ? 1 : 0, stdout: '', stderr: '' }) }
  await expect(record()).rejects.toThrow('A film disk went away while it was looked at.')
  expect(await recordFilms.check(kept, site)).toBeNull()
})

test('what is really gone stops the set-up, beside a folder that cannot be read', async () => {
  faults['readdir'] = { A: 'EIO' }
  await record()
  faults['stat'] = { d: 'ENOENT' }
  await expect(compare()).rejects.toThrow('A film disk is not as it was: tv/d is gone.')
})
