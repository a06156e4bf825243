import { stripVTControlCharacters } from 'node:util'
import type { ApplyEvent } from '../apply/events.ts'

/** Where one change of the plan stands. */
export interface ChangeProgress {
  readonly id: string
  readonly title: string
  readonly state: 'done' | 'now' | 'next' | 'failed'
  /** What is being done within it. */
  readonly doing: string
  /** How much of `total` is there, in bytes or pieces; null where nobody counts. */
  readonly done: number | null
  readonly total: number | null
  /** How it is known to be done. */
  readonly evidence: string
}

/** One line that a change had to say. */
export interface LogLine {
  readonly id: string
  readonly line: string
}

/** What is shown of an application of a plan, at one moment. */
export interface Progress {
  readonly phase: 'waiting' | 'running' | 'failed' | 'finished'
  /** The mode of the plan; empty while waiting. */
  readonly mode: string
  readonly planHash: string
  readonly changes: readonly ChangeProgress[]
  /** From 0 to 1, by the weights; 1 only when all is finished. */
  readonly fraction: number
  readonly elapsedSeconds: number
  /** Null while nothing sound can be said. */
  readonly remainingSeconds: number | null
  /** The newest lines, newest last. */
  readonly log: readonly LogLine[]
  /** How many older lines are no longer in `log`. */
  readonly logDropped: number
  /** Why it stopped: `title` is that of the change, empty when it was none. */
  readonly failure: { readonly title: string; readonly message: string; readonly mend: string } | null
}

interface TrackedChange extends ChangeProgress {
  readonly weight: number
  /** It was done when this run began, so its time says nothing of this machine's pace. */
  readonly before: boolean
  /** The largest part seen, from 0 to 1: a bar that goes back frightens people. */
  readonly part: number
  /** `Track.passed` when it started. */
  readonly startedAt: number
}

/** Everything that the events so far have said. */
export interface Track {
  readonly phase: Progress['phase']
  readonly mode: string
  readonly planHash: string
  readonly changes: readonly TrackedChange[]
  /** Milliseconds of this run up to the newest event. */
  readonly passed: number
  /** `at` of the newest event. */
  readonly at: number
  readonly log: readonly LogLine[]
  readonly logDropped: number
  readonly failure: Progress['failure']
}

/** Before any event. */
export const noTrack: Track = {
  phase: 'waiting',
  mode: '',
  planHash: '',
  changes: [],
  passed: 0,
  at: 0,
  log: [],
  logDropped: 0,
  failure: null,
}

/** How many lines of the log are kept. */
export const logLength = 500

// The clock of a machine without a battery jumps by years when the network comes up. Events come far more often.
const clockJump = 30 * 60_000

/** What is known after one more event. */
export function track(before: Track, event: ApplyEvent): Track {
  const now = { ...before, passed: before.passed + between(before.at, event.at), at: event.at }
  switch (event.type) {
    case 'begun':
      return begin(before, event)
    case 'found-done':
      return change(now, event.id, { state: 'done', evidence: event.evidence, doing: '', part: 1, before: true })
    case 'started':
      return change({ ...now, phase: 'running', failure: null }, event.id, {
        ...notDone,
        state: 'now',
        startedAt: now.passed,
      })
    case 'progress':
      return withProgress(now, event)
    case 'log':
      return withLine(now, event.id, event.line)
    case 'done':
      return change(now, event.id, { state: 'done', evidence: event.evidence, doing: '', part: 1, before: false })
    case 'failed': {
      const title = now.changes.find(item => item.id === event.id)?.title ?? ''
      const failure = { title, message: event.message, mend: event.mend }
      return change({ ...now, phase: 'failed', failure }, event.id, { state: 'failed' })
    }
    case 'finished':
      return { ...now, phase: 'finished', failure: null }
  }
}

