import { expect, test } from 'vitest'
import { iniFile, iniValue } from '../../../firstboot/wiring/ini.ts'
import { anyText } from './any-text.ts'

/** Reads a value as QSettings does, see `QSettingsPrivate::iniUnescapedStringList`: one text, or the texts of a list. */
function unescaped(value: string): string[] {
  const texts: string[] = []
  let text = ''
  let quoted = false
  const letters: Record<string, string> = {
    a: '\u0007',
    b: '\b',
    f: '\f',
    n: '\n',
    r: '\r',
    t: '\t',
    v: '\v',
    '"': '"',
    '\\': '\\',
  }
  for (let at = 0; at < value.length; at += 1) {
    const sign = value[at] ?? ''
    if (sign === '\\') {
      const number = /^x([0-9a-fA-F]+)/.exec(value.slice(at + 1))
      if (number !== null) {
        text += String.fromCharCode(Number.parseInt(number[1] ?? '', 16) & 0xffff)
        at += number[0].length
      } else {
        text += letters[value[at + 1] ?? ''] ?? ''
        at += 1
      }
    } else if (sign === '"') quoted = !quoted
    else if (sign === ';' && !quoted) break
    else if (sign === ',' && !quoted) {
      texts.push(text)
      text = ''
    } else if (quoted || sign !== ' ') text += sign
  }
  texts.push(text)
  return texts.map(each => (each.startsWith('@@') ? each.slice(1) : each))
}

test('what is plain stays readable', () => {
  const sections = {
    Preferences: { 'WebUI\\Port': 8080, 'WebUI\\Enabled': true, 'WebUI\\Username': 'anna', Empty: '' },
  }
  expect(iniFile(sections)).toBe(
    '[Preferences]\nWebUI\\Port=8080\nWebUI\\Enabled=true\nWebUI\\Username=anna\nEmpty=""\n',
  )
  expect(iniValue([])).toBe('@Invalid()')
})

test('a semicolon does not cut a value, and a comma makes no list', () => {
  expect(iniValue('localhost;nordlynx')).toBe('"localhost;nordlynx"')
  expect(iniValue(['*.exe', 'a, b'])).toBe('*.exe, "a, b"')
})

test.each([
  '',
  '@ByteArray(x)',
  '@',
  '\u0000a1',
  'é9',
  '"',
  '\\',
  '\\x41',
  'a;b',
  ' a ',
  '#',
  '%',
  '=',
  '\r\n[x]\ny=1',
  '😀',
  'ÿf',
])('the text %j comes back', text => {
  expect(unescaped(iniValue(text))).toEqual([text])
  expect(iniValue(text)).toMatch(/^[\u0020-\u007e]*$/)
})

test('any text, and any list of texts, comes back', () => {
  for (let seed = 1; seed <= 3000; seed += 1) {
    const text = anyText(seed)
    expect(unescaped(iniValue(text)), JSON.stringify(text)).toEqual([text])
    const list = [text, anyText(seed * 7919), 'x']
    expect(unescaped(iniValue(list)), JSON.stringify(list)).toEqual(list)
  }
})
