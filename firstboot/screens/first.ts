import type { KnownSoFar } from '../machine.ts'
import type { Manifest } from '../manifest.ts'
import { type Abilities, asPlain } from '../terminal/abilities.ts'
import { fitLines, line, type Line, spread, wrap } from '../terminal/lines.ts'
import { factLines } from './facts.ts'
import { menuOf } from '../wizard/menus.ts'
import type { WizardState } from '../wizard/state.ts'
import { fitHints } from './frame.ts'

/** All that the first screen depends on. */
export interface FirstScreen {
  readonly manifest: Manifest
  readonly known: KnownSoFar
  readonly abilities: Abilities
  readonly state: WizardState
}

/** The first screen: exactly as many lines as the terminal has rows, none wider than it. */
export function firstScreen(input: FirstScreen): Line[] {
  const { columns, rows, charset } = used(input)
  const { rules, middle, room } = shape(input)
  const rule = line('─'.repeat(columns))
  const top = line(spread(` ${input.manifest.product}`, input.manifest.version, columns - 1), 'strong')
  const keys = line(fitKeys(input.state, charset !== 'ascii', columns - 1))
  const body = input.state.overlay === 'power' ? powerLines() : pageOf(homeBody(input, room), room, input.state.page)
  const filled = Array.from({ length: middle }, (_, index) => body[index] ?? line(''))
  const lines = [
    top,
    ...(rules ? [rule] : []),
    ...filled,
    ...menuLines(input.state, rows),
    ...(rules ? [rule] : []),
    keys,
  ]
  return fitLines(lines.slice(0, rows), columns, charset)
}

/** How many pages the facts need on this terminal. */
export function pageCount(input: FirstScreen): number {
  const { room } = shape(input)
  const body = homeBody(input, room)
  return body.length <= room ? 1 : Math.ceil(body.length / pageLength(room))
}

const used = (input: FirstScreen): Abilities => (input.state.plain ? asPlain(input.abilities) : input.abilities)

/** How the rows are shared out: rules where there is room, then the body, and an empty line before the menu. */
function shape(input: FirstScreen): { rules: boolean; middle: number; room: number } {
  const { rows } = input.abilities
  const rules = rows >= 12
  const middle = rows - menuLines(input.state, rows).length - (rules ? 4 : 2)
  return { rules, middle, room: Math.max(1, rows >= 20 ? middle - 1 : middle) }
}

/** The facts in full where they fit, else in short; then what the set-up will be like. */
function homeBody(input: FirstScreen, room: number): Line[] {
  const { columns } = input.abilities
  const { elsewhere } = input.state
  const other = elsewhere === null ? [] : [line(` Another console (${elsewhere}) is answering right now.`, 'strong')]
  const promise = wrap(promised, ' ', columns).map(each => line(each))
  const above = [...other, ...hindranceLines(input.state.found.hindrances, columns)]
  const full = [...above, ...factLines(input.known, columns, 'full')]
  if (full.length + 1 + promise.length <= room) return [...full, line(''), ...promise]
  return full.length <= room ? full : [...above, ...factLines(input.known, columns, 'short')]
}

// The stick has them all.
const MOST_HINDRANCES = 2

function hindranceLines(hindrances: readonly string[], columns: number): Line[] {
  if (hindrances.length === 0) return []
  const more = hindrances.length - MOST_HINDRANCES
  const told = [
    ...hindrances.slice(0, MOST_HINDRANCES),
    ...(more > 0 ? [`${more} more: see ERROR.txt on the stick`] : []),
  ]
  return [
    line(' Nothing was started by itself.', 'strong'),
    ...told.flatMap(words => wrap(`! ${words}`, '   ', columns)).map(each => line(each)),
    line(''),
  ]
}

const promised = 'About ten questions; nothing is written before you agree to a summary.'

// The last line of a page says that there is more.
const pageLength = (room: number): number => Math.max(1, room - 1)

function pageOf(body: readonly Line[], room: number, page: number): readonly Line[] {
  if (body.length <= room) return body
  const length = pageLength(room)
  const pages = Math.ceil(body.length / length)
  const at = Math.min(page, pages - 1)
  // The last page is a full one.
  const from = Math.min(at * length, body.length - length)
  const shown = body.slice(from, from + length)
  return room > 1 ? [...shown, line(` PgUp PgDn  page ${at + 1} of ${pages}`)] : shown
}

const powerLines = (): Line[] => [
  line(' Restart or power off', 'strong'),
  line('   Nothing is being written to any disk, so both are safe.'),
]

/** The menu, or on a small terminal the part of it around the chosen entry. */
function menuLines(state: WizardState, rows: number): Line[] {
  const menu = menuOf(state)
  const chosen = Math.min(state.chosen, menu.length - 1)
  const room = Math.min(menu.length, Math.max(2, Math.floor(rows / 3)))
  const from = Math.max(0, Math.min(chosen - 1, menu.length - room))
  const entries = menu
    .map((entry, index) => (index === chosen ? line(` ▶ ${entry.words} `, 'chosen') : line(`   ${entry.words}`)))
    .slice(from, from + room)
  return state.notice === null ? entries : [...entries.slice(0, -1), line(` ${state.notice}`, 'strong')]
}

function fitKeys(state: WizardState, arrows: boolean, width: number): string {
  const choose = `${arrows ? '↑↓' : 'Up/Down'} choose`
  return fitHints(
    state.overlay === 'power'
      ? [choose, 'Enter go on', 'Esc back', 'F2 shell']
      : [choose, 'Enter go on', 'F1 help', 'F2 shell', 'F10 power', 'F4 plain screen', 'F3 redraw'],
    width,
  )
}
