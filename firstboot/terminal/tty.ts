import { spawn } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import type { TerminalFacts } from './abilities.ts'

/** What this process's terminal says about itself. COLUMNS, CI, NO_COLOR and the like are not asked on purpose. */
export function terminalFacts(): TerminalFacts {
  const [columns, rows] = process.stdout.getWindowSize?.() ?? []
  return {
    device: device(),
    columns,
    rows,
    term: process.env['TERM'],
    locale: process.env['LC_ALL'] || process.env['LC_CTYPE'] || process.env['LANG'],
  }
}

function device(): string {
  try {
    return readlinkSync('/proc/self/fd/0')
  } catch {
    return ''
  }
}

/** Tells the kernel the size of this terminal, so that a shell and its programs know it too. */
export function setKernelSize(columns: number, rows: number): Promise<void> {
  return new Promise(resolve => {
    const child = spawn('stty', ['cols', String(columns), 'rows', String(rows)], {
      stdio: ['inherit', 'ignore', 'ignore'],
    })
    child.on('error', () => resolve())
    child.on('exit', () => resolve())
  })
}

/** Sends the cursor far beyond the edge and asks where it is: the answer is the size (ECMA-48 CUP and DSR). */
export const askSize = '\x1b7\x1b[999;999H\x1b[6n\x1b8'

/** A size that a terminal answered, or null when it cannot be one. */
export function plausibleSize(columns: number, rows: number): { columns: number; rows: number } | null {
  return columns >= 20 && columns <= 500 && rows >= 6 && rows <= 300 ? { columns, rows } : null
}
