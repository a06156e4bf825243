import { mkdir } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keyboardFault } from '../../../firstboot/answers/rules/place.ts'
import { language } from '../../../firstboot/changes/language.ts'
import { keyboards } from '../../../firstboot/wizard/lists.ts'
import { twoLayouts, xkbOf } from '../../../firstboot/xkb.ts'
import { folderSite } from '../../support/folder-site.ts'
import { someAnswers } from '../plan-setup/answers.ts'
import { temporaryFolder } from '../shared/fixtures.ts'

test.each(['ru', 'ua', 'bg', 'gr', 'rs', 'ara', 'il'])(
  '%s begins with Latin letters, and can be switched',
  keyboard => {
    expect(twoLayouts(keyboard)).toBe(true)
    expect(xkbOf(keyboard)).toEqual({ layout: `us,${keyboard}`, variant: ',', options: 'grp:alt_shift_toggle' })
  },
)

test.each(['us', 'gb', 'de', 'fr', 'pl', 'tr', 'jp'])('%s has Latin letters of its own', keyboard => {
  expect(twoLayouts(keyboard)).toBe(false)
  expect(xkbOf(keyboard)).toEqual({ layout: keyboard, variant: '', options: '' })
})

test('of those in the list of the screens, these have two layouts', () => {
  const two = keyboards.map(({ value }) => value).filter(twoLayouts)
  expect(two.sort()).toEqual(['bg', 'gr', 'ru', 'ua'])
  for (const keyboard of two) expect(keyboardFault(keyboard)).toBeNull()
})

test.each([
  ['ru', 'XKBLAYOUT="us,ru"\nXKBVARIANT=","\nXKBOPTIONS="grp:alt_shift_toggle"\n'],
  ['de', 'XKBLAYOUT="de"\nXKBVARIANT=""\nXKBOPTIONS=""\n'],
])('the installed system is told the same: %s', async (keyboard, text) => {
  const folder = await temporaryFolder()
  for (const name of ['etc/default', 'usr/share/zoneinfo/Etc']) await mkdir(join(folder, name), { recursive: true })
  const site = { ...folderSite(folder, { ...someAnswers, systemDisk: 'x' }), runInside: async () => 'en_US.utf8' }
  await language.apply({ language: 'en_US.UTF-8', keyboard, timezone: 'Etc/UTC' }, site)
  expect(readFileSync(join(folder, 'etc/default/keyboard'), 'utf8')).toContain(text)
})
