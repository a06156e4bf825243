import type { Abilities } from '../terminal/abilities.ts'
import type { ScrollRange } from '../wizard/state.ts'
import { fit, fitLines, line, type Line, spread, wrap } from '../terminal/lines.ts'

/** A place on the screen, from 0. */
export interface Cursor {
  readonly row: number
  readonly column: number
}

/** What is shown: exactly as many lines as the terminal has rows, and where the cursor stands; null hides it. */
export interface View {
  readonly lines: readonly Line[]
  readonly cursor: Cursor | null
  /** How far one can scroll from where the focus puts the page. */
  readonly range: ScrollRange
}

/** The content of a screen between its rules. */
export interface Body {
  readonly lines: readonly Line[]
  /** The lines that must be visible: those of the item with the focus. */
  readonly focus: { readonly from: number; readonly to: number }
  readonly cursor: Cursor | null
}

/** What stands around the content. */
export interface Frame {
  readonly product: string
  readonly title: string
  /** At the right end of the title: which question this is, or how long something takes already. */
  readonly right: string
  /** One line below the content; empty for none. */
  readonly notice: string
  /** The most important first; as many as fit are shown. */
  readonly keys: readonly string[]
  /** How far the person scrolled away from the focus. */
  readonly scroll: number
  /** What that counts: lines of a text to read, or pages of one to fill in. */
  readonly scrollBy: 'line' | 'page'
}

/** Puts content into the frame of all screens: header, content, notice, keys; with rules where there is room. */
export function framed(frame: Frame, body: Body, { columns, rows, charset }: Abilities): View {
  const rules = rows >= 12
  const notice = frame.notice === '' ? [] : wrap(frame.notice, ' ', columns).slice(0, 3)
  const room = Math.max(1, rows - (rules ? 4 : 2) - Math.max(1, notice.length))
  const { top, range } = windowOf(body, room, frame)
  const shown = Array.from({ length: room }, (_, index) => body.lines[top + index] ?? line(''))
  const rule = line('─'.repeat(columns))
  const lines = [
    line(header(frame, columns - 1), 'strong'),
    ...(rules ? [rule] : []),
    ...shown,
    ...(notice.length > 0
      ? notice.map(words => line(words, 'strong'))
      : [moreLine({ above: top > 0, below: top + room < body.lines.length })]),
    ...(rules ? [rule] : []),
    line(fitHints(frame.keys, columns - 1)),
  ]
  const row = body.cursor === null ? -1 : body.cursor.row - top
  const cursor =
    body.cursor === null || row < 0 || row >= room
      ? null
      : { row: row + (rules ? 2 : 1), column: Math.min(columns - 1, body.cursor.column) }
  return { lines: fitLines(lines.slice(0, rows), columns, charset), cursor, range }
}

function header({ product, title, right }: Frame, width: number): string {
  const end = right === '' ? title : `${title}${' '.repeat(Math.max(2, 24 - title.length - right.length))}${right}`
  // The title always begins at the same place, so that the eye finds it.
  const place = right === '' ? title.padEnd(24) : end
  return width >= 60 ? spread(` ${product}`, place, width) : fit(` ${end}`, width)
}

/** The first line that is shown, so that the focus is visible. */
function windowOf(
  { lines, focus }: Body,
  room: number,
  { scroll, scrollBy }: Frame,
): { top: number; range: ScrollRange } {
  const last = Math.max(0, lines.length - room)
  const auto = focus.to < room ? 0 : Math.min(last, focus.from, focus.to - room + 1)
  const step = scrollBy === 'line' ? 1 : Math.max(1, room - 1)
  const range = { least: -Math.ceil(auto / step), most: Math.ceil((last - auto) / step) }
  const wanted = Math.max(range.least, Math.min(range.most, scroll))
  return { top: Math.max(0, Math.min(last, auto + wanted * step)), range }
}

function moreLine(more: { readonly above: boolean; readonly below: boolean }): Line {
  if (!more.above && !more.below) return line('')
  const where = more.above && more.below ? 'above and below' : more.above ? 'above' : 'below'
  return line(` PgUp PgDn  more ${where}`)
}

/** As many hints as fit into a line; the ones that are needed most come first. */
export function fitHints(hints: readonly string[], width: number): string {
  let text = ''
  for (const hint of hints) if (text.length + hint.length + 2 <= width) text += `${text === '' ? ' ' : '  '}${hint}`
  return text
}
