import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { Site } from '../../../firstboot/changes/change.ts'
import { filmFolderFailure, folders } from '../../../firstboot/changes/folders.ts'
import { folderSite } from '../../support/folder-site.ts'
import { someAnswers } from '../plan-setup/answers.ts'

vi.mock('node:fs/promises', async original => (await import('../../support/as-root.ts')).asRoot(await original()))

test.each([
  ['ntfs3', /shut Windows down fully/],
  ['ext4', /check and mend it/],
])('a film disk with %s that is not let be mounted is named, with what to do about it', async (type, mend) => {
  const folder = await mkdtemp(join(tmpdir(), 'folders-'))
  await mkdir(join(folder, 'etc'))
  await writeFile(join(folder, 'etc/fstab'), `UUID=U1 /data ${type} nofail,noatime 0 0\n`)
  const refused = 'mount: /run/mediaserver/films: wrong fs type, bad option, bad superblock on /dev/sdb1.\n  see dmesg'
  const site: Site = {
    ...folderSite(folder, someAnswers),
    attempt: async ([program]) => ({ code: program === 'mount' ? 32 : 0, stdout: '', stderr: refused }),
  }
  await expect(folders.apply(folders.parse({ user: 'anna' }), site)).rejects.toMatchObject({
    message: `The film disk with the ${type} U1 cannot be mounted: wrong fs type, bad option, bad superblock on /dev/sdb1.`,
    mend: expect.stringMatching(mend),
  })
})

test('what is on a film disk is remembered anew after somebody was asked to mend it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'folders-'))
  const setup = join(folder, 'var/lib/mediaserver/setup')
  await mkdir(join(folder, 'etc'))
  await mkdir(setup, { recursive: true })
  await writeFile(join(folder, 'etc/fstab'), 'UUID=U1 /data ntfs3 nofail,noatime 0 0\nUUID=U2 /data2 ext4 nofail 0 0\n')
  for (const uuid of ['U1', 'U2']) await writeFile(join(setup, `films-${uuid}.json`), '{}')
  const site: Site = {
    ...folderSite(folder, someAnswers),
    attempt: async ([program]) => ({ code: program === 'mount' ? 32 : 0, stdout: '', stderr: 'dirty' }),
  }
  await expect(folders.apply(folders.parse({ user: 'anna' }), site)).rejects.toThrow(/cannot be mounted/)
  expect(await readdir(setup)).toEqual(['films-U2.json'])
})

test.each([
  ['ENOSPC', /film disk is full/],
  ['EROFS', /only be read/],
  ['EPERM', /not there/],
])('a film disk that takes no folders because of %s is named', (code, words) => {
  expect(filmFolderFailure(Object.assign(new Error('mkdir'), { code }))).toMatchObject({
    message: expect.stringMatching(words),
    mend: expect.stringMatching(/try again/),
  })
})
