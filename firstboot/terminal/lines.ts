import type { Charset } from './abilities.ts'
import { adapt } from './charset.ts'

/** How a piece of text looks. A style only repeats what the words say. */
export type Style = 'normal' | 'strong' | 'chosen'

/** A piece of a line in one style. */
export interface Span {
  readonly text: string
  readonly style: Style
}

/** One line of a screen, from the left edge; never wider than the screen. */
export type Line = readonly Span[]

/** A line in one style. */
export const line = (text: string, style: Style = 'normal'): Line => [{ text, style }]

/** The text of a line without its styles or the spaces at its end. */
export const textOf = (of: Line): string =>
  of
    .map(span => span.text)
    .join('')
    .trimEnd()

/** Cuts a text to a number of cells, with `…` where something is missing. Counts characters, see `adapt`. */
export function fit(text: string, width: number): string {
  const chars = Array.from(text)
  if (chars.length <= width) return text
  return width < 1 ? '' : chars.slice(0, width - 1).join('') + '…'
}

/** Cuts or fills a text to exactly `width` cells. */
export const cell = (text: string, width: number): string => {
  const cut = fit(text, width)
  return cut + ' '.repeat(Math.max(0, width - Array.from(cut).length))
}

/** Items with commas between them, on as many lines as they need; an item is never split. */
export function flow(items: readonly string[], first: string, indent: string, width: number): string[] {
  const lines: string[] = []
  let now = first
  let empty = true
  for (const item of items) {
    if (!empty && now.length + 2 + item.length > width - 1) {
      lines.push(`${now},`)
      now = indent
      empty = true
    }
    now += empty ? item : `, ${item}`
    empty = false
  }
  return [...lines, now]
}

/**
 * A sentence on as few lines as it needs, each with an indent, and all of about the same length: no word stands alone
 * at the end. Words are split only where one is wider than a line.
 */
export function wrap(words: string, indent: string, width: number): string[] {
  const most = Math.max(1, width - indent.length - 1)
  const lines = broken(words, most)
  const widest = Math.max(...words.split(' ').map(word => word.length))
  let room = most
  while (room > widest && broken(words, room - 1).length === lines.length) room--
  return broken(words, room).map(text => indent + text)
}

function broken(words: string, room: number): string[] {
  const lines: string[] = []
  let now = ''
  for (const word of words.split(' ').flatMap(long => pieces(long, room))) {
    if (now !== '' && now.length + 1 + word.length > room) {
      lines.push(now)
      now = word
    } else {
      now += now === '' && lines.length === 0 ? word : `${now === '' ? '' : ' '}${word}`
    }
  }
  return [...lines, now]
}

// Characters of one cell only, as everywhere here.
function pieces(word: string, room: number): string[] {
  const chars = Array.from(word)
  return chars.length <= room
    ? [word]
    : Array.from({ length: Math.ceil(chars.length / room) }, (_, at) =>
        chars.slice(at * room, (at + 1) * room).join(''),
      )
}

/** Two texts at both ends of a line. */
export function spread(left: string, right: string, width: number): string {
  const room = width - Array.from(right).length
  return room < 8 ? fit(left, width) : cell(left, room - 1) + ' ' + right
}

/** Cuts every line to the width and makes every character one that the terminal can show. */
export function fitLines(lines: readonly Line[], width: number, charset: Charset): Line[] {
  return lines.map(spans => {
    let room = width
    return spans.flatMap(span => {
      const text = adapt(fit(span.text, room), charset)
      room -= text.length
      return text === '' ? [] : [{ ...span, text }]
    })
  })
}
