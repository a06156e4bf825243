import { expect, test } from 'vitest'
import { StartWatch } from '../../../builder/qemu/start-watch.ts'

function guest() {
  const now = { heard: 0, seconds: 0 }
  return { now, watch: new StartWatch({ heard: () => now.heard, seconds: () => now.seconds }) }
}

test('a guest that speaks in time is left alone for ever', () => {
  const { now, watch } = guest()
  now.seconds = 239
  expect(watch.isLost()).toBe(false)
  now.heard = 1
  now.seconds = 10_000
  expect(watch.isLost()).toBe(false)
})

test('one that says nothing is reset once, and then it is the fault of the test', () => {
  const { now, watch } = guest()
  now.seconds = 240
  expect(watch.isLost()).toBe(true)
  watch.started()
  now.seconds = 1000
  expect(watch.isLost()).toBe(false)
})

test('a later start of a guest that has spoken is watched anew', () => {
  const { now, watch } = guest()
  now.seconds = 240
  expect(watch.isLost()).toBe(true)
  watch.started()
  now.heard = 500
  now.seconds = 300
  watch.started()
  now.seconds = 539
  expect(watch.isLost()).toBe(false)
  now.seconds = 540
  expect(watch.isLost()).toBe(true)
})
