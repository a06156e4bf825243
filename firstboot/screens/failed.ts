import type { Progress } from '../progress/reduce.ts'
import type { Key } from '../terminal/keys.ts'
import { line, type Line } from '../terminal/lines.ts'
import {
  arrows,
  commonEffect,
  type CommonEffect,
  type Entry,
  type Extent,
  extentOf,
  letterOf,
  menuLines,
  moveIn,
  type PageInput,
  pageLines,
  type PageState,
  roomFor,
  scrolled,
  scrollTo,
  wrap,
} from './applying-page.ts'
import { logExtent, logLines } from './log.ts'
import { clock, modeWords } from './progress-words.ts'
import { type Consoles, consoleWords } from './working.ts'

/** All that the screen depends on. */
export interface FailedInput extends PageInput {
  readonly progress: Progress
  readonly consoles: Consoles
  readonly state: FailedState
}

export type FailedState = PageState<'menu' | 'log' | 'power'>
export type FailedEffect = CommonEffect | 'retry' | 'edit' | 'report' | 'take-over' | 'restart' | 'poweroff'
type Action = 'retry' | 'edit' | 'log' | 'shell' | 'report' | 'power' | 'take-over' | 'back' | 'restart' | 'poweroff'

/** The state at start. */
export const initialFailed: FailedState = { view: 'menu', chosen: 0, top: null, notice: null }

const ownersMenu: readonly Entry<Action>[] = [
  { action: 'retry', words: 'Try again' },
  { action: 'edit', words: 'Edit the answers' },
  { action: 'log', words: 'Show the log' },
  { action: 'shell', words: 'Open a shell' },
  { action: 'report', words: 'Save a report to the stick (without secrets)' },
  { action: 'power', words: 'Power off' },
]
// Two consoles that try again at once would be in each other's way.
const readersMenu: readonly Entry<Action>[] = [
  { action: 'log', words: 'Show the log' },
  { action: 'take-over', words: 'Decide on this console' },
  { action: 'shell', words: 'Open a shell' },
]
const powerMenu: readonly Entry<Action>[] = [
  { action: 'back', words: 'Back' },
  { action: 'restart', words: 'Restart' },
  { action: 'poweroff', words: 'Power off' },
]

/** The screen when a change did not work: what is wrong, how to mend it, and what can be done now. */
export function failedScreen(input: FailedInput): Line[] {
  const { abilities, progress, consoles, state } = input
  const menu = shownMenu(input)
  const room = roomFor(abilities, menu.length)
  return pageLines(input, {
    title: modeWords(progress.mode),
    corner: clock(progress.elapsedSeconds),
    body:
      state.view === 'log'
        ? logLines(progress, state, abilities.columns, room)
        : scrolled(bodyLines(input), state, room),
    menu,
    keys: keysOf(input),
    aside: consoleWords(consoles),
  })
}

/** How the text in sight can be scrolled. */
export function failedExtent(input: FailedInput): Extent {
  const room = roomFor(input.abilities, shownMenu(input).length)
  if (input.state.view === 'log') return logExtent(input.progress, input.abilities.columns, room)
  return extentOf(bodyLines(input).length, room)
}

/** What a key does: the next state, and perhaps an effect. `owner` tells whether this console decides. */
export function reduceFailed(
  state: FailedState,
  key: Key,
  { extent, owner }: { extent: Extent; owner: boolean },
): { state: FailedState; effect?: FailedEffect } {
  const effect = commonEffect(key)
  if (effect !== null) return { state: { ...state, notice: null }, effect }
  const entries = menuOf(state, owner)
  if (key.name === 'enter') return act(state, entries[state.chosen]?.action ?? 'back')
  if (key.name === 'escape') return act(state, 'back')
  if (key.name === 'f10') return act(state, owner ? 'power' : 'back')
  const letter = letterOf(key)
  if (letter === 'l') return act(state, state.view === 'log' ? 'back' : 'log')
  if (letter === 't' && !owner) return act(state, 'take-over')
  const chosen = entries.length === 0 ? null : moveIn(entries.length, state.chosen, key)
  if (chosen !== null) return { state: { ...state, chosen, notice: null } }
  const to = scrollTo(key, state.top, extent, state.view === 'log' ? extent.last : extent.first)
  return { state: to === undefined ? state : { ...state, top: to } }
}

function act(state: FailedState, action: Action): { state: FailedState; effect?: FailedEffect } {
  const quiet = { ...state, notice: null }
  switch (action) {
    case 'log':
      return { state: { ...quiet, view: 'log', top: null } }
    case 'power':
      return { state: { ...quiet, view: 'power', chosen: 0, top: null } }
    case 'back':
      return { state: { ...initialFailed, chosen: state.view === 'log' ? state.chosen : 0 } }
    case 'report':
      return { state: { ...state, notice: 'Saving the report ...' }, effect: action }
    case 'restart':
      return { state: { ...state, notice: 'Restarting ...' }, effect: action }
    case 'poweroff':
      return { state: { ...state, notice: 'Powering off ...' }, effect: action }
    case 'shell':
    case 'retry':
    case 'edit':
    case 'take-over':
      return { state: quiet, effect: action }
  }
}

function menuOf(state: FailedState, owner: boolean): readonly Entry<Action>[] {
  if (state.view === 'log') return []
  if (state.view === 'power') return powerMenu
  return owner ? ownersMenu : readersMenu
}

const decides = ({ consoles }: FailedInput) => consoles.mine === consoles.owner

function shownMenu(input: FailedInput): Line[] {
  const { state, abilities } = input
  if (state.view === 'log') return []
  const words = menuOf(state, decides(input)).map(entry => entry.words)
  const notice = state.notice === null ? [] : wrap(state.notice, abilities.columns - 1, ' ').slice(0, 2)
  return [...notice.map(row => line(row, 'strong')), ...menuLines(words, state.chosen, abilities)]
}

function bodyLines(input: FailedInput): Line[] {
  const { abilities, progress, state } = input
  const width = abilities.columns - 1
  const part = (words: string, indent: string): Line[] => wrap(words, width, indent).map(row => line(row))
  if (state.view === 'power') {
    return [
      line(' Restart or power off', 'strong'),
      ...part(
        'Nothing is being written to any disk, so both are safe. When the machine starts again, it goes on.',
        '   ',
      ),
    ]
  }
  const failure = progress.failure
  const anyDone = progress.changes.some(item => item.state === 'done')
  const gap = abilities.rows >= 16 ? [line('')] : []
  const title = failure === null || failure.title === '' ? 'Setting up' : `"${failure.title}"`
  return [
    ...wrap(`${title} did not work.`, width, ' ').map(row => line(row, 'strong')),
    ...gap,
    ...part(failure?.message ?? 'There is no word on what went wrong.', '   '),
    ...part(failure?.mend ?? 'The log may tell more.', '   '),
    ...(anyDone ? part('Everything before this step is done and stays done.', '   ') : []),
  ]
}

function keysOf(input: FailedInput): string[] {
  const { abilities, state } = input
  if (state.view === 'log') return ['L back', `${arrows(abilities)} scroll`, 'F2 shell']
  const more = failedExtent(input)
  const scroll = more.last > more.first ? ['PgUp PgDn read'] : []
  return [`${arrows(abilities)} choose`, 'Enter go on', ...scroll, 'F2 shell', ...(decides(input) ? ['F10 power'] : [])]
}
