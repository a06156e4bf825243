import type { Charset } from './abilities.ts'

/**
 * The characters beyond ASCII that a screen may use. Each is in the default console fonts of Debian and Ubuntu
 * (Lat15, Lat2, Lat7, Uni2 and Uni3 of console-setup 1.221); half blocks, braille and check marks are not.
 */
export const safeGlyphs = '─│┌┐└┘█░●←↑→↓•·…–'

// Also in those fonts, but the kernel's own font, which is there until one is loaded, has other shapes in their places.
const arrowheads = '▲▼▶◀'

// For codes to scan; the fonts of consoles do not have them.
const halfBlocks = '▀▄'

// One for one, so that a line keeps its width.
const plain: Readonly<Record<string, string>> = {
  '─': '-',
  '│': '|',
  '┌': '+',
  '┐': '+',
  '└': '+',
  '┘': '+',
  '█': '#',
  '░': '.',
  '●': '*',
  '▲': '^',
  '▼': 'v',
  '▶': '>',
  '◀': '<',
  '←': '<',
  '↑': '^',
  '→': '>',
  '↓': 'v',
  '•': '*',
  '·': '.',
  '…': '~',
  '–': '-',
}

// Letters of one cell: no control characters, no marks that combine or turn the direction, nothing of double width.
const oneCellLetter = /^[\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0377\u037a-\u0482\u048a-\u052f]$/u

/**
 * Makes a text safe for a terminal, with one cell for each character. Names of disks are not ours: a control character
 * in one becomes `?` and never reaches the terminal. Accents are dropped where the character set has none.
 */
export function adapt(text: string, charset: Charset): string {
  return Array.from(text, char => adaptChar(char, charset)).join('')
}

function adaptChar(char: string, charset: Charset): string {
  if (char >= ' ' && char <= '~') return char
  if (safeGlyphs.includes(char)) return charset === 'ascii' ? (plain[char] ?? '?') : char
  if (arrowheads.includes(char)) return charset === 'utf8' ? char : (plain[char] ?? '?')
  if (charset === 'utf8' && (oneCellLetter.test(char) || halfBlocks.includes(char))) return char
  const base = char.normalize('NFD').charAt(0)
  return base >= ' ' && base <= '~' ? base : '?'
}
