import type { Line, Style } from './lines.ts'

// SGR parameters, ECMA-48 §8.3.117. No colour 8: it is invisible on some consoles.
// On and off, as Ink writes them too: a line looks the same whoever encoded it, and is not sent twice.
const parameters: Readonly<Record<Style, readonly [string, string] | null>> = {
  normal: null,
  strong: ['1', '22'],
  chosen: ['7', '27'],
}

/** A line as bytes for the terminal, with or without styles; spaces at its end are left out. */
export function encodeLine(of: Line, styles: boolean): string {
  return of
    .map(({ text, style }) => {
      const parameter = styles ? parameters[style] : null
      return parameter === null ? text : `\x1b[${parameter[0]}m${text}\x1b[${parameter[1]}m`
    })
    .join('')
    .trimEnd()
}
