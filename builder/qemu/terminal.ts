import type { Duplex } from 'node:stream'
import headless from '@xterm/headless'

const COLUMNS = 80
const ROWS = 24

/** A terminal of 80 by 24 characters at the other end of a stream: what a person would see, as text. */
export class ScreenTerminal {
  readonly #stream: Duplex
  readonly #terminal: headless.Terminal
  readonly #chunks: Buffer[] = []
  #length = 0

  constructor(stream: Duplex) {
    this.#stream = stream
    // Programs ask a serial terminal for its size; the emulator answers as a real one would.
    this.#terminal = new headless.Terminal({
      cols: COLUMNS,
      rows: ROWS,
      allowProposedApi: true,
      windowOptions: { getWinSizeChars: true },
    })
    this.#terminal.onData(answer => this.send(answer))
    stream.on('data', (chunk: Buffer) => this.#receive(chunk))
    stream.on('error', () => undefined)
  }

  /** Types bytes as they are. */
  send(bytes: string): void {
    if (this.#stream.writable) this.#stream.write(bytes)
  }

  /** The 24 lines on the screen now, without the blanks at their ends. */
  text(): string {
    const buffer = this.#terminal.buffer.active
    const lines = Array.from(
      { length: ROWS },
      (_, row) => buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? '',
    )
    return lines.join('\n').trimEnd()
  }

  /** Everything that came over the line so far, escape sequences included. */
  raw(): string {
    return Buffer.concat(this.#chunks).toString('utf8')
  }

  /** How many bytes came so far; a mark for `rawSince`. */
  mark(): number {
    return this.#length
  }

  /** What came over the line after a mark. */
  rawSince(mark: number): string {
    return Buffer.concat(this.#chunks).subarray(mark).toString('utf8')
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    this.#terminal.write(chunk)
  }
}
