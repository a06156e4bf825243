/** Where painted bytes go. */
export type Write = (bytes: string) => void

/** A cell of the screen, from 0. */
export interface Place {
  readonly row: number
  readonly column: number
}

/**
 * Puts whole screens on a terminal with absolute positions only, so nothing scrolls or wraps. Lines that did not change
 * are not sent again: a serial line is slow. The control sequences are those of ECMA-48 that every terminal has.
 */
export class Painter {
  readonly #write: Write
  #shown: readonly string[] | null = null
  #closed = false
  #cursor: Place | null = null
  #cursorShown: Place | null = null

  constructor(write: Write) {
    this.#write = write
  }

  /** Forgets what is on the terminal, so that the next screen is painted in full. */
  forget(): void {
    this.#shown = null
    this.#cursorShown = null
  }

  /** Sends every line again with the next screen, without wiping first: mends what others wrote, and does not flicker. */
  distrust(): void {
    this.#shown = this.#shown?.map(() => '\0') ?? null
  }

  /** Shows a screen; each line is text, possibly with SGR sequences, not wider than the terminal. */
  paint(lines: readonly string[]): void {
    if (this.#closed) return
    const before = this.#shown
    const start = before === null ? '\x1b[0m\x1b[?25l\x1b[H\x1b[2J' : ''
    const height = Math.max(lines.length, before?.length ?? 0)
    let bytes = start
    for (let row = 0; row < height; row++) {
      const now = lines[row] ?? ''
      if (now === (before?.[row] ?? '')) continue
      // Erase first: after a full line the cursor still is on the last cell and would erase it.
      bytes += `\x1b[${row + 1};1H${before === null ? '' : '\x1b[K'}${now}`
    }
    this.#shown = [...lines]
    if (bytes === '') return
    // A cursor that runs along while lines are painted would flicker.
    const hide = this.#cursorShown === null ? '' : '\x1b[?25l'
    this.#write(`${hide}${bytes}\x1b[0m${this.#show(this.#cursor)}`)
  }

  /** Says where the cursor stands after the next paint; null hides it. */
  place(cursor: Place | null): void {
    this.#cursor = cursor
  }

  /** Puts the cursor where it was placed, if painting has not done that. */
  settle(): void {
    const [now, wanted] = [this.#cursorShown, this.#cursor]
    if (this.#closed || this.#shown === null || (now?.row === wanted?.row && now?.column === wanted?.column)) return
    const hide = wanted === null ? '\x1b[?25l' : ''
    this.#write(`${hide}${this.#show(wanted)}`)
  }

  #show(cursor: Place | null): string {
    this.#cursorShown = cursor
    return cursor === null ? '\x1b[H' : `\x1b[${cursor.row + 1};${cursor.column + 1}H\x1b[?25h`
  }

  /** Leaves the terminal clean for good: Ink would paint once more when the process ends. */
  close(): void {
    this.leave()
    this.#closed = true
  }

  /** Leaves the terminal clean, with the cursor at its top. */
  leave(): void {
    this.#shown = null
    this.#cursorShown = null
    this.#write('\x1b[0m\x1b[H\x1b[2J\x1b[?25h')
  }
}
