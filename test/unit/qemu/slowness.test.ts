import { describe, expect, it } from 'vitest'
import { slowness } from '../../support/slowness.ts'

describe('how slow this computer is', () => {
  it('is at least 1, and about the same a moment later', () => {
    const [first, second] = [slowness(), slowness()]
    expect(first).toBeGreaterThanOrEqual(1)
    expect(first / second).toBeGreaterThan(1 / 5)
    expect(first / second).toBeLessThan(5)
  })
})
