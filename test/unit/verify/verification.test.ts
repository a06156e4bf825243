import { describe, expect, test } from 'vitest'
import { ageWords, isStale } from '../../../firstboot/verify/age.ts'
import { type Entry, historyLines, parseHistory, withEntry } from '../../../firstboot/verify/history.ts'
import {
  isFall,
  parseVerification,
  type Result,
  turnsOf,
  verdictWords,
  type Verification,
  withResults,
} from '../../../firstboot/verify/verification.ts'
import { resultLines, sectionNamed, verificationLines } from '../../../firstboot/verify/words.ts'
import { verification as some } from '../firstboot/applying.ts'
import { NOON } from './a-scene.ts'

const result = (id: string, verdict: Result['verdict'], at = NOON, more: Partial<Result> = {}): Result => ({
  id,
  section: 'storage',
  title: `Title of ${id}`,
  how: 'by looking',
  verdict,
  words: `words of ${id}`,
  detail: [],
  way: null,
  at,
  seconds: 1,
  since: at,
  ...more,
})
const verification = (at: number, ...results: Result[]): Verification => ({ at, results })

describe('what is kept', () => {
  test('is read, and anything else is none', () => {
    expect(parseVerification(JSON.stringify({ ...some, more: 1 }))).toEqual(some)
    const text = JSON.stringify(some)
    for (let length = 0; length < text.length; length += 37) expect(parseVerification(text.slice(0, length))).toBeNull()
    for (const wrong of [null, '', '[]', 'null', '{"at":1}', text.replace('"pass"', '"perhaps"')])
      expect(parseVerification(wrong)).toBeNull()
  })

  test('in one line', () => {
    expect(verdictWords([])).toBe('nothing was tried')
    expect(verdictWords([result('a', 'pass'), result('b', 'fail'), result('c', 'pass'), result('d', 'none')])).toBe(
      '2 pass, 1 fail',
    )
  })

  test('a part that is verified anew leaves the rest as it was, with its time', () => {
    const before = verification(NOON, result('a', 'pass'), result('b', 'pass'), result('gone', 'pass'))
    const later = NOON + 1000
    const after = withResults(before, [result('b', 'fail', later)], ['a', 'b', 'c'], later)
    expect(after.at).toBe(later)
    expect(after.results.map(({ id, verdict, at, since }) => [id, verdict, at, since])).toEqual([
      ['a', 'pass', NOON, NOON],
      ['b', 'fail', later, later],
    ])
  })

  test('a verdict that stays keeps the time since which it holds', () => {
    const before = withResults(null, [result('a', 'fail')], ['a'], NOON)
    const after = withResults(before, [result('a', 'fail', NOON + 7_200_000)], ['a'], NOON + 7_200_000)
    expect(after.results[0]).toMatchObject({ since: NOON, at: NOON + 7_200_000 })
    expect(resultLines(after.results[0] as Result, null)[0]).toContain('(for 2 hours)')
    const well = withResults(after, [result('a', 'pass', NOON + 9e6)], ['a'], NOON + 9e6)
    expect(well.results[0]?.since).toBe(NOON + 9e6)
  })

  test('only a fall from what was not failing is told to somebody', () => {
    const before = verification(
      NOON,
      result('a', 'pass'),
      result('b', 'fail'),
      result('c', 'warn'),
      result('d', 'pass'),
    )
    const now = [
      result('a', 'fail'),
      result('b', 'fail'),
      result('c', 'fail'),
      result('d', 'pass'),
      result('new', 'fail'),
    ]
    const turns = turnsOf(before, now)
    expect(turns.map(({ id, from, to }) => [id, from, to])).toEqual([
      ['a', 'pass', 'fail'],
      ['c', 'warn', 'fail'],
      ['new', null, 'fail'],
    ])
    expect(turns.filter(isFall).map(({ id }) => id)).toEqual(['a', 'c'])
    expect(turnsOf(before, [result('b', 'pass')]).filter(isFall)).toEqual([])
  })
})

