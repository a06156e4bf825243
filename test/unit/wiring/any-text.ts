const SIGNS = [...'"\\;,=@ #%&<>\'/.\n\r\t\u0000\u0007\u001f\u007fabcdef019xX{}[]()é\u00ffßЖ漢😀\u2028']

/** A text of awkward signs that is the same for the same number. */
export function anyText(seed: number): string {
  let state = seed
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  return Array.from({ length: next(12) }, () => SIGNS[next(SIGNS.length)] ?? '').join('')
}
