import jsqr from 'jsqr'

// How much of each row of a cell a character lights, as bits from the left: a cell is 8 by 16 points as on a console.
const row = (bits: number, from: number, to: number) =>
  Array.from({ length: 16 }, (_, y) => (y >= from && y < to ? bits : 0))
const shapes: Readonly<Record<string, readonly number[]>> = {
  '█': row(0xff, 0, 16),
  '▀': row(0xff, 0, 8),
  '▄': row(0xff, 8, 16),
  // Two uprights and two bars, as in most fonts.
  '#': Array.from({ length: 16 }, (_, y) => (y < 3 || y > 11 ? 0 : y === 5 || y === 9 ? 0xfe : 0x6c)),
}
// Other letters only have to be something.
const letter = row(0x3c, 4, 12)

/**
 * What a phone reads from a dark terminal with light characters, or null. The camera sees `blur` points as one, and does
 * not read codes that are light on dark.
 */
export function scan(lines: readonly string[], columns: number, blur: number): string | null {
  const width = Math.floor((columns * 8) / blur)
  const height = Math.floor((lines.length * 16) / blur)
  const picture = new Uint8ClampedArray(width * height * 4)
  const rows = lines.map(line => Array.from(line))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let light = 0
      for (let dy = 0; dy < blur; dy++)
        for (let dx = 0; dx < blur; dx++) light += lit(rows, x * blur + dx, y * blur + dy)
      picture.set([0, 0, 0, 255], (y * width + x) * 4)
      picture.fill(16 + (light * 170) / (blur * blur), (y * width + x) * 4, (y * width + x) * 4 + 3)
    }
  }
  return jsqr.default(picture, width, height, { inversionAttempts: 'dontInvert' })?.data ?? null
}

function lit(rows: readonly (readonly string[])[], x: number, y: number): number {
  const char = rows[y >> 4]?.[x >> 3] ?? ' '
  if (char === ' ') return 0
  return ((shapes[char] ?? letter)[y & 15] ?? 0) & (0x80 >> (x & 7)) ? 1 : 0
}
