import { beforeAll, expect, test } from 'vitest'
import type { MediaUse } from '../../../firstboot/answers/answers.ts'
import { settle } from '../../../firstboot/wizard/asked-of.ts'
import { withValue } from '../../../firstboot/wizard/form.ts'
import { initialWizard, type World } from '../../../firstboot/wizard/state.ts'
import { Person, publicKey, walk, worldOf } from './wizard.ts'

const system = 'S5GXNX0T124Q7K'
const films = 'WD-CA1L3PG'
const old = 'OLDNAS77'

// An old disk whose contents cannot be kept, which the kernel found before the one with the films.
let world: World
beforeAll(async () => {
  const [here, lvm] = await Promise.all([worldOf('n100-films'), worldOf('lvm-member')])
  const member = (lvm.known.disks ?? []).find(disk => disk.members.length > 0)
  if (member === undefined) throw new Error('There is no disk that is a part of something.')
  const name = { name: 'sdc', path: '/dev/sdc', byPath: 'pci-0000:00:17.0-ata-9' }
  const disk = { ...member, ...name, serial: old, wwn: '', model: 'ST4000 Old NAS' }
  world = { ...here, known: { ...here.known, disks: [disk, ...(here.known.disks ?? [])] } }
})

/** The disks that are used, in the order in which they stand on the page. */
const onPage = (person: Person): string[] => {
  const lines = person.screen('ascii', 80, 60)
  const used = lines.flatMap((line, row) => (/\(\*\) (Keep|Erase)/.test(line) ? [row] : []))
  return used.map(
    at => /serial (\S+)/.exec(lines.slice(0, at).findLast(line => line.includes('serial')) ?? '')?.[1] ?? '',
  )
}
/** The same disks in the order of their mount points. */
const inPlan = ({ state }: Person): string[] => {
  const answered = withValue(withValue(state.form, 'sshKeys', publicKey, 'person'), 'vpn', 'later', 'person')
  const settled = settle(answered, world)
  if (!settled.ok) throw new Error(settled.problems.join('\n'))
  const mounts = settled.plan.changes.find(change => change.id === 'mounts')?.params['films'] as { keep: boolean }[]
  return mounts.map(({ keep }) => (keep ? films : old))
}
const choose = (person: Person, disk: string, use: MediaUse): Person => {
  const wanted = `option:media:${disk}:${use}`
  for (let press = 0; press < 9; press++) person.press('up')
  for (let press = 0; press < 9 && person.state.focus !== wanted; press++) person.press('down')
  return person.press({ text: ' ' })
}
const atMedia = (): Person => {
  const person = walk.system(new Person(world))
  while (person.state.focus !== `option:systemDisk:${system}`) person.press('down')
  return person.press({ text: ' ' }, 'enter')
}

test('new films go to the first disk of the page, whichever was chosen or found first', () => {
  const person = choose(atMedia(), old, 'erase')
  expect(onPage(person)).toEqual([films, old])
  expect(inPlan(person)).toEqual([films, old])
})

test('a disk that comes later goes where the page shows it', () => {
  const late = world
  world = { ...late, known: { ...late.known, disks: (late.known.disks ?? []).filter(disk => disk.serial !== films) } }
  const person = choose(atMedia(), old, 'erase')
  world = late
  person.world = late
  person.take({ type: 'machine' })
  choose(person, films, 'keep')
  expect(onPage(person)).toEqual([films, old])
  expect(inPlan(person)).toEqual([films, old])
})

const fromFile = (): Person => {
  const media = [
    { disk: old, use: 'erase' as const },
    { disk: films, use: 'keep' as const },
  ]
  const answers = { user: 'anna', sshKeys: [publicKey], systemDisk: system, media, vpn: null }
  const found = { ...initialWizard.found, file: { draft: { answers, sources: {} } } }
  const person = new Person(world).take({ type: 'found', found, open: true })
  while (person.state.focus !== 'row:media') person.press('up')
  return person.press('enter')
}

test('the order of a file stands, and the page shows it', () => {
  const person = fromFile()
  expect(onPage(person)).toEqual([old, films])
  expect(inPlan(person)).toEqual([old, films])
})

test('where somebody has changed what the file says, page and plan still agree', () => {
  const person = choose(choose(fromFile(), old, 'ignore'), old, 'erase')
  expect(onPage(person)).toEqual(inPlan(person))
})
