import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { see, type Seen } from './terminal.ts'

const program = join(import.meta.dirname, '../integration/programs/ask-secret.ts')

describe('a secret on a terminal', () => {
  let seen: Seen
  beforeEach(async () => {
    seen = see(process.execPath, [program], { columns: 60, rows: 5 })
    await seen.until('Password: ')
  })
  afterEach(() => seen.close())

  test('is taken without a sign of it on the screen', async () => {
    seen.type('horse;battery!\r')
    await seen.until('it has 14 signs, the last is !')
    expect(seen.bytes()).not.toMatch(/horse|battery|\*/)
    expect(seen.bytes().split('!')).toHaveLength(2)
  })
  test('can be corrected while it is typed', async () => {
    seen.type('horsx\x7fe\r')
    await seen.until('it has 5 signs, the last is e')
  })
  test.each([
    ['nothing', '\r'],
    ['Ctrl and C', 'horse\x03'],
    ['Ctrl and D', '\x04'],
  ])('is none with %s', async (_, keys) => {
    seen.type(keys)
    await seen.until('none')
    expect(seen.bytes()).not.toContain('horse')
  })
})
