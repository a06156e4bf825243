import { Writable } from 'node:stream'
import type { Painter } from './painter.ts'

/**
 * The terminal as Ink sees it. In its debug mode Ink writes every frame as a whole and no control sequence besides
 * styles; the painter puts the frame on the real terminal. So Ink's own cursor movement, which leaves old rows after a
 * resize and scrolls a full screen, never runs.
 */
export class InkOutput extends Writable {
  columns: number
  rows: number
  readonly #painter: Painter

  constructor(painter: Painter, columns: number, rows: number) {
    super({ decodeStrings: false })
    this.#painter = painter
    this.columns = columns
    this.rows = rows
  }

  override _write(frame: string | Buffer, _encoding: string, done: () => void): void {
    const text = frame.toString()
    if (text !== '')
      this.#painter.paint(
        text
          .split('\n')
          .slice(0, this.rows)
          .map(line => line.trimEnd()),
      )
    done()
  }
}
