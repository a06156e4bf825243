import { describe, expect, test } from 'vitest'
import { qrLines } from '../../../firstboot/screens/qr.ts'
import { fitLines, textOf } from '../../../firstboot/terminal/lines.ts'
import { screens, statusInput } from './applying.ts'
import { scan } from './scan.ts'
import { statusScreen } from '../../../firstboot/screens/status.ts'

const url = 'HTTP://192.168.1.57:5055'
const read = (name: string, charset: 'ascii' | 'console' | 'utf8', columns: number, rows: number, blur: number) =>
  scan((screens[name]?.({ charset, columns, rows }) ?? []).map(textOf), columns, blur)

describe('a phone can read the code', () => {
  test.each([
    ['console', 80, 24],
    ['console', 80, 25],
    ['console', 240, 67],
    ['utf8', 80, 24],
    ['utf8', 60, 20],
  ] as const)('on its own screen, in %s at %i x %i', (charset, columns, rows) => {
    for (const blur of [2, 4]) expect(read('finished-code', charset, columns, rows, blur)).toBe(url)
  })

  test('drawn with ASCII, from as far as the characters melt together', () => {
    expect(read('finished-code', 'ascii', 80, 24, 8)).toBe(url)
  })

  test('beside the proofs, where there is room', () => {
    expect(read('finished', 'utf8', 80, 24, 2)).toBe(url)
    expect(read('finished', 'console', 240, 67, 4)).toBe(url)
    expect(read('finished', 'console', 100, 37, 4)).toBe(url)
  })

  test('on the screen of the installed machine', () => {
    const show = { charset: 'console', columns: 160, rows: 50 } as const
    expect(scan(statusScreen(statusInput(show)).map(textOf), 160, 4)).toBe('http://192.168.1.57:32400/web')
  })
})

describe('what is in it', () => {
  const content = (address: string) => {
    const lines = qrLines(address, 'console', { columns: 200, rows: 100 }) ?? []
    return scan(fitLines(lines, 200, 'console').map(textOf), 200, 4)
  }
  test('capitals only where they mean the same', () => {
    expect(content('http://box.local:5055/')).toBe('HTTP://BOX.LOCAL:5055')
    expect(content('http://box.local/web')).toBe('http://box.local/web')
  })
})

test('without room there is none, and never a part of one', () => {
  expect(qrLines(url, 'console', { columns: 46, rows: 22 })).toBeNull()
  expect(qrLines(url, 'console', { columns: 45, rows: 23 })).toBeNull()
  expect(qrLines(url, 'console', { columns: 46, rows: 23 })).toHaveLength(23)
  expect(qrLines(url, 'utf8', { columns: 0, rows: 0 })).toBeNull()
})

test('the margin grows with the room', () => {
  expect(qrLines(url, 'console', { columns: 100, rows: 100 })).toHaveLength(21 + 8)
  expect(qrLines(url, 'utf8', { columns: 25, rows: 13 })).toHaveLength(13)
})
