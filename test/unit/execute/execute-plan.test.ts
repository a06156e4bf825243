import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { UserError } from '../../../builder/shared/errors.ts'
import { sha256 } from '../../../builder/shared/hash.ts'
import { pidIn, temporaryFolder, until } from '../shared/fixtures.ts'
import { execute, tinyPlan, writes } from './tiny-plan.ts'

const chain = tinyPlan({ packages: [], root: ['packages'], disk: ['root'] })

test('steps run after what they need, and a second build reuses them all', async () => {
  const folder = await temporaryFolder()
  const first = await execute(folder, chain)
  expect(first.said).toEqual([
    'plan',
    'packages started',
    'packages finished',
    'root started',
    'root finished',
    'disk started',
    'disk finished',
  ])
  const second = await execute(folder, chain)
  expect(second.said).toEqual(['plan', 'packages reused', 'root reused', 'disk reused'])
  expect(second.ran).toEqual([])
})

test('a step reads the results of the steps that it needs', async () => {
  let read = ''
  await execute(await temporaryFolder(), chain, {
    root: async context => {
      read = await readFile(join(context.result('packages'), 'result'), 'utf8')
      await writes(context)
    },
  })
  expect(read).toBe('packages\n')
})

test('steps that do not need each other run side by side', async () => {
  let inside = 0
  const meet = async () => {
    inside += 1
    await until(() => inside === 2)
  }
  const { error } = await execute(await temporaryFolder(), tinyPlan({ bundle: [], config: [] }), {
    bundle: meet,
    config: meet,
  })
  expect(error).toBeUndefined()
})

test('a failing step stops the running ones, keeps the finished ones and starts no further', async () => {
  const folder = await temporaryFolder()
  const plan = tinyPlan({ packages: [], bundle: ['packages'], config: ['packages'], disk: ['bundle', 'config'] })
  let stopped = false
  const failed = await execute(folder, plan, {
    bundle: async () => await Promise.reject(new UserError('The bundle is broken.')),
    config: async ({ signal }) =>
      await delay(30_000, undefined, { signal }).catch((error: unknown) => {
        stopped = true
        throw error
      }),
  })
  expect(failed.error).toEqual(new UserError('The bundle is broken.'))
  expect(stopped).toBe(true)
  expect(failed.ran).not.toContain('disk')
  expect(failed.events).toContainEqual({ type: 'failed', id: 'bundle', message: 'The bundle is broken.' })
  expect(failed.said).toContain('config stopped')
  expect(await readdir(join(folder, 'staging'))).toEqual([])
  expect((await execute(folder, plan)).said).toContain('packages reused')
})

test('a damaged result is made again, which is said, and what was built on it stays', async () => {
  const folder = await temporaryFolder()
  const { store } = await execute(folder, chain)
  const file = join(store.pathOf(sha256('root')), 'result')
  await rm(file)
  await writeFile(file, 'rOot\n')
  const again = await execute(folder, chain)
  expect(again.events).toContainEqual({ type: 'damaged', id: 'root', path: 'result' })
  expect(again.ran).toEqual(['root'])
  expect(await readFile(file, 'utf8')).toBe('root\n')
})

test('decay that only reading finds is found before a step reads it', async () => {
  const folder = await temporaryFolder()
  const { store } = await execute(folder, chain)
  const list = join(store.pathOf(sha256('root')), 'entry.json')
  const entry = JSON.parse(await readFile(list, 'utf8')) as { files: Record<string, { sha256: string }> }
  entry.files['result']!.sha256 = sha256('what it was before')
  await writeFile(list, JSON.stringify(entry))
  expect((await execute(folder, chain)).ran).toEqual([])
  await rm(store.pathOf(sha256('disk')), { recursive: true })
  expect((await execute(folder, chain)).ran).toEqual(['root', 'disk'])
})

test('a wish to stop ends the programs that run, and leaves nothing half', async () => {
  const folder = await temporaryFolder()
  const stop = new AbortController()
  const wish = new UserError('Stopped.')
  let pid = 0
  const { error, said } = await execute(
    folder,
    chain,
    {
      root: async ({ run, out, signal }) => {
        const ending = run({ argv: ['sh', '-c', 'echo $$ > "$0/pid"; exec sleep 300', out] }, { signal })
        pid = await pidIn(join(out, 'pid'))
        stop.abort(wish)
        await ending
      },
    },
    stop.signal,
  )
  expect(error).toBe(wish)
  expect(said.at(-1)).toBe('root stopped')
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  expect(await readdir(join(folder, 'staging'))).toEqual([])
  expect((await execute(folder, chain)).said.slice(0, 2)).toEqual(['plan', 'packages reused'])
})

test('a full disk is told in a sentence that says what to do', async () => {
  const { error } = await execute(await temporaryFolder(), chain, {
    root: async () => await writeFile('/dev/full', 'x'),
  })
  expect(error).toBeInstanceOf(UserError)
  expect(String(error)).toMatch(/The disk is full/)
  expect((error as UserError).mend).toMatch(/Free some space/)
})
