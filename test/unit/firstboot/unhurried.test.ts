import { expect, test } from 'vitest'
import { unhurried } from '../../../firstboot/console/unhurried.ts'

test('a look is taken one at a time, with a pause in between, and again after one that failed', async () => {
  let clock = 0
  let taken = 0
  let pending = Promise.withResolvers<void>()
  const ask = unhurried(
    () => {
      taken++
      return pending.promise
    },
    5000,
    () => clock,
  )
  ask()
  clock = 20_000
  ask()
  expect(taken).toBe(1)
  pending.reject(new Error('no answer'))
  await new Promise(resolve => setTimeout(resolve))
  pending = Promise.withResolvers()
  clock = 24_999
  ask()
  expect(taken).toBe(1)
  clock = 25_000
  ask()
  expect(taken).toBe(2)
})