describe('the history', () => {
  const entry = (at: number): Entry => ({ at, seconds: 20, counts: { pass: 1, warn: 0, fail: 0, none: 0 }, turns: [] })
  test('grows, but not for ever', () => {
    let text: string | null = null
    for (let count = 0; count < 1000; count += 1) text = withEntry(text, entry(count))
    const lines = (text ?? '').trimEnd().split('\n')
    expect(lines.length).toBe(744)
    expect(lines.map(line => (JSON.parse(line) as Entry).at).at(-1)).toBe(999)
    expect(Buffer.byteLength(text ?? '')).toBeLessThanOrEqual(256 * 1024)
  })
  test('entries that are long push older ones out', () => {
    const long: Entry = {
      ...entry(1),
      turns: [{ id: 'a', title: 't', from: null, to: 'fail', words: 'x'.repeat(100_000) }],
    }
    let text: string | null = null
    for (let count = 0; count < 5; count += 1) text = withEntry(text, long)
    expect(Buffer.byteLength(text ?? '')).toBeLessThanOrEqual(256 * 1024)
    expect((text ?? '').trimEnd().split('\n')).toHaveLength(2)
  })
  test('damaged lines go', () => {
    const text = withEntry(`${JSON.stringify(entry(1))}\n{"at":1}\n{"at":\nnull\n17\n`, entry(2))
    expect(parseHistory(text).map(({ at }) => at)).toEqual([1, 2])
    expect(parseHistory(null)).toEqual([])
  })
  test('is told with the newest first, and what turned', () => {
    const turned: Entry = {
      ...entry(NOON + 3_600_000),
      counts: { pass: 37, warn: 0, fail: 1, none: 2 },
      turns: [
        { id: 'a', title: 'Tunnel works', from: 'pass', to: 'fail', words: 'no answer' },
        { id: 'b', title: 'New', from: null, to: 'pass', words: 'well' },
      ],
    }
    expect(historyLines([entry(NOON), turned])).toEqual([
      '2026-11-25 13:00 UTC  37 pass, 1 fail, in 20 seconds',
      '  pass -> fail  Tunnel works: no answer',
      '2026-11-25 12:00 UTC  1 pass, in 20 seconds',
    ])
  })
})

test('ages as people say them', () => {
  const ago = (seconds: number) => ageWords(NOON - seconds * 1000, NOON)
  expect([0, 59, 60, 3600, 7199, 7200, 90_000, 172_800].map(ago)).toEqual([
    'just now',
    'just now',
    '1 minute ago',
    '60 minutes ago',
    '119 minutes ago',
    '2 hours ago',
    '25 hours ago',
    '2 days ago',
  ])
  expect(ago(-30)).toBe('just now')
  expect(ago(-3600)).toContain('the clock was changed')
  expect([0, 7200, 9001].map(seconds => isStale(NOON - seconds * 1000, NOON))).toEqual([false, false, true])
  expect(isStale(NOON + 3_600_000, NOON)).toBe(true)
})

describe('words for people', () => {
  test('sections by what one would type', () => {
    expect(sectionNamed('vpn')).toBe('VPN')
    expect(sectionNamed('Hardware-Video')).toBe('hardware video')
    expect(sectionNamed('kill switch')).toBe('kill switch')
    expect(sectionNamed('stor')).toBe('storage')
    // Several begin so: better none than the wrong one.
    for (const word of ['s', '', 'd', 'nonsense']) expect(sectionNamed(word)).toBeNull()
  })
  test('section by section, what is not well with its mend', () => {
    const text = verificationLines(some, some.at).join('\n')
    expect(text.indexOf('HARDWARE VIDEO')).toBeLessThan(text.indexOf('STORAGE'))
    expect(text).toContain('Mend: Give the folder to the services')
    expect(text).toContain('sudo mediaserver doctor films-wrong-owner')
    expect(text).not.toContain('sudo mediaserver doctor updates-restart')
    expect(text.trimEnd().split('\n').at(-1)).toBe('2 pass, 1 warn, 1 fail.')
  })
  test('the same way out is told once', () => {
    const sick = some.results.find(({ verdict }) => verdict === 'fail') as Result
    const twice = { at: some.at, results: [sick, { ...sick, id: 'other', title: 'Films can be written' }] }
    const text = verificationLines(twice, some.at).join('\n')
    expect(text.match(/Give the folder to the services/g)).toHaveLength(1)
    expect(text).toContain('Mend: as for "Services may add films".')
  })
  test('old results are called old', () => {
    expect(verificationLines(some, some.at + 7_200_000).at(-1)).toContain('2 hours ago')
  })
})
