import { beforeAll, describe, expect, test } from 'vitest'
import { wholeDraft } from '../../../firstboot/answers/complete.ts'
import { aDisk } from '../disks/a-disk.ts'
import { initialWizard, type World } from '../../../firstboot/wizard/state.ts'
import { Person, presentAnswers, walk, worldOf } from './wizard.ts'

let installed: World
beforeAll(async () => {
  const { known, ...rest } = await worldOf('installed')
  // Somebody has bought a disk since.
  installed = {
    ...rest,
    known: { ...known, disks: [...(known.disks ?? []), aDisk({ path: '/dev/sdz', serial: 'NEW' })] },
  }
})

/** Somebody who runs the set-up of an installed machine again. */
const again = (): Person => {
  const file = { draft: wholeDraft(presentAnswers, 'file'), present: true }
  return new Person(installed, { ...initialWizard, found: { ...initialWizard.found, file } })
}

describe('the set-up of an installed machine, run again', () => {
  test('begins with the present answers, and nobody begins from usual values', () => {
    const person = again()
    expect(person.text()).toContain('▶ Change the answers that this machine was set up with')
    expect(person.text()).not.toContain('Set up this machine')
    person.press('enter')
    expect(person.state.screen).toBe('review')
    expect(person.text()).toContain('filmbox.local, user anna')
  })

  test('begins with them also when other ones were typed once and left', () => {
    const kept = { form: walk.name(new Person(installed)).state.form, screen: 'name' } as const
    const person = again()
    person.state = { ...person.state, found: { ...person.state.found, kept } }
    person.press('enter')
    expect(person.text()).toContain('filmbox.local, user anna')
  })

  test('applies exactly them when nothing is changed, and erases nothing', () => {
    const person = again().press('enter', 'enter')
    expect(person.text()).toContain('No disk will be erased')
    person.press('down', 'enter')
    expect(person.starts).toHaveLength(1)
    const [{ request }] = person.starts as [(typeof person.starts)[number]]
    expect(request.answers).toEqual(presentAnswers)
    expect(request.plan).toMatchObject({ mode: 'configure', disks: [] })
  })

  test('can be left to the welcome and gone on with', () => {
    const person = again().press('enter')
    for (let press = 0; press < 20 && person.state.screen !== 'welcome'; press++) person.press('escape')
    person.press('enter')
    expect(person.state.form.texts['hostname']).toBe('filmbox')
  })
})

describe('the disks for films of an installed machine', () => {
  const summary = () => again().press('enter')

  test('are named in the summary, with where they are chosen', () => {
    const text = summary().text()
    expect(text).toMatch(/Film disks +WDC .* \.\.\.L3PG: used/)
    expect(text).toContain('chosen when it is set up from the stick')
    expect(text).not.toMatch(/Film disks.*erased/)
    expect(text).not.toContain('...NEW')
  })

  test('cannot be chosen: the page says so, and leads back', () => {
    const person = summary()
    for (let press = 0; press < 20 && person.state.focus !== 'row:media'; press++) person.press('up')
    person.press('enter')
    expect(person.state.screen).toBe('media')
    expect(person.text()).toContain('from the stick')
    for (const words of ['Keep everything', 'Erase it', 'Leave this disk alone', '( )', '(●)'])
      expect(person.text()).not.toContain(words)
    const { form } = person.state
    person.press('enter')
    expect(person.state).toMatchObject({ screen: 'review', form })
  })
})
