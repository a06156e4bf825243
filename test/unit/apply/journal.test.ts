import { appendFile, mkdtemp, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeDurably } from '../../../firstboot/apply/durable.ts'
import type { ApplyEvent } from '../../../firstboot/apply/events.ts'
import { appendDurably, isFinished, madeChanges, parseJournal, readJournal } from '../../../firstboot/apply/journal.ts'

const folder = () => mkdtemp(join(tmpdir(), 'journal-'))
const event = (said: Omit<ApplyEvent, 'at'>): ApplyEvent => ({ at: 1, ...said }) as ApplyEvent
const begun = (planHash: string) => event({ type: 'begun', planHash, mode: 'install', changes: [] } as never)
const done = (id: string) => event({ type: 'done', id, evidence: '' } as never)

describe('the journal', () => {
  test('keeps what was added, line by line', async () => {
    const path = join(await folder(), 'deep/journal.jsonl')
    for (const each of [begun('a'), done('x')]) await appendDurably(path, JSON.stringify(each))
    expect(await readJournal(path)).toEqual([begun('a'), done('x')])
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  test('one that is not there is empty', async () => {
    expect(await readJournal(join(await folder(), 'none'))).toEqual([])
  })

  test.each([1, 5, 20, 60])('a line torn after %i characters does not hide what comes later', async length => {
    const path = join(await folder(), 'journal.jsonl')
    await appendDurably(path, JSON.stringify(begun('a')))
    await appendFile(path, JSON.stringify(done('torn by a power cut, with a long name')).slice(0, length))
    await appendDurably(path, JSON.stringify(done('x')))
    expect(await readJournal(path)).toEqual([begun('a'), done('x')])
  })

  test('holds garbage without a fault', () => {
    expect(parseJournal('\0\0\0\n{}\n[]\nnull\n"x"\n{"at":1}\n')).toEqual([])
  })

  test('only what was made for this very plan counts as made', () => {
    const lines = [begun('a'), done('x'), begun('b'), done('y'), begun('a'), done('z')] as never
    expect(madeChanges(lines, 'a')).toEqual(new Set(['x', 'z']))
    expect(madeChanges(lines, 'b')).toEqual(new Set(['y']))
  })

  test('is finished when the last thing it says is that', () => {
    expect(isFinished([begun('a')] as never)).toBe(false)
    expect(isFinished([begun('a'), event({ type: 'finished' } as never)] as never)).toBe(true)
    expect(isFinished([])).toBe(false)
  })
})

describe('a durable file', () => {
  test('has its permissions and its text, and leaves nothing else', async () => {
    const at = await folder()
    await writeDurably(join(at, 'a/b'), 'secret', { mode: 0o600 })
    await writeDurably(join(at, 'a/b'), 'other', { mode: 0o640 })
    expect(await readFile(join(at, 'a/b'), 'utf8')).toBe('other')
    expect((await stat(join(at, 'a/b'))).mode & 0o777).toBe(0o640)
    expect(await import('node:fs/promises').then(fs => fs.readdir(join(at, 'a')))).toEqual(['b'])
  })
})
