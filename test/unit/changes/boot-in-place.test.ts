import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { bootInPlace, renderMenu } from '../../../firstboot/changes/boot-in-place.ts'
import type { Site } from '../../../firstboot/changes/change.ts'
import { folderSite } from '../../support/folder-site.ts'
import { someAnswers } from '../plan-setup/answers.ts'
import { temporaryFolder } from '../shared/fixtures.ts'

const LIVE = '# Media Server: the menu of the stick\nmenuentry "Media Server" { }\n'
const params = { root: 'root-1', vendor: 'debian', firmware: 'UEFI' }
const places = ['grub', 'EFI/debian']

let folder: string
let site: Site

beforeEach(async () => {
  folder = await temporaryFolder()
  for (const name of ['EFI/debian', 'grub', 'live']) await mkdir(join(folder, 'boot/efi', name), { recursive: true })
  for (const name of ['boot/grub', 'etc/default/grub.d', 'etc/dracut.conf.d'])
    await mkdir(join(folder, name), { recursive: true })
  await writeFile(join(folder, 'boot/vmlinuz-1'), '')
  await writeFile(join(folder, 'boot/efi/live/initrd.img'), '')
  for (const place of places) await writeFile(esp(place, 'grub.cfg'), LIVE)
  const nothing = async () => ''
  const attempt: Site['attempt'] = async () => ({ code: 0, stdout: '', stderr: '' })
  site = { ...folderSite(folder, { ...someAnswers, systemDisk: 'x' }), run: nothing, runInside: nothing, attempt }
})

const esp = (place: string, name: string): string => join(folder, 'boot/efi', place, name)
const read = async (name: string) =>
  await Promise.all(places.map(async place => await readFile(esp(place, name), 'utf8')))

describe('a system beside the image', () => {
  test('starts first, and the menu of the image stays', async () => {
    await bootInPlace.apply(params, site)
    expect(await read('grub.cfg')).toEqual([renderMenu('root-1'), renderMenu('root-1')])
    expect(await read('live.cfg')).toEqual([LIVE, LIVE])
    expect(await bootInPlace.check(params, site)).toContain('starts beside the image')
  })

  test('keeps the menu of the image when the power was cut while it was copied', async () => {
    await writeFile(esp('grub', 'live.cfg'), '')
    await bootInPlace.apply(params, site)
    expect(await read('live.cfg')).toEqual([LIVE, LIVE])
  })

  test('keeps it when the power was cut between the two menus', async () => {
    await bootInPlace.apply(params, site)
    await writeFile(esp('EFI/debian', 'grub.cfg'), LIVE)
    await bootInPlace.apply(params, site)
    expect(await read('grub.cfg')).toEqual([renderMenu('root-1'), renderMenu('root-1')])
    expect(await read('live.cfg')).toEqual([LIVE, LIVE])
  })

  test('does not take the menu of an earlier set-up for that of the image', async () => {
    await bootInPlace.apply(params, site)
    await bootInPlace.apply({ ...params, root: 'root-2' }, site)
    expect(await read('grub.cfg')).toEqual([renderMenu('root-2'), renderMenu('root-2')])
    expect(await read('live.cfg')).toEqual([LIVE, LIVE])
  })
})
