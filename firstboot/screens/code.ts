import { fitLines, line, type Line } from '../terminal/lines.ts'
import { beside, type PageInput, wrap } from './applying-page.ts'
import { qrLines } from './qr.ts'

/** A whole screen for one code to scan; where even that is too small, the address in words and why. */
export function codeScreen({ abilities }: PageInput, url: string): Line[] {
  const { columns, rows, charset } = abilities
  const code = qrLines(url, charset, { columns, rows: rows - 1 })
  const side = columns - (code === null ? 0 : Array.from(code[0]?.[0]?.text ?? '').length)
  const words = [
    ...(code === null
      ? wrap('This terminal is too small for a code to scan. Type the address:', columns - 1, ' ')
      : []),
    ...(side >= 12 ? wrap(url, side - 2, ' ') : []),
  ].map(row => line(row))
  const body = code === null ? words : beside(words, code, columns)
  const filled = Array.from({ length: rows - 1 }, (_, index) => body[index] ?? line(''))
  return fitLines([...filled, line(' Esc back')], columns, charset)
}
