import { expect } from 'vitest'
import { SECTIONS } from '../../../firstboot/verify/check.ts'
import type { Verification } from '../../../firstboot/verify/verification.ts'
import type { Box } from './box.ts'

const RUNS = 3

/** The machine's own proof of itself: no false alarm while all is well. */
export function provesItself(box: Box): void {
  box.proves('verifies itself, section by section, and finds nothing that fails', async () => {
    const alarms: string[] = []
    for (let run = 0; run < RUNS; run++) {
      const { results } = JSON.parse(await box.as('sudo mediaserver verify --json')) as Verification
      expect([...new Set(results.map(({ section }) => section))]).toEqual(expect.arrayContaining([...SECTIONS]))
      for (const { verdict, title, words } of results)
        if (verdict === 'fail') alarms.push(`run ${run + 1}: ${title}: ${words}`)
    }
    expect(alarms).toEqual([])
  })
}
