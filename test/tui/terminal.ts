import xterm from '@xterm/headless'
import { type IPty, spawn } from 'node-pty'

/** A program in a pseudo-terminal, with a terminal emulator that shows what a person would see. */
export interface Seen {
  readonly pty: IPty
  /** All rows, without spaces at their ends. */
  rows(): string[]
  /** Waits until the screen holds a text; throws with the screen when it does not come. */
  until(text: string | RegExp, milliseconds?: number): Promise<void>
  type(keys: string): void
  /** Where the cursor is, from 0, and whether it can be seen. */
  cursor(): { row: number; column: number; hidden: boolean }
  resize(columns: number, rows: number): void
  /** Everything that was sent to the terminal. */
  bytes(): string
  close(): void
}

export interface Screen {
  readonly columns: number
  readonly rows: number
  /** The size that the kernel is told, where it is not the true one: 0×0 on a serial line. */
  readonly kernelSize?: { columns: number; rows: number }
  readonly env?: Readonly<Record<string, string>>
  /** False for a terminal that never answers questions. */
  readonly answers?: boolean
}

export function see(file: string, args: string[], screen: Screen): Seen {
  const terminal = new xterm.Terminal({
    cols: screen.columns,
    rows: screen.rows,
    allowProposedApi: true,
    scrollback: 0,
  })
  const size = screen.kernelSize ?? screen
  const pty = spawn(file, args, {
    cols: Math.max(1, size.columns),
    rows: Math.max(1, size.rows),
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...screen.env },
  })
  let bytes = ''
  pty.onData(data => {
    bytes += data
    terminal.write(data)
  })
  if (screen.answers !== false) terminal.onData(answer => pty.write(answer))
  const rows = () =>
    Array.from(
      { length: terminal.rows },
      (_, row) => terminal.buffer.active.getLine(row)?.translateToString(true) ?? '',
    )
  return {
    pty,
    rows,
    async until(text, milliseconds = 15_000) {
      const end = Date.now() + milliseconds
      const found = () => (typeof text === 'string' ? rows().join('\n').includes(text) : text.test(rows().join('\n')))
      while (!found()) {
        if (Date.now() > end) throw new Error(`${text} did not appear:\n${rows().join('\n')}`)
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    },
    type: keys => pty.write(keys),
    cursor: () => ({
      row: terminal.buffer.active.cursorY,
      column: terminal.buffer.active.cursorX,
      // The emulator does not tell; DECTCEM was sent last on or off.
      hidden: bytes.lastIndexOf('\x1b[?25l') > bytes.lastIndexOf('\x1b[?25h'),
    }),
    resize(columns, rows) {
      terminal.resize(columns, rows)
      pty.resize(columns, rows)
    },
    bytes: () => bytes,
    close() {
      pty.kill('SIGKILL')
      terminal.dispose()
    },
  }
}
