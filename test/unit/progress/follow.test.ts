import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { type Follower, followEvents } from '../../../firstboot/progress/follow.ts'
import { noTrack, type Track } from '../../../firstboot/progress/reduce.ts'

const followers: Follower[] = []
afterEach(() => followers.splice(0).forEach(follower => follower.stop()))

function follow(path: string): { now: () => Track; follower: Follower } {
  let now = noTrack
  const follower = followEvents(path, track => {
    now = track
  })
  followers.push(follower)
  return { now: () => now, follower }
}
const begun = (planHash: string) =>
  `${JSON.stringify({ type: 'begun', at: 1, planHash, mode: 'install', changes: [{ id: 'a', title: 'Ä', weight: 1 }] })}\n`
const log = (line: string) => `${JSON.stringify({ type: 'log', at: 2, id: 'a', line })}\n`
const folder = () => mkdtempSync(join(tmpdir(), 'follow-'))
const soon = (check: () => void) => vi.waitFor(check, { timeout: 5000, interval: 20 })

test('a file that comes later, in a folder that comes later', async () => {
  const path = join(folder(), 'later', 'events.jsonl')
  const { now } = follow(path)
  mkdirSync(join(path, '..'))
  writeFileSync(path, begun('h1'))
  await soon(() => expect(now().planHash).toBe('h1'))
})

test('lines that come in pieces, cut within a character', async () => {
  const path = join(folder(), 'events.jsonl')
  const bytes = Buffer.from(begun('h1'))
  const cut = bytes.indexOf(Buffer.from('Ä')) + 1
  writeFileSync(path, bytes.subarray(0, cut))
  const { now, follower } = follow(path)
  await follower.look()
  expect(now()).toBe(noTrack)
  appendFileSync(path, bytes.subarray(cut))
  await follower.look()
  expect(now().changes[0]?.title).toBe('Ä')
})

test('a file that is cut or replaced is read from its beginning', async () => {
  const path = join(folder(), 'events.jsonl')
  writeFileSync(path, begun('h1') + log('one') + log('two'))
  const { now, follower } = follow(path)
  await follower.look()
  expect(now().log).toHaveLength(2)
  writeFileSync(path, begun('h2'))
  await follower.look()
  expect(now()).toMatchObject({ planHash: 'h2', log: [] })
  // Longer than before, and possibly the same inode.
  writeFileSync(path, begun('h3') + log('x'.repeat(5000)))
  await follower.look()
  expect(now().planHash).toBe('h3')
  writeFileSync(`${path}.new`, begun('h4'))
  renameSync(`${path}.new`, path)
  await follower.look()
  expect(now()).toMatchObject({ planHash: 'h4', log: [] })
})

test('while the file is gone the last state stays', async () => {
  const path = join(folder(), 'events.jsonl')
  writeFileSync(path, begun('h1'))
  const { now, follower } = follow(path)
  await follower.look()
  rmSync(path)
  await follower.look()
  expect(now().planHash).toBe('h1')
})

test('ten readers of a file that is being written see all of it', async () => {
  const path = join(folder(), 'events.jsonl')
  const readers = Array.from({ length: 10 }, () => follow(path))
  writeFileSync(path, begun('h1'))
  for (let line = 0; line < 200; line++) {
    appendFileSync(path, log(`line ${line}`))
    if (line % 50 === 0) await new Promise(resolve => setTimeout(resolve, 5))
  }
  await soon(() => {
    for (const { now } of readers) expect(now().log.at(-1)?.line).toBe('line 199')
  })
  for (const { now } of readers) expect(now().log).toHaveLength(200)
})

test('a follower that was stopped says nothing more', async () => {
  const path = join(folder(), 'events.jsonl')
  const { now, follower } = follow(path)
  await follower.look()
  follower.stop()
  writeFileSync(path, begun('h1'))
  await follower.look()
  expect(now()).toBe(noTrack)
})
