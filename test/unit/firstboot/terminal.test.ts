import { describe, expect, test } from 'vitest'
import { abilitiesOf, asPlain } from '../../../firstboot/terminal/abilities.ts'
import { adapt, safeGlyphs } from '../../../firstboot/terminal/charset.ts'
import { decodeKeys, decodeRest } from '../../../firstboot/terminal/keys.ts'
import { cell, fit, spread, wrap } from '../../../firstboot/terminal/lines.ts'
import { Painter } from '../../../firstboot/terminal/painter.ts'
import { plausibleSize } from '../../../firstboot/terminal/tty.ts'

const facts = { device: '/dev/pts/1', columns: 80, rows: 24, term: 'xterm', locale: 'C.UTF-8' }

describe('abilities', () => {
  test.each([
    ['/dev/tty1', 'vt220', 'console'],
    ['/dev/ttyS0', 'linux', 'ascii'],
    ['/dev/hvc0', 'xterm', 'ascii'],
    ['/dev/pts/0', 'linux', 'console'],
    ['/dev/pts/0', 'vt220', 'ascii'],
    ['/dev/pts/0', 'xterm-256color', 'utf8'],
    ['/dev/pts/0', undefined, 'ascii'],
  ])('%s with TERM=%s is %s', (device, term, charset) => {
    expect(abilitiesOf({ ...facts, device, term }).charset).toBe(charset)
  })
  test('a terminal with another locale gets ASCII', () => {
    expect(abilitiesOf({ ...facts, locale: 'C' }).charset).toBe('ascii')
  })
  test('0x0 and no size at all are 80x24 and asked for; tiny sizes are lifted', () => {
    const unknown = { columns: 80, rows: 24, askSize: true }
    expect(abilitiesOf({ ...facts, columns: 0, rows: 0 })).toMatchObject(unknown)
    expect(abilitiesOf({ ...facts, columns: undefined, rows: undefined })).toMatchObject(unknown)
    expect(abilitiesOf({ ...facts, columns: 1, rows: 1 })).toMatchObject({ columns: 20, rows: 6 })
  })
  test('plain is ASCII without styles', () => {
    expect(asPlain(abilitiesOf(facts))).toMatchObject({ charset: 'ascii', styles: false, columns: 80 })
  })
  test('only a believable answer about the size counts', () => {
    expect(plausibleSize(132, 43)).toEqual({ columns: 132, rows: 43 })
    expect(plausibleSize(1, 1)).toBeNull()
    expect(plausibleSize(999, 999)).toBeNull()
  })
})

