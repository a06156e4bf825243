import { describe, expect, test } from 'vitest'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { fingerprint, Memory, parseMemory } from '../../../firstboot/wiring/memory.ts'
import { judge, settle } from '../../../firstboot/wiring/settle.ts'

const entry = (wrote: unknown, saw: unknown) => ({
  wrote: fingerprint(wrote),
  saw: saw === undefined ? null : fingerprint(saw),
})

describe('a setting', () => {
  test('that is as it should be is right, however it came to that', () => {
    expect(judge(true, true, undefined).verdict).toBe('right')
    expect(judge([1, 2], [1, 2], entry([3], [3])).verdict).toBe('right')
    expect(judge(new Secret('x'), 'x', undefined).verdict).toBe('right')
  })
  test('that we have never written is written', () => expect(judge('a', 'b', undefined).verdict).toBe('write'))
  test('that is as we left it is written when we want something else now', () =>
    expect(judge('new', 'old', entry('old', 'old')).verdict).toBe('write'))
  test('that is not as we left it belongs to a person', () => {
    expect(judge('ours', 'theirs', entry('ours', 'ours')).verdict).toBe('theirs')
    expect(judge('new', 'theirs', entry('old', 'old')).verdict).toBe('theirs')
    expect(judge(true, undefined, entry(true, true)).verdict).toBe('theirs')
  })
  test('that was written and is not there is written again', () =>
    expect(judge('a', 'b', entry('a', undefined)).verdict).toBe('write'))
})

describe('a secret that a program shows in another form', () => {
  const wanted = new Secret('password')
  test('is written once', () => expect(judge(wanted, '********', undefined).verdict).toBe('write'))
  test('is ours in the form that it is seen in afterwards', () => {
    const { verdict, remember } = judge(wanted, 'hash', entry('password', undefined))
    expect([verdict, remember]).toEqual(['right', entry('password', 'hash')])
    expect(judge(wanted, 'hash', remember).verdict).toBe('right')
    expect(judge(wanted, 'other hash', remember).verdict).toBe('theirs')
    expect(judge(new Secret('another'), 'hash', remember).verdict).toBe('write')
  })
})

test('the memory learns from what it sees and from what was written, and can be kept', () => {
  const memory = new Memory()
  const { write, wrote } = settle('sonarr/naming', { a: 1, b: 2 }, { a: 1, b: 3 }, memory)
  expect(write).toEqual({ b: 2 })
  wrote()
  const again = parseMemory(memory.toJson())
  expect(settle('sonarr/naming', { a: 1, b: 2 }, { a: 1, b: 2 }, again).write).toEqual({})
  expect(settle('sonarr/naming', { a: 1, b: 2 }, { a: 9, b: 2 }, again).theirs).toEqual(['a'])
  again.forget('sonarr/')
  expect(settle('sonarr/naming', { a: 1 }, { a: 9 }, again).write).toEqual({ a: 1 })
})

test('the memory tells no secret, and a damaged one is empty', () => {
  const memory = new Memory()
  settle('x', { password: new Secret('hunter2') }, { password: 'hash' }, memory).wrote()
  expect(memory.toJson()).not.toContain('hunter2')
  for (const text of ['', '{', '[]', '{"a":1}', '{"a":{"wrote":1,"saw":null}}'])
    expect(parseMemory(text).toJson()).toBe('{}\n')
})

test('the order of members is no difference, that of a list is', () => {
  expect(fingerprint({ a: 1, b: [1, 2] })).toBe(fingerprint({ b: [1, 2], a: 1 }))
  expect(fingerprint([1, 2])).not.toBe(fingerprint([2, 1]))
  expect(fingerprint('1')).not.toBe(fingerprint(1))
})
