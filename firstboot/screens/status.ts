import { bestAddress, linksOf } from '../status/links.ts'
import type { Status } from '../status/read.ts'
import { dataWords } from '../status/data-disk.ts'
import type { Service } from '../status/services.ts'
import type { Key } from '../terminal/keys.ts'
import { cell, line, type Line, textOf } from '../terminal/lines.ts'
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

/** All that the screen depends on. */
export interface StatusInput extends PageInput {
  /** Null while nothing is known yet. */
  readonly status: Status | null
  /** Unix time in milliseconds. */
  readonly now: number
  readonly state: StatusState
}

export type StatusState = PageState<'home' | 'proof' | 'explained' | 'again' | 'power' | 'code'>
/** Without `shell`: on the installed system there is a login instead. */
export type StatusEffect = Exclude<CommonEffect, 'shell'> | 'login' | 'verify' | 'setup-again' | 'restart' | 'poweroff'
type Action =
  | 'login'
  | 'proof'
  | 'explained'
  | 'verify'
  | 'again'
  | 'power'
  | 'back'
  | 'setup-again'
  | 'restart'
  | 'poweroff'

/** The state at start. */
export const initialStatus: StatusState = { view: 'home', chosen: 0, top: null, notice: null }

const menus: Readonly<Record<StatusState['view'], readonly Entry<Action>[]>> = {
  home: [
    { action: 'login', words: 'Log in' },
    { action: 'proof', words: 'What was proven, and what to do about the rest' },
    { action: 'again', words: 'Run the set-up again with the present answers' },
    { action: 'power', words: 'Restart or power off' },
  ],
  proof: [
    { action: 'back', words: 'Back' },
    { action: 'verify', words: 'Verify now' },
    { action: 'explained', words: 'Explain how' },
  ],
  explained: [
    { action: 'back', words: 'Back' },
    { action: 'verify', words: 'Verify now' },
    { action: 'proof', words: 'Only what came out' },
  ],
  again: [
    { action: 'back', words: 'Back' },
    { action: 'setup-again', words: 'Run the set-up again' },
  ],
  power: [
    { action: 'back', words: 'Back' },
    { action: 'restart', words: 'Restart' },
    { action: 'poweroff', words: 'Power off' },
  ],
  code: [{ action: 'back', words: 'Back' }],
}

/** The screen of the installed machine, in place of a bare login prompt. */
export function statusScreen(input: StatusInput): Line[] {
  const { abilities, state, status } = input
  const scan = scanOf(input)
  if (state.view === 'code' && scan !== null) return codeScreen(input, scan)
  const menu = shownMenu(input)
  const room = roomFor(abilities, menu.length)
  const body = bodyLines(input, room)
  return pageLines(input, {
    title: status?.hostname ?? '',
    corner: input.manifest.version,
    body: scrolled(state.view === 'home' ? withCode(input, body, room) : body, state, room),
    menu,
    keys: keysOf(input, scan),
  })
}

/** How the text in sight can be scrolled. */
export function statusExtent(input: StatusInput): Extent {
  const room = roomFor(input.abilities, shownMenu(input).length)
  return extentOf(bodyLines(input, room).length, room)
}

/** What a key does: the next state, and perhaps an effect. */
export function reduceStatus(
  state: StatusState,
  key: Key,
  { extent }: { extent: Extent },
): { state: StatusState; effect?: StatusEffect } {
  const effect = commonEffect(key)
  if (effect === 'shell') return act(state, 'login')
  if (effect !== null) return { state, effect }
  const entries = menus[state.view]
  if (key.name === 'enter') return act(state, entries[state.chosen]?.action ?? 'back')
  if (key.name === 'escape') return act(state, 'back')
  if (key.name === 'f10') return act(state, 'power')
  const actions: Readonly<Record<string, Action>> = { l: 'login', v: 'proof', s: 'again' }
  const letter = letterOf(key)
  // A letter must not choose anything in a menu that asks whether one is sure.
  if (state.view === 'home' && actions[letter] !== undefined) return act(state, actions[letter])
  if (letter === 'q') return { state: { ...initialStatus, view: state.view === 'code' ? 'home' : 'code' } }
  if (isProof(state.view) && letter === 'v') return act(state, 'back')
  if (isProof(state.view) && letter === 'r') return act(state, 'verify')
  const chosen = moveIn(entries.length, state.chosen, key)
  if (chosen !== null) return { state: { ...state, chosen, notice: null } }
  const to = scrollTo(key, state.top, extent, extent.first)
  return { state: to === undefined ? state : { ...state, top: to } }
}

