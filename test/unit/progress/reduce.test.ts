import { describe, expect, test } from 'vitest'
import type { ApplyEvent } from '../../../firstboot/apply/events.ts'
import { parseEvent } from '../../../firstboot/progress/event.ts'
import { logLength, noTrack, progressAt, progressOf, stopped, track } from '../../../firstboot/progress/reduce.ts'

const second = 1000
const at0 = 1_800_000_000_000
const begun = (seconds = 0, planHash = 'h1'): ApplyEvent => ({
  type: 'begun',
  at: at0 + seconds * second,
  planHash,
  mode: 'install',
  changes: [
    { id: 'disk', title: 'Prepare the SSD', weight: 10 },
    { id: 'copy', title: 'Copy the system', weight: 60 },
    { id: 'boot', title: 'Make it start by itself', weight: 30 },
  ],
})
const at = (seconds: number) => at0 + seconds * second
const states = (events: ApplyEvent[], seconds = 0) => progressOf(events, at(seconds)).changes.map(item => item.state)
const done = (id: string, seconds: number): ApplyEvent => ({ type: 'done', at: at(seconds), id, evidence: `${id} ok` })
const started = (id: string, seconds: number): ApplyEvent => ({ type: 'started', at: at(seconds), id })

describe('from events to progress', () => {
  test('nothing yet is waiting', () => {
    expect(progressOf([], at0)).toMatchObject({ phase: 'waiting', fraction: 0, changes: [], failure: null })
  })

  test('changes go from next over now to done, with what proves them', () => {
    const events = [begun(), started('disk', 1), done('disk', 9), started('copy', 9)]
    expect(states(events)).toEqual(['done', 'now', 'next'])
    const progress = progressOf(events, at(9))
    expect(progress.changes[0]).toMatchObject({ evidence: 'disk ok', doing: '' })
    expect(progress).toMatchObject({ phase: 'running', mode: 'install', planHash: 'h1', fraction: 0.1 })
  })

  test('the bar follows the weights and what is counted', () => {
    const events: ApplyEvent[] = [
      begun(),
      done('disk', 1),
      started('copy', 1),
      { type: 'progress', at: at(2), id: 'copy', doing: 'usr', done: 50, total: 100 },
    ]
    expect(progressOf(events, at(2)).fraction).toBeCloseTo(0.4)
    expect(progressOf(events, at(2)).changes[1]).toMatchObject({ doing: 'usr', done: 50, total: 100 })
  })

  test('the bar never goes back while a change counts something else', () => {
    const events: ApplyEvent[] = [
      begun(),
      started('copy', 1),
      { type: 'progress', at: at(2), id: 'copy', doing: 'one', done: 90, total: 100 },
    ]
    const before = progressOf(events, at(2)).fraction
    events.push({ type: 'progress', at: at(3), id: 'copy', doing: 'two', done: 1, total: 100 })
    expect(progressOf(events, at(3)).fraction).toBe(before)
    events.push({ type: 'progress', at: at(4), id: 'copy', doing: 'three' })
    expect(progressOf(events, at(4)).fraction).toBe(before)
    expect(progressOf(events, at(4)).changes[1]).toMatchObject({ doing: 'three', done: null, total: null })
  })

  test('a change that counts nothing moves with its usual time and waits before the end', () => {
    const events = [begun(), started('copy', 0)]
    expect(progressOf(events, at(30)).fraction).toBeCloseTo(0.3)
    expect(progressOf(events, at(600)).fraction).toBeCloseTo(0.54)
  })

  test('only finished is full', () => {
    const events = [begun(), done('disk', 1), done('copy', 2), done('boot', 3)]
    expect(progressOf(events, at(3))).toMatchObject({ phase: 'running', fraction: 0.99 })
    events.push({ type: 'finished', at: at(4) })
    expect(progressOf(events, at(99))).toMatchObject({ phase: 'finished', fraction: 1, elapsedSeconds: 4 })
  })

  test('counts that make no sense do no harm', () => {
    const progress = (more: object) =>
      progressOf([begun(), started('copy', 0), { type: 'progress', at: at(0), id: 'copy', doing: '', ...more }], at(0))
    expect(progress({ done: 5, total: 0 }).fraction).toBe(0)
    expect(progress({ done: 500, total: 100 }).fraction).toBeCloseTo(0.6)
    expect(progress({ done: -5, total: 100 }).fraction).toBe(0)
    expect(
      progressOf([{ ...begun(), changes: [{ id: 'x', title: 'X', weight: 0 }] } as ApplyEvent], at(0)).fraction,
    ).toBe(0)
  })
})

