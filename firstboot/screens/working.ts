import type { ChangeProgress, Progress } from '../progress/reduce.ts'
import type { Key } from '../terminal/keys.ts'
import { cell, fit, line, type Line } from '../terminal/lines.ts'
import {
  arrows,
  commonEffect,
  type CommonEffect,
  type Extent,
  extentOf,
  letterOf,
  type PageInput,
  pageLines,
  type PageState,
  roomFor,
  scrolled,
  scrollTo,
  wrap,
} from './applying-page.ts'
import { logExtent, logLines } from './log.ts'
import { amountWords, clock, leftWords, modeWords } from './progress-words.ts'

/** Which consoles show the set-up, by the names of their terminals as in `tty1`. */
export interface Consoles {
  readonly mine: string
  /** The one that decides; the others read along. */
  readonly owner: string
  /** All that are there. */
  readonly all: readonly string[]
}

/** All that the screen depends on. */
export interface WorkingInput extends PageInput {
  readonly progress: Progress
  readonly consoles: Consoles
  readonly state: WorkingState
}

export type WorkingState = PageState<'steps' | 'log' | 'help'>
export type WorkingEffect = CommonEffect | 'take-over'

/** The state at start. */
export const initialWorking: WorkingState = { view: 'steps', chosen: 0, top: null, notice: null }

/** The screen while a plan is applied: which change is being made, how far it is, and what a power cut would do. */
export function workingScreen(input: WorkingInput): Line[] {
  const { abilities, progress, consoles } = input
  return pageLines(input, {
    title: modeWords(progress.mode),
    corner: clock(progress.elapsedSeconds),
    body: bodyOf(input, abilities.columns, roomFor(abilities, 0)),
    menu: [],
    keys: keysOf(input),
    aside: consoleWords(consoles),
  })
}

/** How the text in sight can be scrolled. */
export function workingExtent({ abilities, progress, state }: WorkingInput): Extent {
  const room = roomFor(abilities, 0)
  if (state.view === 'log') return logExtent(progress, abilities.columns, room)
  return extentOf(state.view === 'help' ? helpLines(abilities.columns).length : 0, room)
}

/** What a key does: the next state, and perhaps an effect. Nothing here stops the machine: disks are being written. */
export function reduceWorking(
  state: WorkingState,
  key: Key,
  { extent, owner }: { extent: Extent; owner: boolean },
): { state: WorkingState; effect?: WorkingEffect } {
  const effect = commonEffect(key)
  if (effect !== null) return { state: { ...state, notice: null }, effect }
  const letter = letterOf(key)
  const show = (view: WorkingState['view']) => ({ state: { ...initialWorking, view } })
  if (letter === 'l') return show(state.view === 'log' ? 'steps' : 'log')
  if (key.name === 'f1') return show(state.view === 'help' ? 'steps' : 'help')
  if (key.name === 'escape') return show('steps')
  if (letter === 't' && !owner) return { state, effect: 'take-over' }
  if (key.name === 'f10')
    return { state: { ...state, notice: 'Not now: disks are being written. It ends by itself, even when it fails.' } }
  if (state.view === 'steps') return { state: { ...state, notice: null } }
  const to = scrollTo(key, state.top, extent, state.view === 'log' ? extent.last : extent.first)
  return { state: { ...state, notice: null, ...(to === undefined ? {} : { top: to }) } }
}

/** Who decides, seen from this console; empty when there is only this one. */
export function consoleWords({ mine, owner, all }: Consoles): string {
  if (mine !== owner) return `${owner} decides, reading along here`
  const others = all.filter(name => name !== mine)
  return others.length === 0 ? '' : `also on ${others.join(', ')} (reading along)`
}

function keysOf({ abilities, consoles, state }: WorkingInput): string[] {
  if (state.view !== 'steps')
    return [`${state.view === 'log' ? 'L' : 'F1'} back`, `${arrows(abilities)} scroll`, 'F2 shell']
  const takeOver = consoles.mine === consoles.owner ? [] : ['T take over']
  return ['L log', 'F1 help', 'F2 shell', ...takeOver]
}