const isProof = (view: StatusState['view']): boolean => view === 'proof' || view === 'explained'

function act(state: StatusState, action: Action): { state: StatusState; effect?: StatusEffect } {
  switch (action) {
    case 'again':
    case 'power':
    case 'proof':
    case 'explained':
      return { state: { ...initialStatus, view: action } }
    case 'verify':
      return { state: { ...state, top: null, notice: verifyingNotice }, effect: action }
    case 'back':
      return { state: initialStatus }
    case 'login':
      return { state: { ...state, notice: null }, effect: action }
    case 'setup-again':
      return { state: initialStatus, effect: action }
    case 'restart':
      return { state: { ...state, notice: 'Restarting ...' }, effect: action }
    case 'poweroff':
      return { state: { ...state, notice: 'Powering off ...' }, effect: action }
  }
}

function shownMenu({ abilities, state }: StatusInput): Line[] {
  const notice = state.notice === null ? [] : wrap(state.notice, abilities.columns - 1, ' ').slice(0, 2)
  const words = menus[state.view].map(entry => entry.words)
  return [...notice.map(row => line(row, 'strong')), ...menuLines(words, state.chosen, abilities)]
}

/** The first page by number: that works on every phone. */
function scanOf({ status }: StatusInput): string | null {
  if (status === null || status.addresses === null) return null
  return linksOf(status.pages ?? [], status.hostname, status.addresses)[0]?.byNumber ?? null
}

function withCode(input: StatusInput, lines: readonly Line[], room: number): Line[] {
  const { columns, charset } = input.abilities
  const scan = scanOf(input)
  const code = scan === null ? null : qrLines(scan, charset, { columns: columns - 78, rows: room })
  return code === null ? [...lines] : beside(lines, code, columns)
}

function bodyLines(input: StatusInput, room: number): Line[] {
  const { abilities, status, state } = input
  const width = abilities.columns - 1
  const part = (words: string): Line[] => wrap(words, width, '   ').map(row => line(row))
  if (state.view === 'power') {
    return [line(' Restart or power off', 'strong'), ...part('Films that are being watched stop; nothing is lost.')]
  }
  if (state.view === 'again') {
    return [
      line(' Run the set-up again', 'strong'),
      ...part('It looks at everything that the set-up has made, and mends what is no longer as it should be.'),
      ...part('You see the present answers, and may change them. No disk is erased.'),
    ]
  }
  if (status === null) return [line(' looking at this machine ...')]
  const proven: Proven = { verification: status.verification, verifying: status.verifying, now: input.now }
  if (isProof(state.view)) return verificationBody(proven, abilities.columns, state.view === 'explained')
  const forms: readonly (() => Line[])[] = [
    () => sectionsOf(input, status, proven, false).flatMap((each, index) => (index === 0 ? each : [line(''), ...each])),
    () => sectionsOf(input, status, proven, false).flat(),
    () => sectionsOf(input, status, proven, true).flat(),
  ]
  const lines = forms.map(form => form())
  return lines.find(form => form.length <= room) ?? lines.at(-1) ?? []
}

