import type { Secret } from '../answers/secret.ts'
import type { Progress } from '../progress/reduce.ts'
import type { Link } from '../status/links.ts'
import type { Key } from '../terminal/keys.ts'
import { cell, line, type Line } from '../terminal/lines.ts'
import {
  arrows,
  beside,
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
import { codeScreen } from './code.ts'
import { qrLines } from './qr.ts'
import { type Proven, summaryLines, verificationBody, verifyingNotice } from './verification.ts'

/** What one change is proven by. */
export interface Proof {
  readonly verdict: 'pass' | 'warn' | 'fail'
  /** What was tried, in a few words. */
  readonly title: string
  /** What came out, on one line. */
  readonly words: string
  /** What was seen, line by line; and for `warn` and `fail` how to mend it. */
  readonly detail: readonly string[]
}

/** One password that was made for a service. */
export interface Password {
  readonly service: string
  readonly user: string
  readonly password: Secret
}

/** All that the screen depends on. */
export interface FinishedInput extends PageInput {
  /** The mode of the plan: only `install` has a stick to pull out. */
  readonly mode: string
  readonly proofs: readonly Proof[]
  /** What the machine has proven of itself; null where it cannot yet, because it has not started from its own disk. */
  readonly proven: Proven | null
  readonly links: readonly Link[]
  /** The address for phones; null for none. */
  readonly scan: string | null
  /** Null when there are none, or they have been shown. */
  readonly passwords: readonly Password[] | null
  readonly state: FinishedState
}

export type FinishedState = PageState<'end' | 'proof' | 'explained' | 'passwords' | 'code' | 'power'>
export type FinishedEffect = CommonEffect | 'forget-passwords' | 'verify' | 'restart' | 'poweroff'
type Action = 'restart' | 'poweroff' | 'back' | 'quit' | 'verify' | 'explained' | 'proof'

/** The state at start. */
export const initialFinished: FinishedState = { view: 'end', chosen: 0, top: null, notice: null }

/** What each change is proven by, where nothing else was tried yet. */
export const proofsOf = (progress: Progress): Proof[] =>
  progress.changes
    .filter(item => item.state === 'done' && item.evidence !== '')
    .map(item => ({ verdict: 'pass', title: item.title, words: item.evidence, detail: [] }))

/** The screen at the end: what was proven, where the services are, and what to do with the stick. */
export function finishedScreen(input: FinishedInput): Line[] {
  const { abilities, state, scan } = input
  if (state.view === 'code' && scan !== null) return codeScreen(input, scan)
  const menu = shownMenu(input)
  const room = roomFor(abilities, menu.length)
  const body = state.view === 'end' ? endLines(input, room) : textLines(input)
  return pageLines(input, {
    title: titles[state.view],
    corner: '',
    body: scrolled(body, state, room),
    menu,
    keys: keysOf(input),
  })
}

/** How the text in sight can be scrolled. */
export function finishedExtent(input: FinishedInput): Extent {
  const room = roomFor(input.abilities, shownMenu(input).length)
  const lines = input.state.view === 'end' ? endLines(input, room) : textLines(input)
  return extentOf(lines.length, room)
}

/** What a key does: the next state, and perhaps an effect. `passwords` tells whether there are any to show. */
export function reduceFinished(
  state: FinishedState,
  key: Key,
  { extent, passwords, mode }: { extent: Extent; passwords: boolean; mode: string },
): { state: FinishedState; effect?: FinishedEffect } {
  const leaving = state.view === 'passwords'
  const back = (): { state: FinishedState; effect?: FinishedEffect } =>
    leaving
      ? { state: { ...initialFinished, notice: seenWords }, effect: 'forget-passwords' }
      : { state: initialFinished }
  const effect = commonEffect(key)
  // A shell would be opened below the passwords, which may stay in its history of lines.
  if (effect === 'shell' && leaving) return back()
  if (effect !== null) return { state, effect }
  const letter = letterOf(key)
  if (key.name === 'escape') return back()
  if (letter === 'p') {
    if (leaving) return back()
    return passwords
      ? { state: { ...initialFinished, view: 'passwords' } }
      : { state: { ...initialFinished, notice: seenWords } }
  }
  const views: Readonly<Record<string, FinishedState['view']>> = { v: 'proof', q: 'code' }
  if (letter === 'r' && mode === 'configure' && (state.view === 'proof' || state.view === 'explained'))
    return { state: { ...state, top: null, notice: verifyingNotice }, effect: 'verify' }
  const view = key.name === 'f10' ? 'power' : views[letter]
  if (view !== undefined) return leaving || view === state.view ? back() : { state: { ...initialFinished, view } }
  const entries = menuOf(state, mode)
  if (key.name === 'enter') {
    const action = entries[state.chosen]?.action
    if (action === 'restart') return { state: { ...state, notice: 'Restarting ...' }, effect: action }
    if (action === 'quit') return { state, effect: action }
    if (action === 'verify') return { state: { ...state, top: null, notice: verifyingNotice }, effect: action }
    if (action === 'proof' || action === 'explained') return { state: { ...initialFinished, view: action } }
    if (action === 'poweroff') return { state: { ...state, notice: 'Powering off ...' }, effect: action }
    return back()
  }
  const chosen = entries.length > 1 ? moveIn(entries.length, state.chosen, key) : null
  if (chosen !== null) return { state: { ...state, chosen, notice: null } }
  const to = scrollTo(key, state.top, extent, extent.first)
  return { state: to === undefined ? state : { ...state, top: to } }
}

const titles: Readonly<Record<FinishedState['view'], string>> = {
  end: 'Finished',
  proof: 'Finished: proof in full',
  explained: 'Finished: proof in full',
  passwords: 'Finished: passwords',
  code: 'Finished',
  power: 'Finished',
}
const seenWords = 'Shown once. Later: log in and type "sudo mediaserver credentials".'

function menuOf(state: FinishedState, mode: string): readonly Entry<Action>[] {
  if (state.view === 'end' && mode === 'configure') return [{ action: 'quit', words: 'Done' }]
  if (state.view === 'end')
    return [
      {
        action: 'restart',
        words: mode === 'install' ? 'Restart, and pull out the stick when it goes dark' : 'Restart',
      },
    ]
  if (mode === 'configure' && (state.view === 'proof' || state.view === 'explained'))
    return [
      { action: 'back', words: 'Back' },
      { action: 'verify', words: 'Verify now' },
      state.view === 'proof'
        ? { action: 'explained', words: 'Explain how' }
        : { action: 'proof', words: 'Only what came out' },
    ]
  if (state.view !== 'power') return [{ action: 'back', words: 'Back' }]
  return [
    { action: 'back', words: 'Back' },
    { action: 'restart', words: 'Restart' },
    { action: 'poweroff', words: 'Power off' },
  ]
}

function shownMenu({ state, mode, abilities }: FinishedInput): Line[] {
  const notice = state.notice === null ? [] : wrap(state.notice, abilities.columns - 1, ' ').slice(0, 2)
  const words = menuOf(state, mode).map(entry => entry.words)
  return [...notice.map(row => line(row, 'strong')), ...menuLines(words, state.chosen, abilities)]
}

/** The proofs, then where the services are; with the code to scan where it fits beside. */
function endLines(input: FinishedInput, room: number): Line[] {
  const { abilities, proofs, scan } = input
  const { columns, charset, rows } = abilities
  const above = [
    ...provenLines(input),
    ...proofs.flatMap(proof => proofLines(proof, columns)),
    ...(rows >= 16 ? [line('')] : []),
  ]
  const below = linkLines(input)
  if (scan === null) return [...above, ...below]
  const low = qrLines(scan, charset, { columns: columns - 50, rows: room - above.length })
  if (low !== null) return [...above, ...beside(below, low, columns)]
  const high = qrLines(scan, charset, { columns: columns - 90, rows: room })
  return high === null ? [...above, ...below] : beside([...above, ...below], high, columns)
}

/** What is proven of the whole machine; it can prove itself only once it runs from its own disk. */
const provenLines = ({ proven, abilities }: FinishedInput): Line[] =>
  proven === null ? [] : [line(' Proof', 'strong'), ...summaryLines(proven, abilities.columns)]

// Said where the machine cannot prove itself yet, in short and in full.
const laterShort = ' More is proven after the restart: V tells what'
const laterWords =
  'Hardware video, VPN, kill switch and services are proven when the machine has started from its own disk. Its screen shows it then.'

/** One proof on as many lines as it needs: a warning that is cut off would be none. */
function proofLines({ verdict, title, words }: Proof, columns: number): Line[] {
  const style = verdict === 'pass' ? 'normal' : 'strong'
  if (columns < 60) return wrap(`${verdict}  ${title}: ${words}`, columns - 1, ' ').map(row => line(row, style))
  const width = 30
  return wrap(words, columns - width - 2).map((row, index) =>
    line(`${cell(index === 0 ? ` ${verdict}   ${title}` : '', width)} ${row}`, style),
  )
}

function linkLines({ abilities, links, passwords, mode }: FinishedInput): Line[] {
  const { columns, rows } = abilities
  const name = Math.min(14, Math.max(8, ...links.map(link => link.name.length + 2)))
  return [
    ...links.flatMap(({ name: words, byNumber, byName }) => {
      const first = byNumber ?? byName
      if (columns < 60) return [line(` ${first}`)]
      const second = byNumber === null || rows < 16 ? [] : [line(` ${cell('', name)}${byName}`)]
      return [line(` ${cell(words, name)}${first}`), ...second]
    }),
    ...(passwords === null ? [] : [line(' Passwords for all services: press P')]),
    ...(mode === 'configure' || columns < 60 ? [] : [line(laterShort)]),
  ]
}

function textLines({ abilities, state, proofs, proven, passwords, mode }: FinishedInput): Line[] {
  const { columns } = abilities
  const width = columns - 1
  switch (state.view) {
    case 'proof':
    case 'explained':
      if (proven !== null) return verificationBody(proven, columns, state.view === 'explained')
      return [
        ...(mode === 'configure' ? [] : wrap(laterWords, width, ' ').map(row => line(row))),
        ...proofs.flatMap(proof => [
          ...proofLines(proof, columns),
          ...proof.detail.flatMap(row => wrap(row, width, '        ').map(words => line(words))),
        ]),
      ]
    case 'passwords':
      return [
        ...wrap('Write these down. They are shown this once.', width, ' ').map(row => line(row, 'strong')),
        ...(passwords ?? []).flatMap(item => passwordLines(item, columns)),
        ...wrap('Later: log in and type "sudo mediaserver credentials".', width, ' ').map(row => line(row)),
      ]
    case 'power':
      return [
        line(' Restart or power off', 'strong'),
        ...wrap('Everything is done and written, so both are safe.', width, '   ').map(row => line(row)),
      ]
    case 'end':
    case 'code':
      return []
  }
}

function passwordLines({ service, user, password }: Password, columns: number): Line[] {
  const value = password.reveal()
  const start = `   ${cell(service, 16)}${cell(user, 14)}`
  if (start.length + value.length < columns) return [line(start + value)]
  // A password that is cut off is none.
  return [line(`   ${service}  ${user}`), ...wrap(value, columns - 1, '     ').map(row => line(row))]
}

function keysOf(input: FinishedInput): string[] {
  const { abilities, state, passwords, scan } = input
  const more = finishedExtent(input)
  const entries = menuOf(state, input.mode).length
  const scroll = more.last > more.first ? [`${entries > 1 ? 'PgUp PgDn' : arrows(abilities)} read`] : []
  if (entries > 1) return [`${arrows(abilities)} choose`, 'Enter go on', 'Esc back', ...scroll]
  if (state.view !== 'end') return ['Enter back', ...scroll]
  return [
    'Enter go on',
    ...scroll,
    ...(passwords === null ? [] : ['P passwords']),
    'V proof in full',
    ...(scan === null ? [] : ['Q code to scan']),
    'F2 shell',
    'F10 power',
  ]
}
