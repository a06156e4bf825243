import { render } from 'ink'
import { InkOutput } from '../terminal/ink-output.ts'
import type { Line } from '../terminal/lines.ts'
import type { Painter } from '../terminal/painter.ts'
import { Sheet } from './sheet.tsx'

/** One picture for the terminal. */
export interface Picture {
  readonly lines: readonly Line[]
  readonly columns: number
  readonly styles: boolean
}

/** Starts Ink on a painter; the result shows the next picture. Keys are read elsewhere, Ink never touches the input. */
export function mountInk(painter: Painter, first: Picture): (next: Picture) => void {
  const output = new InkOutput(painter, first.columns, first.lines.length)
  const instance = render(<Sheet {...first} />, {
    stdout: output,
    debug: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
  })
  return next => {
    if (next.columns !== output.columns || next.lines.length !== output.rows) {
      output.columns = next.columns
      output.rows = next.lines.length
      output.emit('resize')
    }
    instance.rerender(<Sheet {...next} />)
  }
}