describe('time', () => {
  test('no estimate before 20 seconds, and one that follows the pace of this machine after that', () => {
    const events = [begun(), started('disk', 0), done('disk', 10), started('copy', 10)]
    expect(progressOf(events, at(19)).remainingSeconds).toBeNull()
    expect(progressOf(events, at(25)).remainingSeconds).toBe(75)
    const slow = [begun(), started('disk', 0), done('disk', 100), started('copy', 100)]
    expect(progressOf(slow, at(100)).remainingSeconds).toBe(360)
  })

  test('what was done before this run is not taken for speed', () => {
    const events: ApplyEvent[] = [
      begun(),
      { type: 'found-done', at: at(0), id: 'disk', evidence: 'as it should be' },
      { type: 'found-done', at: at(0), id: 'copy', evidence: 'as it should be' },
      started('boot', 0),
    ]
    expect(progressOf(events, at(30)).remainingSeconds).toBeGreaterThanOrEqual(3)
    expect(progressOf(events, at(30)).fraction).toBeCloseTo(0.97)
  })

  test('a clock that is set while it runs does not count', () => {
    const events = [begun(-900_000_000), started('disk', 3), done('disk', 8)]
    expect(progressOf(events, at(8)).elapsedSeconds).toBe(5)
    expect(progressOf([begun(), started('disk', -100_000)], at(8)).elapsedSeconds).toBe(0)
  })

  test('time stands still after a failure', () => {
    const events: ApplyEvent[] = [begun(), { type: 'failed', at: at(40), id: 'copy', message: 'No.', mend: 'Try.' }]
    expect(progressOf(events, at(4000))).toMatchObject({ elapsedSeconds: 40, remainingSeconds: null })
  })
})

describe('failure and a new run', () => {
  const failed: ApplyEvent[] = [
    begun(),
    started('disk', 1),
    done('disk', 5),
    started('copy', 5),
    { type: 'failed', at: at(9), id: 'copy', message: 'It broke.', mend: 'Mend it.' },
  ]

  test('says which change, what and how to mend it', () => {
    const progress = progressOf(failed, at(9))
    expect(progress).toMatchObject({
      phase: 'failed',
      failure: { title: 'Copy the system', message: 'It broke.', mend: 'Mend it.' },
    })
    expect(states(failed)).toEqual(['done', 'failed', 'next'])
  })

  test('a second begin of the same plan keeps what was done and starts its own time', () => {
    const again = [...failed, begun(100)]
    expect(states(again)).toEqual(['done', 'next', 'next'])
    expect(progressOf(again, at(103))).toMatchObject({ phase: 'running', failure: null, elapsedSeconds: 3 })
    expect(states([...again, started('disk', 101)])).toEqual(['now', 'next', 'next'])
  })

  test('another plan starts from nothing', () => {
    expect(states([...failed, begun(100, 'h2')])).toEqual(['next', 'next', 'next'])
  })

  test('a failure outside of every change has no title', () => {
    const events: ApplyEvent[] = [begun(), { type: 'failed', at: at(1), id: 'consent', message: 'No.', mend: 'Agree.' }]
    expect(progressOf(events, at(1)).failure?.title).toBe('')
    expect(states(events)).toEqual(['next', 'next', 'next'])
  })

  test('an application that is gone without a word is a failure with a mend', () => {
    const gone = stopped(progressOf([begun(), started('copy', 1)], at(2)))
    expect(gone.phase).toBe('failed')
    expect(gone.failure).toMatchObject({ title: 'Copy the system' })
    expect(gone.failure?.mend).toContain('Try again')
    const finished = progressOf([begun(), { type: 'finished', at: at(1) }], at(2))
    expect(stopped(finished)).toBe(finished)
  })
})

test('the log keeps the newest lines, without what would move a cursor', () => {
  let now = track(noTrack, begun())
  for (let line = 0; line < logLength + 7; line++)
    now = track(now, { type: 'log', at: at(1), id: 'copy', line: `\u001b[31mline\t${line}\u001b[0m ` })
  const { log, logDropped } = progressAt(now, at(1))
  expect(log).toHaveLength(logLength)
  expect(logDropped).toBe(7)
  expect(log[0]).toEqual({ id: 'copy', line: 'line  7' })
})

describe('lines of the events file', () => {
  const line = JSON.stringify(done('disk', 1))
  test('an event', () => expect(parseEvent(line)).toEqual(done('disk', 1)))
  test('a torn line is nothing', () => {
    for (let end = 0; end < line.length; end++) expect(parseEvent(line.slice(0, end))).toBeNull()
  })
  test('what hangs on to a torn line is found', () => {
    for (const end of [1, 8, 20, line.length - 1])
      expect(parseEvent(line.slice(0, end) + JSON.stringify(begun()))).toEqual(begun())
  })
  test('types and fields of a newer program are passed over', () => {
    expect(parseEvent('{"type":"sung","at":1}')).toBeNull()
    expect(parseEvent('{"type":"finished","at":1,"mood":"good"}')).toEqual({ type: 'finished', at: 1 })
    expect(parseEvent('{"type":"done","at":"now","id":"x","evidence":""}')).toBeNull()
    expect(parseEvent('[]')).toBeNull()
  })
})