/** What the screen tells, in its order. `tight`: each fact once, so that a machine with every service fits on a usual screen. */
function sectionsOf(input: StatusInput, status: Status, proven: Proven, tight: boolean): Line[][] {
  const { columns } = input.abilities
  const width = columns - 1
  const part = (words: string): Line[] => wrap(words, width, '   ').map(row => line(row))
  const heading = (words: string) => line(` ${words}`, 'strong')
  /** A short fact stands beside its name, as addresses do; a longer one below. */
  const named = (name: string, lines: readonly Line[]): Line[] => {
    const [only = line(''), ...more] = lines
    const row = `   ${cell(name, 12)}${textOf(only).trim()}`
    return tight && columns >= 60 && more.length === 0 && row.length < columns
      ? [line(row, only[0]?.style)]
      : [heading(name), ...lines]
  }
  const proof = named('Last proof', summaryLines(proven, columns))
  const closed = status.closed === null ? [] : part(`Jellyseerr stays closed to the internet. ${status.closed}`)
  const addresses = [heading('Addresses'), ...addressLines(input, status, tight), ...closed]
  const films = named('Films', dataWords(status.data).flatMap(part))
  const services = [heading('Services'), ...serviceLines(status, columns, tight)]
  // What does not work any more must be in sight without a key.
  const failing = status.verification?.results.some(({ verdict }) => verdict === 'fail') === true
  return failing
    ? [proof, addresses, films, services]
    : [addresses, ...(tight ? [films, proof] : [proof, films]), services]
}

function addressLines({ abilities }: StatusInput, status: Status, tight: boolean): Line[] {
  const { hostname, user, addresses, pages } = status
  if (addresses === null) return [line('   looking for the network ...')]
  const wide = abilities.columns >= 60
  const best = bestAddress(addresses)
  const row = (name: string, value: string) => line(wide ? `   ${cell(name, 12)}${value}` : `   ${value}`)
  const links = linksOf(pages ?? [], hostname, addresses).flatMap(link => [
    row(link.name, link.byNumber ?? link.byName),
    ...(link.byNumber === null || tight ? [] : [row('', link.byName)]),
  ])
  return [
    ...(best === null
      ? [line('   no address yet: is the network cable in?')]
      : [row('Network', [...(tight ? [`${hostname}.local`] : []), ...addresses].join('  '))]),
    ...links,
    ...(user === '' ? [] : [row('SSH', `ssh ${user}@${best ?? `${hostname}.local`}`)]),
  ]
}

const NOT_YET = 'not set up yet: that begins by itself when the machine starts; "sudo mediaserver apply" begins it now'

/**
 * Those that failed come first, with where to look; then two on a line where there is room. `tight`: all that do alike in one
 * sentence.
 */
function serviceLines({ services, firstSetUp }: Status, columns: number, tight: boolean): Line[] {
  const notYet = firstSetUp ? wrap(NOT_YET, columns - 1, '   ').map(row => line(row)) : []
  if (services === null) return [...notYet, line('   asking ...')]
  if (services.length === 0) return firstSetUp ? notYet : [line('   none is installed')]
  const failed = services.filter(service => service.state === 'failed')
  const rest = services.filter(service => service.state !== 'failed')
  const words = ({ state, name }: Service) => `   ${tight ? `${state}: ` : cell(state, 10)}${name}`
  const mend = (service: Service) =>
    columns >= 76 ? cell(words(service), 38) + `see: ${service.look}` : words(service)
  const across = columns >= 76 ? 2 : 1
  const rows = Array.from({ length: Math.ceil(rest.length / across) }, (_, index) =>
    rest.slice(index * across, (index + 1) * across),
  )
  const alike = (['starting', 'running', 'off'] as const).flatMap(state => {
    const names = rest.filter(service => service.state === state).map(({ name }) => name)
    return names.length === 0 ? [] : wrap(`${state}: ${names.join(', ')}`, columns - 1, '   ').map(row => line(row))
  })
  return [
    ...notYet,
    ...failed.map(service => line(mend(service), 'strong')),
    ...(tight ? alike : rows.map(row => line(row.map(service => cell(words(service), 38)).join('')))),
  ]
}

function keysOf(input: StatusInput, scan: string | null): string[] {
  const { abilities, state } = input
  const extent = statusExtent(input)
  const scroll = extent.last > extent.first ? ['PgUp PgDn read'] : []
  const choose = [`${arrows(abilities)} choose`, 'Enter go on']
  if (isProof(state.view)) return [...choose, 'Esc back', 'R verify now', ...scroll]
  if (state.view !== 'home') return [...choose, 'Esc back']
  return [
    'L log in',
    'V proof',
    ...scroll,
    ...(scan === null ? [] : ['Q code to scan']),
    'S set up again',
    'F10 power',
    ...choose,
  ]
}
