import { mkdir, mkdtemp, rm, unlink, writeFile } from 'node:fs/promises'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Site } from '../../../firstboot/changes/change.ts'
import { listFilms } from '../../../firstboot/changes/film-list.ts'
import { compareFilms, recordFilms } from '../../../firstboot/changes/films.ts'
import { folderSite } from '../../support/folder-site.ts'
import { someAnswers } from '../plan-setup/answers.ts'

const kept = { kept: [{ uuid: 'u1', type: 'exfat' }] }

/** The installed system, which runs and has its film disk in its place. */
async function running() {
  const folder = await mkdtemp(join(tmpdir(), 'films-'))
  const disk = join(folder, 'data')
  await mkdir(join(disk, 'movies/A'), { recursive: true })
  for (const name of ['a', 'b', 'c']) await writeFile(join(disk, 'movies/A', name), name)
  const site: Site = {
    ...folderSite(folder, someAnswers),
    target: '',
    attempt: async ([program]) => ({ code: program === 'findmnt' ? 0 : 1, stdout: disk, stderr: '' }),
  }
  const compare = async () => {
    await compareFilms.apply(kept, site)
    return await compareFilms.check(kept, site)
  }
  return { disk, site, compare }
}

describe('films are compared while the new system runs already', () => {
  test('and are all unchanged', async () => {
    const { site, compare } = await running()
    await recordFilms.apply(kept, site)
    expect(await compare()).toBe('3 files compared, all unchanged')
  })
  test('what a person has deleted meanwhile is told, and keeps nothing from being finished', async () => {
    const { disk, site, compare } = await running()
    await recordFilms.apply(kept, site)
    await unlink(join(disk, 'movies/A/b'))
    await writeFile(join(disk, 'movies/A/c'), 'longer')
    expect(await compare()).toBe(
      '3 files compared; not as before the set-up: movies/A/b is gone; movies/A/c has changed',
    )
  })
  test('many differences are counted', async () => {
    const { disk, site, compare } = await running()
    for (const name of ['d', 'e']) await writeFile(join(disk, 'movies/A', name), name)
    await recordFilms.apply(kept, site)
    await rm(join(disk, 'movies'), { recursive: true })
    expect(await compare()).toBe(
      '5 files compared; not as before the set-up: movies/A/a is gone; movies/A/b is gone; movies/A/c is gone; and 2 more',
    )
  })
  test('so is a list that is not there', async () => {
    const { compare } = await running()
    expect(await compare()).toBe('0 files compared; not as before the set-up: nothing was remembered of a film disk')
  })
})

test('files and folders that go away while they are listed are not in the list', async () => {
  const { disk } = await running()
  await mkdir(join(disk, 'tv/B'), { recursive: true })
  await writeFile(join(disk, 'tv/B/x'), 'x')
  const list = await listFilms(disk, 400, () => rmSync(join(disk, 'movies'), { recursive: true, force: true }))
  expect(Object.keys(list)).toEqual(['movies/A/a', 'tv/B/x'])
})
