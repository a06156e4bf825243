import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isTaken, takeLock } from '../../../firstboot/lock.ts'
import { runLong } from '../../../firstboot/run.ts'

let folder: string
let path: string
const { signal } = new AbortController()
const doors = {
  attempt: async ([program, ...args]: readonly [string, ...string[]]) => await runLong(program, args, {}),
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'))
  path = join(folder, 'run/apply.lock')
})
afterEach(async () => await rm(folder, { recursive: true }))

test('who has a lock is seen, and the next one waits for it', async () => {
  expect(await isTaken(path, doors)).toBe(false)
  await expect(access(path)).rejects.toThrow('ENOENT')
  const first = await takeLock(path, signal)
  expect(first.waited).toBe(false)
  expect(await isTaken(path, doors)).toBe(true)
  const waiting = Promise.withResolvers<void>()
  const second = takeLock(path, signal, () => waiting.resolve())
  await waiting.promise
  await first[Symbol.asyncDispose]()
  const held = await second
  expect(held.waited).toBe(true)
  expect(await isTaken(path, doors)).toBe(true)
  await held[Symbol.asyncDispose]()
  expect(await isTaken(path, doors)).toBe(false)
})

test('nobody but root can open the file and hold everybody up', async () => {
  await using _held = await takeLock(path, signal)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test('the lock of a program that was killed is gone', async () => {
  const code = `const { takeLock } = await import(${JSON.stringify(join(import.meta.dirname, '../../../firstboot/lock.ts'))})
globalThis.held = await takeLock(${JSON.stringify(path)}, new AbortController().signal)
console.log('held'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  expect(await isTaken(path, doors)).toBe(true)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await isTaken(path, doors)).toBe(false)
})

test('a wait that is called off ends, and says which lock it was', async () => {
  await using _held = await takeLock(path, signal)
  const stop = new AbortController()
  const waiting = takeLock(path, stop.signal, () => stop.abort())
  await expect(waiting).rejects.toThrow(`The lock ${path} could not be taken`)
})
