import type { Progress } from '../progress/reduce.ts'
import { cell, line, type Line } from '../terminal/lines.ts'
import { type Extent, type PageState, wrap } from './applying-page.ts'

/** The lines of the log that are in sight; with `top` null the newest. `room` counts the heading. */
export function logLines(progress: Progress, state: PageState<string>, width: number, room: number): Line[] {
  const { first, last } = logExtent(progress, width, room)
  const from = state.top === null ? last : Math.max(first, Math.min(last, state.top))
  const rows = progress.log.slice(from - first).flatMap(item => rowsOf(item, width))
  const end = first + progress.log.length
  const place =
    state.top === null || from === last ? 'the newest line is at the bottom' : `from line ${from + 1} of ${end}`
  return [
    line(` Log: ${place}`, 'strong'),
    ...(rows.length === 0 ? [line('   nothing yet')] : rows.slice(0, room - 1).map(row => line(row))),
  ]
}

/** How the log can be scrolled, in lines of the log; one that left the log keeps its number. */
export function logExtent(progress: Progress, width: number, room: number): Extent {
  let rows = 0
  let shown = 0
  for (const item of progress.log.toReversed()) {
    rows += rowsOf(item, width).length
    if (rows > room - 1 && shown > 0) break
    shown++
  }
  const first = progress.logDropped
  return { first, last: first + progress.log.length - shown, room: room - 1 }
}

function rowsOf({ id, line: text }: Progress['log'][number], width: number): string[] {
  if (width < 60) return wrap(text, width - 1, ' ')
  return wrap(text, width - 1, ' '.repeat(15)).map(
    (row, index) => (index === 0 ? ` ${cell(id, 12)}  ` : '') + row.slice(index === 0 ? 15 : 0),
  )
}