/** What to show at `now`, in Unix milliseconds. */
export function progressAt(of: Track, now: number): Progress {
  const running = of.phase === 'running'
  const passed = of.passed + (running ? between(of.at, now) : 0)
  const all = sum(of.changes.map(item => item.weight))
  const parts = of.changes.map(item => ({ item, weight: item.weight * partOf(item, passed) }))
  const fraction = all > 0 ? sum(parts.map(part => part.weight)) / all : 0
  const worked = sum(parts.filter(part => !part.item.before).map(part => part.weight))
  return {
    phase: of.phase,
    mode: of.mode,
    planHash: of.planHash,
    changes: of.changes.map(({ id, title, state, doing, done, total, evidence }) => ({
      id,
      title,
      state,
      doing,
      done,
      total,
      evidence,
    })),
    fraction: of.phase === 'finished' ? 1 : Math.min(0.99, fraction),
    elapsedSeconds: Math.floor(passed / 1000),
    remainingSeconds: running ? remaining(passed / 1000, worked, all * (1 - fraction)) : null,
    log: of.log,
    logDropped: of.logDropped,
    failure: of.failure,
  }
}

/** All events at once. */
export const progressOf = (events: readonly ApplyEvent[], now: number): Progress =>
  progressAt(events.reduce(track, noTrack), now)

/** The same when the program that applies is gone without a last word. */
export function stopped(progress: Progress): Progress {
  if (progress.phase !== 'running') return progress
  const changes = progress.changes.map(item => (item.state === 'now' ? { ...item, state: 'failed' as const } : item))
  return {
    ...progress,
    phase: 'failed',
    changes,
    remainingSeconds: null,
    failure: {
      title: changes.find(item => item.state === 'failed')?.title ?? '',
      message: 'The program that sets this machine up stopped in the middle and did not say why.',
      mend: 'Choose "Try again": it goes on from here. If it stops again, save a report.',
    },
  }
}

const between = (from: number, to: number) => (from > 0 && to > from && to - from < clockJump ? to - from : 0)
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const notDone = { doing: '', done: null, total: null, evidence: '', part: 0, before: false, startedAt: 0 } as const

/** A new run. What the same plan had done stays done until this run finds it otherwise. */
function begin(before: Track, event: ApplyEvent & { type: 'begun' }): Track {
  const known = before.planHash === event.planHash ? before.changes.filter(item => item.state === 'done') : []
  const changes = event.changes.map(({ id, title, weight }): TrackedChange => {
    const kept = known.find(item => item.id === id)
    const sound = Math.max(0, weight)
    if (kept !== undefined) return { ...kept, title, weight: sound, before: true }
    return { id, title, weight: sound, state: 'next', ...notDone }
  })
  return {
    ...noTrack,
    phase: 'running',
    mode: event.mode,
    planHash: event.planHash,
    changes,
    at: event.at,
    log: before.log,
    logDropped: before.logDropped,
  }
}

const change = (of: Track, id: string, to: Partial<TrackedChange>): Track => ({
  ...of,
  changes: of.changes.map(item => (item.id === id ? { ...item, ...to } : item)),
})

function withProgress(of: Track, event: ApplyEvent & { type: 'progress' }): Track {
  const counted = event.done !== undefined && event.total !== undefined && event.total > 0
  const done = counted ? Math.min(event.total, Math.max(0, event.done)) : null
  const total = counted ? event.total : null
  const old = of.changes.find(item => item.id === event.id)
  const part = Math.max(old?.part ?? 0, done !== null && total !== null ? done / total : 0)
  return change(of, event.id, { doing: event.doing, done, total, part })
}

function withLine(of: Track, id: string, text: string): Track {
  const line = stripVTControlCharacters(text).replaceAll('\t', '  ').trimEnd()
  const log = [...of.log, { id, line }]
  const over = Math.max(0, log.length - logLength)
  return { ...of, log: log.slice(over), logDropped: of.logDropped + over }
}

/** A change that counts nothing moves with the time that it usually takes, and waits before the end. */
function partOf(item: TrackedChange, passed: number): number {
  if (item.state === 'done') return 1
  if (item.state === 'next') return 0
  if (item.total !== null || item.part > 0) return item.part
  return item.weight > 0 ? Math.min(0.9, (passed - item.startedAt) / 1000 / item.weight) : 0
}

/** How long an estimate needs to be worth showing, in seconds. */
const soundAfter = 20

// Weights are seconds on a usual machine; the longer it has run, the more this machine's own pace counts.
function remaining(elapsed: number, worked: number, left: number): number | null {
  if (elapsed < soundAfter) return null
  return Math.ceil((left * (elapsed + soundAfter)) / (worked + soundAfter))
}
