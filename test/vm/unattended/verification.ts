import { expect } from 'vitest'
import { SECTIONS } from '../../../firstboot/verify/check.ts'
import type { Verification } from '../../../firstboot/verify/verification.ts'
import type { Box } from './box.ts'

/** The machine's own proof of itself: no false alarm while all is well. `test/long/verify-faults` looks twenty times. */
export function provesItself(box: Box): void {
  box.proves('verifies itself, section by section, and finds nothing that fails', async () => {
    const { results } = JSON.parse(await box.as('sudo mediaserver verify --json')) as Verification
    expect([...new Set(results.map(({ section }) => section))]).toEqual(expect.arrayContaining([...SECTIONS]))
    const alarms = results.filter(({ verdict }) => verdict === 'fail')
    expect(alarms.map(({ title, words }) => `${title}: ${words}`)).toEqual([])
  })
}
