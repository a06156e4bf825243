import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Store } from '../../builder/execute/store.ts'
import { run } from '../../builder/shared/run.ts'
import { temporaryFolder, until } from '../unit/shared/fixtures.ts'
import { contained } from './programs/contained.ts'
import { execute, tinyPlan } from '../unit/execute/tiny-plan.ts'

const program = (name: string) => fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url))
const start = (name: string, ...args: string[]) =>
  spawn(process.execPath, [program(name), ...args], { stdio: ['ignore', 'pipe', 'inherit'] })

async function processesWith(word: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map(async pid => await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter(line => line.includes(word)).map(line => line.replaceAll('\0', ' '))
}

test('a process that is killed while it commits leaves whole entries and nothing else', async () => {
  for (const wait of [3, 20, 47, 90]) {
    const folder = await temporaryFolder()
    const child = start('commit', folder)
    await once(child.stdout, 'data')
    await delay(wait)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const store = new Store(folder, run)
    for (const key of await store.keys())
      expect(await store.check(key, true), `entry ${key} after ${wait} ms`).toBe('sound')
    await store.cleanStaging()
    expect(await readdir(join(folder, 'staging'))).toEqual([])
  }
})

/** A folder that the one who is root in a user namespace may write to. */
async function openFolder(): Promise<string> {
  const folder = await temporaryFolder()
  await chmod(folder, 0o777)
  return folder
}

test('after kill -9 no program and no mount of the root step is left, and the next build goes on from the last finished step', async () => {
  const folder = await openFolder()
  const mark = join(folder, 'mark')
  const child = start('build', folder, 'hang', mark)
  await until(async () => await stat(`${mark}.ready`).catch(() => undefined))
  await until(async () => (await processesWith(`tail\0-f\0${mark}`)).length === 2)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await until(async () => (await processesWith(mark)).length === 0)
  expect(await readFile('/proc/self/mounts', 'utf8')).not.toContain(mark)
  const next = await execute(folder, tinyPlan({ packages: [], root: ['packages'], disk: ['root'] }))
  expect(next.said).toEqual([
    'plan',
    'packages reused',
    'root started',
    'root finished',
    'disk started',
    'disk finished',
  ])
  expect(await readdir(join(folder, 'staging'))).toEqual([])
})

test('Ctrl-C ends what the root step contains within its grace of three seconds', async () => {
  const folder = await openFolder()
  const mark = join(folder, 'mark')
  const stop = new AbortController()
  const ending = run(
    { argv: contained('touch "$0.ready"; tail -f "$0.ready"', mark), pipeTo: ['cat'] },
    { signal: stop.signal },
  ).catch((error: unknown) => String(error))
  await until(async () => await stat(`${mark}.ready`).catch(() => undefined))
  const begin = performance.now()
  stop.abort()
  expect(await ending).toMatch(/was stopped/)
  await until(async () => (await processesWith(mark)).length === 0)
  expect(performance.now() - begin).toBeLessThan(6000)
})

test('of two builds at once the second waits and says so, and both succeed', async () => {
  const folder = await temporaryFolder()
  const first = start('build', folder, 'slow')
  await until(async () => await stat(join(folder, 'inside')).catch(() => undefined))
  const second = start('build', folder)
  const [one, two] = (await Promise.all([text(first.stdout), text(second.stdout)])).map(
    line => JSON.parse(line) as string[],
  )
  expect(one).toEqual([
    'plan',
    'packages started',
    'packages finished',
    'root started',
    'root finished',
    'disk started',
    'disk finished',
  ])
  expect(two).toEqual(['waiting', 'plan', 'packages reused', 'root reused', 'disk reused'])
})
