import { encode } from 'uqr'
import type { Charset } from '../terminal/abilities.ts'
import { line, type Line } from '../terminal/lines.ts'

/** Room for a code to scan, in cells. */
export interface QrRoom {
  readonly columns: number
  readonly rows: number
}

/**
 * A code that a phone's camera reads, as lines that fit into `room`, or null when none fits. Light modules are drawn
 * and dark ones left free, for terminals that are dark. Half blocks make it half as high, but the fonts of consoles do
 * not have them: there a module is two whole cells. The margin is as wide as there is room for, up to the four
 * modules of ISO/IEC 18004.
 */
export function qrLines(url: string, charset: Charset, room: QrRoom): Line[] | null {
  const text = shortest(url)
  for (const border of [4, 3, 2, 1]) {
    const rows = charset === 'utf8' ? halfBlocks(text, border) : wholeBlocks(text, border)
    if (rows.length <= room.rows && (rows[0]?.length ?? 0) <= room.columns) return rows.map(row => line(row))
  }
  return null
}

/** Scheme and host may be in capitals (RFC 3986 §6.2.2.1), for which a code needs a third less room. */
function shortest(url: string): string {
  const bare = url.replace(/\/$/, '')
  return /^https?:\/\/[^/?#@]+$/i.test(bare) ? bare.toUpperCase() : bare
}

const lightModules = (text: string, border: number): boolean[][] =>
  encode(text, { ecc: 'L', border, boostEcc: true }).data.map(row => row.map(dark => !dark))

const wholeBlocks = (text: string, border: number): string[] =>
  lightModules(text, border).map(row => row.map(light => (light ? '██' : '  ')).join(''))

function halfBlocks(text: string, border: number): string[] {
  const modules = lightModules(text, border)
  const rows: string[] = []
  for (let y = 0; y < modules.length; y += 2) {
    const below = modules[y + 1]
    rows.push((modules[y] ?? []).map((light, x) => half(light, below?.[x] === true)).join(''))
  }
  return rows
}

function half(top: boolean, bottom: boolean): string {
  if (top) return bottom ? '█' : '▀'
  return bottom ? '▄' : ' '
}
