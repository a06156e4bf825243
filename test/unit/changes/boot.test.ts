import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { installForUefi } from '../../../firstboot/changes/boot.ts'
import { makeBootFiles } from '../../../firstboot/changes/boot-files.ts'
import { folderSite } from '../../support/folder-site.ts'
import { someAnswers } from '../plan-setup/answers.ts'

test.each([
  ['debian', true],
  // Its grub-install ends with an error when it is asked for what it always does.
  ['ubuntu', false],
])('GRUB of %s is installed with options that it knows', (vendor, asksForRemovable) => {
  const argv = installForUefi(vendor)
  expect(argv).toContain(`--bootloader-id=${vendor}`)
  expect(argv.includes('--force-extra-removable')).toBe(asksForRemovable)
})

test('updates of shim and GRUB find the folder below EFI that the machine starts from', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'boot-'))
  await mkdir(join(folder, 'boot'))
  await writeFile(join(folder, 'boot/vmlinuz-6.12'), '')
  const runs: string[] = []
  const note = async ([program]: readonly string[]) => (runs.push(program ?? ''), '')
  const site = { ...folderSite(folder, someAnswers), run: note, runInside: note }
  await makeBootFiles('root', null, 'Debian', site)
  // As shim-signed's postinst finds it.
  const id = `. "$1/etc/default/grub.d/mediaserver.cfg"; echo "$GRUB_DISTRIBUTOR" | tr A-Z a-z | cut -d" " -f1`
  expect((await folderSite('', someAnswers).run(['sh', '-c', id, 'sh', folder])).trim()).toBe('debian')
  // A loader without its menu would start nothing.
  expect(runs.slice(-2)).toEqual(['update-grub', 'sync'])
  expect(await readFile(join(folder, 'etc/dracut.conf.d/99-mediaserver.conf'), 'utf8')).toContain('hostonly="no"')
  await rm(folder, { recursive: true })
})
