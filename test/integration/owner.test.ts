import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openOwnership } from '../../firstboot/owner.ts'

const program = join(import.meta.dirname, 'programs/own.ts')
const children: ChildProcessWithoutNullStreams[] = []
afterEach(() => children.splice(0).forEach(child => child.kill('SIGKILL')))

/** A console in a process of its own: what it is told goes in, and its answer to that comes out. */
function consoleAt(path: string, name: string) {
  const child = spawn(process.execPath, [program, path, name])
  children.push(child)
  const lines: string[] = []
  const waiting: ((line: string) => void)[] = []
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    for (const line of data.trim().split('\n')) {
      const wanted = waiting.shift()
      if (wanted === undefined) lines.push(line)
      else wanted(line)
    }
  })
  const answer = () => {
    const line = lines.shift()
    return line === undefined ? new Promise<string>(resolve => waiting.push(resolve)) : Promise.resolve(line)
  }
  return {
    answer,
    ask(word: string) {
      child.stdin.write(`${word}\n`)
      return answer()
    },
    kill: () => new Promise(resolve => child.on('exit', resolve).kill('SIGKILL')),
  }
}
const lock = () => join(mkdtempSync(join(tmpdir(), 'owner-')), 'run/owner.json')

test('one console answers, another can take over, and the first one learns of it', async () => {
  const path = lock()
  const first = consoleAt(path, 'tty1')
  expect(await first.answer()).toBe('mine')
  const second = consoleAt(path, 'ttyS0')
  expect(await second.answer()).toBe('tty1')
  expect(await second.ask('force')).toBe('mine')
  expect(await first.ask('ask')).toBe('ttyS0')
})

test('a console that was killed does not answer any more', async () => {
  const path = lock()
  const first = consoleAt(path, 'tty1')
  expect(await first.answer()).toBe('mine')
  await first.kill()
  const second = consoleAt(path, 'ttyS0')
  expect(await second.answer()).toBe('mine')
})

test('of several that come at once, one answers', async () => {
  const path = lock()
  const all = ['tty1', 'ttyS0', 'ttyS1', 'hvc0'].map(name => consoleAt(path, name))
  const said = await Promise.all(all.map(each => each.answer()))
  expect(said.filter(word => word === 'mine')).toHaveLength(1)
  const owner = said.find(word => word !== 'mine')
  expect(new Set(said.filter(word => word !== 'mine'))).toEqual(new Set([owner]))
})

test('a lock of a process with the same number, or a damaged one, holds nobody up', () => {
  for (const text of [JSON.stringify({ console: 'tty1', pid: process.pid, started: '1' }), '{', '']) {
    const path = join(mkdtempSync(join(tmpdir(), 'owner-')), 'owner.json')
    writeFileSync(path, text)
    const owner = openOwnership(path, 'ttyS0')
    expect(owner.other()).toBeNull()
    expect(owner.claim(false)).toBeNull()
    expect(owner.mine()).toBe(true)
    owner.release()
    expect(owner.mine()).toBe(false)
  }
})
