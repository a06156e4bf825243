import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { paced } from '../../../firstboot/console/paced.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Ten pieces of news a second, for some seconds; gives how often was painted. */
function paintings(cost: number, seconds: number): number {
  let count = 0
  let cpu = 0
  const ask = paced(
    () => {
      count++
      cpu += cost
    },
    { share: 0.1, latest: 1500, now: () => Date.now(), cpu: () => cpu },
  )
  for (let tenth = 0; tenth < seconds * 10; tenth++) {
    ask()
    vi.advanceTimersByTime(100)
  }
  return count
}

test('what costs little is painted as often as it is asked for', () => {
  expect(paintings(2, 10)).toBe(100)
})

test('what costs more takes a tenth of the processor', () => {
  expect(paintings(60, 12)).toBe(21)
})

test('what costs very much is painted all the same, so that nobody sees old news for long', () => {
  expect(paintings(400, 15)).toBe(11)
})

test('the last news is painted, though nothing comes after it', () => {
  let shown = ''
  let news = ''
  let cpu = 0
  const ask = paced(
    () => {
      shown = news
      cpu += 50
    },
    { share: 0.1, latest: 1500, now: () => Date.now(), cpu: () => cpu },
  )
  for (news of ['one', 'two', 'three']) ask()
  expect(shown).toBe('one')
  vi.advanceTimersByTime(500)
  expect(shown).toBe('three')
})
