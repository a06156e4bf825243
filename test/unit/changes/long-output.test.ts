import { mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Site } from '../../../firstboot/changes/change.ts'
import { lackingPartitions } from '../../../firstboot/changes/block-devices.ts'
import { language } from '../../../firstboot/changes/language.ts'
import { runLong } from '../../../firstboot/run.ts'
import { folderSite } from '../../support/folder-site.ts'
import { someAnswers } from '../plan-setup/answers.ts'
import { temporaryFolder } from '../shared/fixtures.ts'

const answers = { ...someAnswers, systemDisk: 'x' }
const MiB = 1024 * 1024

test('the table of a disk with very many partitions is read, also where sfdisk finds something to say of it', async () => {
  const disk = join(await temporaryFolder(), 'disk.img')
  await writeFile(disk, '')
  await truncate(disk, 128 * MiB)
  const guid = (number: number) => `00000000-0000-4000-8000-0000000000${number}`
  const numbers = Array.from({ length: 60 }, (_, index) => index + 10)
  const input = `label: gpt\n${numbers.map(number => `size=1MiB, uuid=${guid(number)}`).join('\n')}\n`
  expect(await runLong('sfdisk', ['--quiet', disk], { input })).toMatchObject({ code: 0 })
  // The second table is where the disk once ended.
  await truncate(disk, 256 * MiB)
  const there = { name: 'first', type: '', guid: guid(10), bytes: MiB, start: MiB }
  const lacking = { ...there, guid: guid(99) }
  expect(await lackingPartitions(disk, [there, lacking], folderSite('', answers))).toEqual([lacking])
})

test('a language is found among very many', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'bin'))
  const locales = ['de_AT.utf8', ...Array.from({ length: 900 }, (_, index) => `zz_${index}.utf8`)].join('\n')
  await writeFile(join(folder, 'bin/locale'), `#!/bin/sh\ncat <<END\n${locales}\nEND\n`, { mode: 0o755 })
  const real = folderSite(folder, answers)
  const calls: string[] = []
  const site: Site = {
    ...real,
    async runInside([program, ...args], follow) {
      calls.push(program)
      return await real.run([join(folder, 'bin', program), ...args], follow)
    },
  }
  for (const name of ['etc/default', 'usr/share/zoneinfo/Europe']) await mkdir(join(folder, name), { recursive: true })
  const params = { language: 'de_AT.UTF-8', keyboard: 'de', timezone: 'Europe/Vienna' }
  await language.apply(params, site)
  expect(calls).not.toContain('locale-gen')
  expect(await language.check(params, site)).toContain('de_AT.UTF-8')
})