describe('characters', () => {
  test('every glyph has one ASCII stand-in', () => {
    expect(adapt(safeGlyphs, 'ascii')).toMatch(/^[ -~]+$/)
    expect(adapt(safeGlyphs, 'ascii')).toHaveLength(safeGlyphs.length)
    expect(adapt(safeGlyphs, 'console')).toBe(safeGlyphs)
  })
  test('control characters, direction marks and wide letters never get through', () => {
    for (const charset of ['ascii', 'console', 'utf8'] as const) {
      expect(adapt('a\x1b[2J\x07\x9b\u202e\u0301\u6620\u{1f600}', charset)).toMatch(/^a\?\[2J\?+$/)
    }
  })
  test('accents stay where they can', () => {
    expect(adapt('Séries', 'utf8')).toBe('Séries')
    expect(adapt('Séries', 'console')).toBe('Series')
  })
  test('texts are cut and filled to a width', () => {
    expect(fit('abcdef', 4)).toBe('abc…')
    expect(cell('ab', 4)).toBe('ab  ')
    expect(spread('left', 'right', 14)).toBe('left     right')
  })
})

describe('keys', () => {
  test.each([
    ['\x1b[[B', 'f2'],
    ['\x1bOQ', 'f2'],
    ['\x1b[12~', 'f2'],
    ['\x1b[[D', 'f4'],
    ['\x1bOS', 'f4'],
    ['\x1b[14~', 'f4'],
    ['\x1b[21~', 'f10'],
    ['\x1b[21;2~', 'f10'],
    ['\x1b[A', 'up'],
    ['\x1bOB', 'down'],
    ['\x1b[1;5A', 'up'],
    ['\x1b[5~', 'pageup'],
    ['\r', 'enter'],
    ['\x0c', 'redraw'],
    ['\x1b[[C', 'f3'],
    ['\x7f', 'backspace'],
  ])('%j is %s', (bytes, name) => expect(decodeKeys(bytes)).toEqual({ keys: [{ name }], rest: '' }))

  test('a sequence may come byte by byte', () => {
    let rest = ''
    const keys = [...'\x1b[21~'].flatMap(byte => {
      const decoded = decodeKeys(rest + byte)
      rest = decoded.rest
      return decoded.keys
    })
    expect(keys).toEqual([{ name: 'f10' }])
    expect(rest).toBe('')
  })
  test('ESC alone waits, then is Escape; half a sequence is noise', () => {
    expect(decodeKeys('\x1b')).toEqual({ keys: [], rest: '\x1b' })
    expect(decodeRest('\x1b')).toEqual([{ name: 'escape' }])
    expect(decodeRest('\x1b[2')).toEqual([])
  })
  test('the position report, pasted text and unknown sequences', () => {
    expect(decodeKeys('\x1b[24;80R').keys).toEqual([{ name: 'position', row: 24, column: 80 }])
    expect(decodeKeys('aé').keys).toEqual([
      { name: 'char', char: 'a' },
      { name: 'char', char: 'é' },
    ])
    expect(decodeKeys('\x1b[?62;1cx').keys).toEqual([{ name: 'char', char: 'x' }])
  })
  test('a marked paste is one key, whole or in pieces, and line feeds in it are not Enter', () => {
    const paste = { name: 'paste', text: 'one\ntwo' }
    expect(decodeKeys('\x1b[200~one\r\ntwo\x1b[201~x')).toEqual({
      keys: [paste, { name: 'char', char: 'x' }],
      rest: '',
    })
    let rest = ''
    const keys = [...'\x1b[200~one\rtwo\x1b[201~'].flatMap(byte => {
      const decoded = decodeKeys(rest + byte)
      rest = decoded.rest
      return decoded.keys
    })
    expect(keys).toEqual([paste])
    expect(decodeRest('\x1b[200~half\x1b[20')).toEqual([{ name: 'paste', text: 'half' }])
  })
  test.each([
    ['\x1b[Z', 'backtab'],
    ['\x12', 'reveal'],
    ['\x15', 'clear'],
    ['\x1a', 'f2'],
    ['\x14', 'f4'],
  ])('%j is %s', (bytes, name) => expect(decodeKeys(bytes).keys).toEqual([{ name }]))
})

test('the painter sends only what changed, and everything after it forgot', () => {
  const sent: string[] = []
  const painter = new Painter(bytes => sent.push(bytes))
  painter.paint(['one', 'two'])
  painter.paint(['one', 'TWO'])
  painter.paint(['one', 'TWO'])
  painter.forget()
  painter.paint(['one'])
  expect(sent).toHaveLength(3)
  expect(sent[0]).toContain('\x1b[2J')
  expect(sent[1]).toBe('\x1b[2;1H\x1b[KTWO\x1b[0m\x1b[H')
  expect(sent[2]).toContain('\x1b[2J')
})

test('the cursor is shown where it was placed, hidden while lines are painted, and sent once only', () => {
  const sent: string[] = []
  const painter = new Painter(bytes => sent.push(bytes))
  painter.place({ row: 1, column: 4 })
  painter.paint(['one', 'two'])
  painter.settle()
  expect(sent).toHaveLength(1)
  expect(sent[0]).toMatch(/\x1b\[2;5H\x1b\[\?25h$/) // oxlint-disable-line no-control-regex
  painter.place({ row: 1, column: 3 })
  painter.paint(['one', 'two'])
  painter.settle()
  expect(sent[1]).toBe('\x1b[2;4H\x1b[?25h')
  painter.paint(['one', 'TWO'])
  expect(sent[2]).toBe('\x1b[?25l\x1b[2;1H\x1b[KTWO\x1b[0m\x1b[2;4H\x1b[?25h')
  painter.place(null)
  painter.settle()
  expect(sent[3]).toBe('\x1b[?25l\x1b[H')
})

describe('wrapped sentences', () => {
  test('no word stands alone at the end, and every word is there', () => {
    const words = 'Torrents run only through the tunnel. Without one they stay off: nothing can leak.'
    for (let width = 12; width < 100; width++) {
      const lines = wrap(words, '  ', width)
      expect(lines.map(line => line.trim()).join(' ')).toBe(words)
      for (const line of lines) expect(line.length).toBeLessThan(width)
    }
    expect(wrap(words, ' ', 80)).toEqual([
      ' Torrents run only through the tunnel.',
      ' Without one they stay off: nothing can leak.',
    ])
  })
  test('a word that is wider than a line is split', () => {
    expect(wrap('abcdefghij', ' ', 6)).toEqual([' abcd', ' efgh', ' ij'])
  })
})
