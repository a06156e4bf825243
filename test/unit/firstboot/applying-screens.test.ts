import { describe, expect, test } from 'vitest'
import { safeGlyphs } from '../../../firstboot/terminal/charset.ts'
import { textOf } from '../../../firstboot/terminal/lines.ts'
import { screens } from './applying.ts'

const usual = { columns: 80, rows: 24 }
const charsets = ['ascii', 'console', 'utf8'] as const
const allowed = {
  ascii: /^[ -~]*$/,
  console: new RegExp(`^[ -~${safeGlyphs}]*$`, 'u'),
  utf8: new RegExp(`^[ -~${safeGlyphs}▲▼▶◀▀▄\\p{Letter}]*$`, 'u'),
}

describe.each(Object.entries(screens))('%s', (name, screen) => {
  test.each(charsets)('golden in %s', async charset => {
    const rows = screen({ charset, ...usual }).map(textOf)
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(`golden/${name}.${charset}.txt`)
  })

  test('golden on 40x12', async () => {
    const rows = screen({ charset: 'ascii', columns: 40, rows: 12 }).map(textOf)
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(`golden/${name}.40x12.txt`)
  })

  test('fits every size, with characters that the terminal has', () => {
    for (const columns of [20, 40, 59, 60, 79, 80, 100, 132, 240]) {
      for (const rows of [6, 8, 11, 12, 15, 16, 20, 22, 24, 25, 50, 67]) {
        for (const charset of charsets) {
          const lines = screen({ charset, columns, rows }).map(textOf)
          expect(lines).toHaveLength(rows)
          for (const line of lines) {
            expect(Array.from(line).length).toBeLessThanOrEqual(columns)
            expect(line).toMatch(allowed[charset])
          }
        }
      }
    }
  })
})
