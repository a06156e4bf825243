import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { allChecks, allTroubles } from '../../../firstboot/verify/all.ts'
import { SECTIONS } from '../../../firstboot/verify/check.ts'

const folder = join(import.meta.dirname, '../../../firstboot/verify')
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
const known = new Set(allTroubles.map(({ id }) => id))

describe('checks', () => {
  test('each has its own name for ever, a short title, and says how', () => {
    expect(new Set(allChecks.map(({ id }) => id)).size).toBe(allChecks.length)
    for (const { id, title, how, seconds, section } of allChecks) {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      expect(title.length, title).toBeLessThanOrEqual(36)
      expect(how, id).toMatch(/^[A-Z].*\.$/s)
      expect(seconds, id).toBeGreaterThan(0)
      expect(seconds, id).toBeLessThanOrEqual(120)
      expect(SECTIONS).toContain(section)
    }
  })
  test('they come in the order of the sections', () => {
    const order = allChecks.map(({ section }) => SECTIONS.indexOf(section))
    expect(order).toEqual(order.toSorted((one, other) => one - other))
  })
})

describe('troubles', () => {
  test('each once, with a way out', () => {
    expect(known.size).toBe(allTroubles.length)
    for (const { id, symptom, cause, mend } of allTroubles) {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      expect(symptom, id).toMatch(/^[A-Za-z].*[^.]$/)
      expect(cause, id).toMatch(/[.]$/)
      expect(mend.length, id).toBeGreaterThan(0)
      for (const step of mend) expect(step.trim(), id).not.toBe('')
    }
  })
  test('every one that a check names is known', () => {
    const named = sources.flatMap(({ name, text }) =>
      [...text.matchAll(/\b(?:failed|warned)\(\s*'([^']+)'/g), ...text.matchAll(/trouble: '([^']+)'/g)].map(
        match => `${match[1]} in ${name}`,
      ),
    )
    expect(named.length).toBeGreaterThan(60)
    expect(named.filter(text => !known.has(text.split(' ')[0] ?? ''))).toEqual([])
  })
  test('a command that the doctor is asked for is one that it can follow', () => {
    for (const { id, mend } of allTroubles) {
      for (const [, asked = ''] of mend.join('\n').matchAll(/mediaserver doctor ([a-z0-9-]+)/g)) {
        expect(known.has(asked), `${asked} in ${id}`).toBe(true)
        expect(allTroubles.find(each => each.id === asked)?.remedy, asked).toBeDefined()
      }
    }
  })
})