function bodyOf({ progress, state }: WorkingInput, columns: number, room: number): Line[] {
  if (state.view === 'log') return logLines(progress, state, columns, room)
  if (state.view === 'help') return scrolled(helpLines(columns), state, room)
  if (progress.phase === 'waiting') return [line(' The set-up is being started ...')]
  const roomy = room >= 16
  const gap = roomy ? [line('')] : []
  const last = state.notice === null ? powerWords : state.notice
  const end = wrap(last, columns - 1, ' ').map(words => line(words, state.notice === null ? 'normal' : 'strong'))
  const steps = room - 1 - end.length - 2 * gap.length
  // Two lines of words need a screen that has room for them and for the change that is being made.
  const ending = steps < 2 ? [] : [...gap, ...end]
  return [
    barLine(progress, columns),
    ...gap,
    ...changeLines(progress.changes, columns, room - 1 - gap.length - ending.length),
    ...ending,
  ]
}

const powerWords = 'If the power fails now, start the machine again: it goes on from here.'

function barLine({ fraction, remainingSeconds }: Progress, columns: number): Line {
  const left = leftWords(remainingSeconds)
  const words = columns >= 60 ? left : left.replace('about ', '')
  const width = columns >= 60 ? columns - 28 : Math.max(4, columns - 26)
  const full = Math.round(width * fraction)
  const percent = `${Math.floor(fraction * 100)}`.padStart(3)
  const gap = columns >= 60 ? '  ' : ' '
  return line(` ${'█'.repeat(full)}${'░'.repeat(width - full)}${gap}${percent} %${gap} ${words}`)
}

/** The changes; where there is no room for all, those far from the one that is being made are only counted. */
function changeLines(changes: readonly ChangeProgress[], columns: number, room: number): Line[] {
  const title = Math.min(34, Math.max(...changes.map(item => item.title.length), 0)) + 2
  const wide = columns >= 60
  const details = (item: ChangeProgress) => (wide ? [] : detailLine(item, columns))
  const rows = changes.map(item => [changeLine(item, title, columns), ...details(item)])
  if (rows.flat().length <= room) return rows.flat()
  const at = changes.findIndex(item => item.state === 'now' || item.state === 'failed')
  let from = Math.max(0, at)
  let to = from + 1
  const counted = room >= 5
  const fits = (start: number, end: number) =>
    start >= 0 &&
    end <= rows.length &&
    rows.slice(start, end).flat().length + (counted ? Number(start > 0) + Number(end < rows.length) : 0) <= room
  while (fits(from, to + 1) || fits(from - 1, to)) {
    if (fits(from, to + 1)) to++
    if (fits(from - 1, to)) from--
  }
  const count = (state: string, items: number, words: string) =>
    counted && items > 0 ? [line(`   ${cell(state, 5)}  ${items} ${words}`)] : []
  return [
    ...count('done', from, 'before these'),
    ...rows.slice(from, to).flat(),
    ...count('next', rows.length - to, 'after these'),
  ].slice(0, room)
}

function changeLine(item: ChangeProgress, title: number, columns: number): Line {
  const style = item.state === 'now' || item.state === 'failed' ? 'strong' : 'normal'
  const start = `   ${cell(item.state === 'failed' ? 'wrong' : item.state, 5)}  `
  if (columns < 60) return line(start + item.title, style)
  return line(
    start + cell(item.title, title) + fit(detailOf(item).join('   '), columns - start.length - title - 1),
    style,
  )
}

function detailLine(item: ChangeProgress, columns: number): Line[] {
  const words = detailOf(item).join('  ')
  return item.state === 'now' && words !== '' ? [line(`          ${fit(words, columns - 11)}`)] : []
}

const detailOf = (item: ChangeProgress): string[] =>
  (item.state === 'now' ? [item.doing, amountWords(item)] : [item.evidence]).filter(words => words !== '')

const helpLines = (columns: number): Line[] => [
  ...heading('What happens now'),
  ...text('The set-up runs by itself. You need not stay: this screen only shows it.', columns),
  ...text('Every change says done when it was made and then checked.', columns),
  line(''),
  ...heading('If the power fails'),
  ...text('Start the machine again the same way. What is done stays done, and the rest follows.', columns),
  line(''),
  ...heading('More than one screen'),
  ...text('The set-up is shown on every console. One of them decides what happens when something is wrong.', columns),
  ...text('Press T on another one to decide there.', columns),
  line(''),
  ...heading('Keys'),
  ...text('L shows what the programs say. F2 opens a shell; "exit" comes back. F3 paints the screen again.', columns),
  ...text('F4 changes to plain characters. Power off is offered when nothing is being written.', columns),
]
const heading = (words: string): Line[] => [line(` ${words}`, 'strong')]
const text = (words: string, columns: number): Line[] => wrap(words, columns - 1, '   ').map(row => line(row))
