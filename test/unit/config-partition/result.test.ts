import { expect, test } from 'vitest'
import { type Outcome, resultText, writeBack } from '../../../firstboot/config-partition/result.ts'
import { linksOf } from '../../../firstboot/status/links.ts'
import { progressOf } from '../../../firstboot/progress/reduce.ts'
import { failed, middle, pages, verification } from '../firstboot/applying.ts'

const at = Date.UTC(2026, 10, 25, 2, 13)
const finished = progressOf([...middle, { type: 'finished', at }], at)
const outcome = (more: Partial<Outcome>): Outcome => ({
  product: 'Media Server',
  version: '0.1.0',
  at,
  progress: finished,
  links: linksOf(pages, 'mediaserver', ['192.168.1.57']),
  ssh: 'ssh anna@192.168.1.57',
  verification: null,
  notes: [],
  ...more,
})

test('a set-up that worked says where everything is', async () => {
  const text = resultText(outcome({ verification, notes: ['The clock was\nset.'] }))
  await expect(text.replaceAll('\r', '')).toMatchFileSnapshot('golden/result-finished.txt')
})

test('one that did not says why and how to mend it, first of all', async () => {
  await expect(resultText(outcome({ progress: failed })).replaceAll('\r', '')).toMatchFileSnapshot(
    'golden/result-failed.txt',
  )
})

test('every line ends as Windows wants it', () => {
  const text = resultText(outcome({ progress: failed }))
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  expect(text.endsWith('\r\n')).toBe(true)
})

test('what is written back, answers without secrets first', () => {
  const answers = { name: 'MEDIASERVER.YAML', text: '# no secrets\r\n' }
  const changes = writeBack(outcome({ progress: failed, verification: { at, results: [] } }), answers)
  expect(changes.files.map(file => file.name)).toEqual(['MEDIASERVER.YAML', 'RESULT.txt', 'ERROR.txt', 'verify.json'])
  expect(changes.files[0]).toEqual({ name: 'MEDIASERVER.YAML', data: answers.text, scrub: true })
  expect(changes.remove).toEqual([])
})

test('an old error goes away with success', () => {
  const changes = writeBack(outcome({}), null)
  expect(changes.files.map(file => file.name)).toEqual(['RESULT.txt'])
  expect(changes.remove).toEqual(['ERROR.txt'])
})
