import type { Manifest } from '../manifest.ts'
import type { Abilities } from '../terminal/abilities.ts'
import type { Key } from '../terminal/keys.ts'
import { cell, fit, fitLines, line, type Line, spread, textOf } from '../terminal/lines.ts'

/** What every screen while and after applying depends on. */
export interface PageInput {
  readonly manifest: Manifest
  readonly abilities: Abilities
}

/** What a person has done on one of these screens. */
export interface PageState<View extends string> {
  readonly view: View
  /** Which entry of the menu is chosen, from 0. */
  readonly chosen: number
  /** The first line that is shown of a text to scroll; null where the view begins by itself. */
  readonly top: number | null
  /** One line that says what is happening, or why something did not work. */
  readonly notice: string | null
}

/** What a menu offers, and what choosing it asks for. */
export interface Entry<Action extends string> {
  readonly action: Action
  readonly words: string
}

/** A text to scroll: `first` is its first line, `last` the one that is at the top when its end is in sight. */
export interface Extent {
  readonly first: number
  readonly last: number
  /** How many lines are in sight. */
  readonly room: number
}

/** What any screen can ask for, whatever it shows. */
export type CommonEffect = 'shell' | 'redraw' | 'plain' | 'quit'

interface Page {
  readonly title: string
  /** In the upper right corner. */
  readonly corner: string
  readonly body: readonly Line[]
  readonly menu: readonly Line[]
  readonly keys: readonly string[]
  /** At the right of the keys, where there is room. */
  readonly aside?: string
}

const hasRules = (abilities: Abilities) => abilities.rows >= 12

/** How many lines are left for the body above a menu of `menu` lines. */
export const roomFor = (abilities: Abilities, menu: number): number =>
  Math.max(1, abilities.rows - menu - (hasRules(abilities) ? 4 : 2))

/** The whole screen: exactly as many lines as the terminal has rows, none wider than it. */
export function pageLines({ manifest, abilities }: PageInput, page: Page): Line[] {
  const { columns, rows, charset } = abilities
  const rule = hasRules(abilities) ? [line('─'.repeat(columns))] : []
  const room = roomFor(abilities, page.menu.length)
  const body = Array.from({ length: room }, (_, index) => page.body[index] ?? line(''))
  const lines = [topLine(manifest, page, columns), ...rule, ...body, ...page.menu, ...rule, foot(page, columns)]
  return fitLines(lines.slice(0, rows), columns, charset)
}

function topLine(manifest: Manifest, { title, corner }: Page, columns: number): Line {
  const left = columns >= 70 ? cell(` ${manifest.product}`, 55) + title : ` ${manifest.product}  ${title}`
  return line(corner === '' ? left : spread(left, corner, columns - 1), 'strong')
}

/** As many hints as fit; the ones that are needed most come first. */
function foot({ keys, aside }: Page, columns: number): Line {
  let text = ''
  for (const key of keys) if (text.length + key.length + 2 < columns) text += `${text === '' ? ' ' : '  '}${key}`
  const fits = aside !== undefined && text.length + 2 + aside.length < columns
  return line(fits ? spread(text, aside, columns - 1) : text)
}

/** The arrow keys in words that the terminal can show. */
export const arrows = (abilities: Abilities): string => (abilities.charset === 'ascii' ? 'Up/Down' : '↑↓')

/** A menu; where there is not enough room for all of it, the entries around the chosen one. */
export function menuLines(words: readonly string[], chosen: number, abilities: Abilities): Line[] {
  const most = Math.max(2, Math.floor((abilities.rows - (hasRules(abilities) ? 4 : 2)) / 2))
  const from = Math.max(0, Math.min(chosen - Math.floor(most / 2), words.length - most))
  return words.slice(from, from + most).map((entry, index) => {
    const more = (index === 0 && from > 0) || (index === most - 1 && from + most < words.length)
    if (from + index === chosen) return line(` ▶ ${entry} `, 'chosen')
    return line(`${more ? ' … ' : '   '}${entry}`)
  })
}

/** A text in lines of at most `width` cells, broken at spaces where it has any; every line begins with `indent`. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const room = Math.max(1, width - indent.length)
  return text.split('\n').flatMap(paragraph => {
    const lines: string[] = []
    let now = ''
    for (let word of paragraph.split(/\s+/).filter(part => part !== '')) {
      if (now !== '' && now.length + 1 + word.length <= room) {
        now += ` ${word}`
        continue
      }
      if (now !== '') lines.push(now)
      for (; word.length > room; word = word.slice(room)) lines.push(word.slice(0, room))
      now = word
    }
    return [...lines, now].map(piece => indent + piece)
  })
}

/** The part of a text that is in sight, and where there is more of it. */
export function scrolled(lines: readonly Line[], state: PageState<string>, room: number): Line[] {
  if (lines.length <= room) return [...lines]
  const { first, last } = extentOf(lines.length, room)
  const from = Math.max(first, Math.min(state.top ?? 0, last))
  const shown = lines.slice(from, from + room - 1)
  return [...shown, line(` PgUp PgDn  lines ${from + 1} to ${from + shown.length} of ${lines.length}`)]
}

/** How a text of `length` lines can be scrolled; its last line in sight says where one is. */
export const extentOf = (length: number, room: number): Extent =>
  length <= room ? { first: 0, last: 0, room } : { first: 0, last: length - Math.max(1, room - 1), room }

/** Where a key scrolls to, or undefined when it does not scroll. Null is the natural place: the newest of a log. */
export function scrollTo(key: Key, top: number | null, extent: Extent, natural: number): number | null | undefined {
  const page = Math.max(1, extent.room - 2)
  const from = top ?? natural
  const steps: Partial<Record<Key['name'], number>> = {
    up: from - 1,
    down: from + 1,
    pageup: from - page,
    pagedown: from + page,
    home: extent.first,
    end: extent.last,
  }
  const to = steps[key.name]
  if (to === undefined) return undefined
  const kept = Math.max(extent.first, Math.min(extent.last, to))
  return kept === natural ? null : kept
}

/** What a key chooses in a menu, or null when it does not move. */
export function moveIn(entries: number, chosen: number, key: Key): number | null {
  if (key.name === 'up') return (chosen + entries - 1) % entries
  if (key.name === 'down') return (chosen + 1) % entries
  return null
}

/** The keys that mean the same on every screen. */
export function commonEffect(key: Key): CommonEffect | null {
  const effects: Partial<Record<Key['name'], CommonEffect>> = {
    f2: 'shell',
    f3: 'redraw',
    redraw: 'redraw',
    f4: 'plain',
    interrupt: 'quit',
  }
  return effects[key.name] ?? null
}

/** The letter that was typed, in lower case; empty for any other key. */
export const letterOf = (key: Key): string => (key.name === 'char' ? key.char.toLowerCase() : '')

/** Puts a code to scan at the right of some lines; it starts at the first of them. */
export function beside(lines: readonly Line[], code: readonly Line[], columns: number): Line[] {
  const width = Math.max(0, ...code.map(row => Array.from(row.map(span => span.text).join('')).length))
  const left = Math.max(0, columns - width - 1)
  return Array.from({ length: Math.max(lines.length, code.length) }, (_, index) => {
    const text = lines[index] ?? line('')
    const modules = code[index]
    if (modules === undefined) return text
    const words = textOf(text)
    return [{ text: cell(fit(words, left - 1), left), style: text[0]?.style ?? 'normal' }, ...modules]
  })
}
