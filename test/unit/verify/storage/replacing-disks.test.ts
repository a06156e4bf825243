import { describe, expect, test } from 'vitest'
import { storageTroubles } from '../../../../firstboot/verify/storage/troubles.ts'

const stepsOf = (id: string): string => storageTroubles.find(each => each.id === id)?.mend.join('\n') ?? ''

// A film disk is mounted by the identity of its file system, and a machine that is set up plans no disks: a new disk that
// is only put in would never be used.
describe('whoever is told to replace a film disk is told how', () => {
  test.each(['films-read-only', 'films-full', 'disk-failing', 'disk-wearing'])('%s', id => {
    const steps = stepsOf(id)
    const copying = ['docker stop', 'systemctl stop data', 'ddrescue', 'poweroff', 'take the old disk out', 'apply']
    const places = copying.map(step => steps.indexOf(step))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((one, other) => one - other))
    expect(steps).toContain('set the machine up again from the stick')
    expect(steps).not.toMatch(/put (another one|another disk|a larger disk)/i)
  })

  test('a larger disk has to be told that it is larger', () => {
    expect(stepsOf('films-full')).toMatch(/growpart[^]*resize2fs/)
  })

  test('a system disk is not copied, but set up again', () => {
    expect(stepsOf('disk-failing')).toMatch(/If it is the SSD.*set the machine up again from the stick/)
  })
})
