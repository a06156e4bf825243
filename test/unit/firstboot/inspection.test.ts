import { expect, test } from 'vitest'
import { openInspection } from '../../../firstboot/inspection.ts'
import type { Disk } from '../../../firstboot/machine.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { aDisk } from '../disks/a-disk.ts'

const first = aDisk()
const late = aDisk({ name: 'sdb', path: '/dev/sdb', serial: 'S2' })
const health = { state: 'failing', hours: null, words: 'failing' } as const
const states = (disks: readonly Disk[]) => disks.map(disk => disk.health.state)

/** An inspection of disks that are all failing, and the names of those that were looked at. */
function anInspection(look: (disk: Disk) => Promise<Disk> = async disk => ({ ...disk, health })) {
  const looked: string[] = []
  const inspection = openInspection(openRoot(''), disk => (looked.push(disk.name), look(disk)))
  return { inspection, looked }
}

test('each disk is looked at once, whenever it comes', async () => {
  const { inspection, looked } = anInspection()
  expect(await inspection.inspect([first])).toBe(true)
  expect(await inspection.inspect([first])).toBe(false)
  expect(states(inspection.known([first, late]))).toEqual(['failing', 'good'])
  expect(await inspection.inspect([first, late])).toBe(true)
  expect(states(inspection.known([first, late]))).toEqual(['failing', 'failing'])
  expect(looked).toEqual(['sda', 'sdb'])
})

test('a disk that has changed, or was away, is looked at again', async () => {
  const { inspection, looked } = anInspection()
  await inspection.inspect([first])
  await inspection.inspect([{ ...first, tableUuid: 'new' }])
  await inspection.inspect([late])
  await inspection.inspect([{ ...first, tableUuid: 'new' }, late])
  expect(looked).toEqual(['sda', 'sda', 'sdb', 'sda'])
})

test('a look that fails takes nothing from the others, and is made again', async () => {
  let fails = true
  const { inspection, looked } = anInspection(async disk => {
    if (disk.name === 'sda' && fails) throw new Error('no answer')
    return { ...disk, health }
  })
  await inspection.inspect([first, late])
  expect(states(inspection.known([first, late]))).toEqual(['good', 'failing'])
  fails = false
  await inspection.inspect([first, late])
  expect(states(inspection.known([first, late]))).toEqual(['failing', 'failing'])
  expect(looked).toEqual(['sda', 'sdb', 'sda'])
})

test('there is one inspection at a time', async () => {
  let end = () => {}
  const { inspection, looked } = anInspection(
    async disk => await new Promise(resolve => (end = () => resolve({ ...disk, health }))),
  )
  const running = inspection.inspect([first])
  expect(await inspection.inspect([first, late])).toBe(false)
  expect(looked).toEqual(['sda'])
  end()
  expect(await running).toBe(true)
})
