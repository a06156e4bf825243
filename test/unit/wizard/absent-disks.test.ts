import { beforeAll, describe, expect, test } from 'vitest'
import type { MediaUse } from '../../../firstboot/answers/answers.ts'
import { initialWizard, type World } from '../../../firstboot/wizard/state.ts'
import { Person, publicKey, walk, worldOf } from './wizard.ts'

const films = 'WD-CA1L3PG'
const away = 'OLDNAS77'
let here: World
let gone: World
let unread: World
beforeAll(async () => {
  here = await worldOf('n100-films')
  gone = { ...here, known: { ...here.known, disks: (here.known.disks ?? []).filter(disk => disk.serial !== films) } }
  unread = { ...here, known: { ...here.known, disks: [], problems: [{ about: 'disks', words: 'no answer' }] } }
})
const looks = (person: Person, world: World): Person => {
  person.world = world
  return person.take({ type: 'machine' })
}
const useOf = (person: Person, disk: string) => person.state.form.texts[`media:${disk}`]

describe('a disk that was kept by itself', () => {
  test('and is unplugged keeps nobody from going on', () => {
    const person = looks(walk.review(new Person(here)), gone)
    expect(person.text()).not.toContain('not here now')
    expect(person.press('enter').state.screen).toBe('agree')
  })

  test('is kept again when it comes back', () => {
    const person = looks(looks(walk.review(new Person(here)), gone), here)
    expect(useOf(person, films)).toBe('keep')
    expect(person.text()).toMatch(/\[KEEP\] .*found$/m)
  })

  test('and is unplugged at the consent is kept again too, after what is shown was read anew', () => {
    const person = looks(walk.agree(new Person(here)), gone)
    expect(person.state).toMatchObject({ screen: 'review', consent: null })
    expect(useOf(looks(person, here), films)).toBe('keep')
  })

  test('stays so when the disks could not be read for once', () => {
    const person = looks(looks(walk.review(new Person(here)), unread), here)
    expect(useOf(person, films)).toBe('keep')
    expect(person.text()).toMatch(/\[KEEP\] .*found$/m)
  })

  test('is forgotten where it is asked for', () => {
    const person = walk.name(new Person(here))
    expect(looks(person, gone).press('escape').state.screen).toBe('media')
    expect(person.text()).not.toContain(films)
    expect(useOf(person, films)).toBe('')
  })
})

/** Somebody with a file that names a film disk which is not here, at the summary. */
const withFile = (use: MediaUse): Person => {
  const media = [{ disk: away, use }]
  const answers = { user: 'anna', sshKeys: [publicKey], systemDisk: 'S5GXNX0T124Q7K', media, vpn: null }
  const found = { ...initialWizard.found, file: { draft: { answers, sources: {} } } }
  return new Person(here).take({ type: 'found', found, open: true })
}
/** Goes from the summary to what is asked about the disk. */
const toRow = (person: Person): Person => {
  while (person.state.focus !== 'row:media') person.press('up')
  person.press('enter')
  for (let press = 0; press < 9 && !person.state.focus.includes(away); press++) person.press('down')
  return person
}

describe('a disk that a person or a file has named', () => {
  test.each(['keep', 'erase'] as const)('and is not here is missed until it is left out: %s', use => {
    const person = withFile(use).press('enter')
    expect(person.state.screen).toBe('review')
    expect(person.state.notice).toContain(`No disk is called "${away}" here`)
    expect(toRow(person).text()).toContain(`the disk ${away}, which is not here now`)
    expect(person.state.focus).toBe(`option:media:${away}:${use}`)
    person.press('down', 'enter')
    expect(person.state.screen).toBe('review')
    expect(useOf(person, away)).toBe('ignore')
    expect(person.press('enter').state.screen).toBe('agree')
  })

  test('is asked for as long as it is wanted', () => {
    const person = toRow(withFile('keep')).press('enter')
    expect(person.state.screen).toBe('review')
    expect(useOf(person, away)).toBe('keep')
    expect(person.press('enter').state.screen).toBe('review')
  })

  test('can be unplugged after it was left out', () => {
    const person = walk.media(new Person(here)).press('down', { text: ' ' })
    expect(useOf(person, films)).toBe('ignore')
    expect(looks(person, gone).text()).toMatch(/\(●\) Leave it out/)
  })
})
