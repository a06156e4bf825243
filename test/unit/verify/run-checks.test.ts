import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Check, Scene } from '../../../firstboot/verify/check.ts'
import { passed } from '../../../firstboot/verify/finding.ts'
import { type Progress, runChecks } from '../../../firstboot/verify/run-checks.ts'
import { aStage } from './a-scene.ts'

const check = (id: string, run: Check['run'], seconds = 5): Check => ({
  id,
  section: 'storage',
  title: `Title of ${id}`,
  how: 'by looking',
  seconds,
  run,
})
const run = (checks: readonly Check[], more: Partial<Parameters<typeof runChecks>[2]> = {}, patience = 1) =>
  runChecks(
    checks,
    { ...aStage(), patience },
    { most: 4, signal: new AbortController().signal, tell: () => {}, ...more },
  )
const verdicts = async (found: ReturnType<typeof run>) => (await found).map(({ finding }) => finding.verdict)

describe('running checks', () => {
  test('side by side, and the results in their own order', async () => {
    let running = 0
    let most = 0
    const slow = (id: string, ms: number) =>
      check(id, async () => {
        running += 1
        most = Math.max(most, running)
        await delay(ms)
        running -= 1
        return passed(id)
      })
    const found = await run([slow('a', 60), slow('b', 20), slow('c', 40), slow('d', 5), slow('e', 5)], { most: 2 })
    expect(found.map(({ check: { id } }) => id)).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(most).toBe(2)
  })

  test('what hangs has failed when its time is over, and holds nothing up', async () => {
    const begun = performance.now()
    const found = await run([check('hangs', () => new Promise(() => {}), 0.05), check('well', async () => passed('y'))])
    expect(performance.now() - begun).toBeLessThan(2000)
    expect(found[0]?.finding).toMatchObject({ verdict: 'fail', trouble: 'check-too-slow' })
    expect(found[1]?.finding.verdict).toBe('pass')
  })

  test('a pass that comes too late is none, nor is an error that comes too late anything', async () => {
    const late = check('late', async () => passed(await delay(80, 'late')), 0.02)
    const thrower = check('thrower', async () => Promise.reject(new Error(await delay(80, 'late'))), 0.02)
    expect(await verdicts(run([late, thrower]))).toEqual(['fail', 'fail'])
    await delay(100)
  })

  test('an emulated processor gets more time', async () => {
    const late = check('late', async () => passed(await delay(80, 'late')), 0.02)
    expect(await verdicts(run([late], {}, 10))).toEqual(['pass'])
  })

  test('what throws has failed, with the reason; at once or later', async () => {
    const atOnce = check('at-once', () => {
      throw new Error('no such thing\n    at somewhere')
    })
    const later = check('later', async () => Promise.reject(new TypeError('undefined is no text')))
    const [one, other] = await run([atOnce, later])
    expect(one?.finding).toMatchObject({
      verdict: 'fail',
      trouble: 'check-broken',
      words: 'It could not be looked at: no such thing',
    })
    expect(other?.finding.words).toContain('undefined is no text')
  })

  test('its programs end with its time', async () => {
    const seen: AbortSignal[] = []
    const stage = aStage({
      attempt: async (_argv, { signal }) => {
        seen.push(signal)
        return await new Promise(() => {})
      },
    })
    const asks = check('asks', async ({ attempt }) => passed((await attempt(['sleep', '99'])).stdout), 0.02)
    await runChecks([asks], stage, { most: 1, signal: new AbortController().signal, tell: () => {} })
    expect(seen.map(signal => signal.aborted)).toEqual([true])
  })

  test('stopping it ends every check, those that have not begun too', async () => {
    const stop = new AbortController()
    const hangs = (id: string) => check(id, () => new Promise(() => {}))
    setTimeout(() => stop.abort(), 30)
    const found = await run([hangs('a'), hangs('b'), hangs('c')], { most: 1, signal: stop.signal })
    expect(found.map(({ finding }) => finding.trouble)).toEqual(['check-stopped', 'check-stopped', 'check-stopped'])
  })

  test('tells how far it is', async () => {
    const told: Progress[] = []
    await run([check('a', async () => passed('a')), check('b', async () => passed('b'))], {
      most: 1,
      tell: progress => told.push(progress),
    })
    expect(told[0]).toEqual({ done: 0, total: 2, now: ['Title of a'] })
    expect(told.at(-1)).toEqual({ done: 2, total: 2, now: [] })
  })
})

describe('what several checks need', () => {
  const asker = (id: string, find: (scene: Scene) => Promise<string>, seconds = 5) =>
    check(id, async scene => passed(await scene.once('thing', () => find(scene))), seconds)

  test('is found out once, also when the first one is over already', async () => {
    let times = 0
    const find = async () => {
      times += 1
      return await delay(10, 'thing')
    }
    const found = await run([asker('a', find), asker('b', find), asker('c', find)], { most: 2 })
    expect(found.map(({ finding }) => finding.words)).toEqual(['thing', 'thing', 'thing'])
    expect(times).toBe(1)
  })

  test('its failure is the failure of all', async () => {
    let times = 0
    const find = async () => {
      times += 1
      return await Promise.reject(new Error('refused'))
    }
    expect(await verdicts(run([asker('a', find), asker('b', find)]))).toEqual(['fail', 'fail'])
    expect(times).toBe(1)
  })

  test('when the time of its finder is over, another one finds it out', async () => {
    const untilEnd = async ({ signal }: Scene) => {
      await new Promise(resolve => signal.addEventListener('abort', resolve))
      return 'half of it'
    }
    const found = await run([asker('short', untilEnd, 0.05), asker('long', async () => 'all of it')])
    expect(found.map(({ finding }) => finding.verdict)).toEqual(['fail', 'pass'])
    expect(found[1]?.finding.words).toBe('all of it')
  })
})
