import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answersToJson } from '../../../firstboot/answers/json.ts'
import { openRoot, type Root } from '../../../firstboot/root.ts'
import { readStatus } from '../../../firstboot/status/read.ts'
import type { Check } from '../../../firstboot/verify/check.ts'
import { alone, verifyCommand, type VerifyDoors } from '../../../firstboot/verify/command.ts'
import { failed, passed, warned } from '../../../firstboot/verify/finding.ts'
import { historyPath } from '../../../firstboot/verify/history.ts'
import { openStage, patienceOf } from '../../../firstboot/verify/open-stage.ts'
import { isPutOff, libraryBeingScanned } from '../../../firstboot/verify/scanning.ts'
import { secondLookAfter } from '../../../firstboot/verify/second-look.ts'
import { keepProgress, readProgress, readVerification } from '../../../firstboot/verify/store.ts'
import { parseVerification, verificationPath } from '../../../firstboot/verify/verification.ts'
import { verifyMachine } from '../../../firstboot/verify/verify-machine.ts'
import { someAnswers } from '../plan-setup/answers.ts'
import { aStage, NOON } from './a-scene.ts'

let place = ''
let root: Root
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'verify-'))
  root = openRoot(place)
})
afterEach(() => rmSync(place, { recursive: true, force: true }))
const put = (path: string, text: string) => {
  mkdirSync(dirname(join(place, path)), { recursive: true })
  writeFileSync(join(place, path), text)
}

const check = (id: string, section: Check['section'], run: Check['run']): Check => ({
  id,
  section,
  title: id,
  how: 'By looking.',
  seconds: 5,
  run,
})
const good = check('good', 'VPN', async () => passed('all is well'))
const poor = check('poor', 'storage', async () => warned('odd', 'not quite'))
const bad = check('bad', 'storage', async () => failed('worse', 'broken', ['seen this']))
const troubles = [
  { id: 'worse', symptom: 'It is bad', cause: 'It broke.', mend: ['Mend it.'], remedy: async () => 'done' },
]
const stageAt = (now: number) => aStage({ root, now: () => now })
const verify = async (checks: readonly Check[], now = NOON, chosen = checks, signal = new AbortController().signal) =>
  await verifyMachine(stageAt(now), { all: checks, chosen, troubles }, signal)

describe('what is kept of a verification', () => {
  test('results with their way out, and a line of history', async () => {
    await verify([good, poor, bad])
    const kept = parseVerification(readFileSync(join(place, verificationPath), 'utf8'))
    expect(kept?.results.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['good', 'pass'],
      ['poor', 'warn'],
      ['bad', 'fail'],
    ])
    expect(kept?.results[2]).toMatchObject({
      detail: ['seen this'],
      way: { id: 'worse', mend: ['Mend it.'], remedy: true },
    })
    // A trouble that nobody knows is none.
    expect(kept?.results[1]?.way).toBeNull()
    expect(readFileSync(join(place, historyPath), 'utf8').trimEnd().split('\n')).toHaveLength(1)
  })

  test('a part of the machine leaves the rest, and no line of history', async () => {
    await verify([good, bad])
    await verify([good, bad], NOON + 60_000, [good])
    expect(readVerification(root)?.results.map(({ id, at }) => [id, at])).toEqual([
      ['good', NOON + 60_000],
      ['bad', NOON],
    ])
    expect(readFileSync(join(place, historyPath), 'utf8').trimEnd().split('\n')).toHaveLength(1)
  })

  test('what was stopped half way is not kept', async () => {
    await verify([good])
    const stop = new AbortController()
    const stopper = check('bad', 'storage', () => {
      stop.abort()
      return new Promise(() => {})
    })
    await verify([good, stopper], NOON + 60_000, [good, stopper], stop.signal)
    expect(readVerification(root)?.at).toBe(NOON)
  })

  test('a fall is told once', async () => {
    const turns = async (...checks: Check[]) => (await verify(checks)).turns.map(({ id, from, to }) => [id, from, to])
    const broken = { ...good, run: bad.run }
    expect(await turns(good)).toEqual([['good', null, 'pass']])
    expect(await turns(broken)).toEqual([['good', 'pass', 'fail']])
    expect(await turns(broken)).toEqual([])
  })

  test('a damaged file is none, and the next verification makes it new', async () => {
    put(verificationPath, '{"at":17,"results":[{')
    expect(readVerification(root)).toBeNull()
    await verify([good])
    expect(readVerification(root)?.results).toHaveLength(1)
  })
})

describe('how far it is', () => {
  test('can be seen meanwhile, and is gone afterwards', async () => {
    put(`/proc/${process.pid}/stat`, '')
    const seen: unknown[] = []
    const looker = check('looker', 'VPN', async () => {
      for (let waited = 0; readProgress(root) === null && waited < 200; waited += 1)
        await new Promise(resolve => setTimeout(resolve, 5))
      seen.push(readProgress(root))
      return passed('seen')
    })
    await verify([looker])
    expect(seen).toEqual([{ done: 0, total: 1, now: ['looker'] }])
    expect(readProgress(root)).toBeNull()
  })
  test('of a program that was killed it is not believed', async () => {
    await keepProgress(root, { done: 1, total: 9, now: [] })
    expect(readProgress(root)).toBeNull()
    put('/run/mediaserver/verify-progress.json', 'nonsense')
    expect(readProgress(root)).toBeNull()
  })
})

describe('the command', () => {
  const doors = (more: Partial<VerifyDoors> = {}): VerifyDoors => ({
    open: () => stageAt(NOON),
    verify: async (stage, { chosen }, signal) =>
      await verifyMachine(
        stage,
        { all: [good, poor], chosen: chosen.length > 20 ? [good, poor] : [poor], troubles },
        signal,
      ),
    trigger: '',
    isApplying: async () => false,
    pause: async () => {},
    tell: async () => null,
    signal: new AbortController().signal,
    ...more,
  })
  const run = async (words: string[], more: Partial<VerifyDoors> = {}, json = false) => {
    const said: string[] = []
    const code = await verifyCommand(root, words, json, text => void said.push(text), doors(more))
    return { code, text: said.join('\n') }
  }

  test('all is well, or there are only warnings', async () => {
    const { code, text } = await run([])
    expect(code).toBe(0)
    expect(text).toContain('1 pass, 1 warn.')
  })
  test('for programs it is one object, in the shape that is kept', async () => {
    const { text } = await run([], {}, true)
    expect(parseVerification(text)).toEqual(readVerification(root))
  })
  test('something failed', async () => {
    const fails: VerifyDoors['verify'] = async (stage, _, signal) =>
      await verifyMachine(stage, { all: [good, bad], chosen: [good, bad], troubles }, signal)
    const { code, text } = await run([], { verify: fails })
    expect(code).toBe(1)
    expect(text).toContain('Mend: Mend it.')
    expect(await run(['--by-itself'], { verify: fails })).toEqual({ code: 1, text: '2 checks in 0 seconds, 1 failed.' })
  })
  test('by itself, it tells what fell, and says when that did not work', async () => {
    const told: unknown[] = []
    const tell = async (message: unknown) => {
      told.push(message)
      return 'ntfy.sh cannot be reached'
    }
    const now =
      (...checks: Check[]): VerifyDoors['verify'] =>
      async (stage, _, signal) =>
        await verifyMachine(stage, { all: checks, chosen: checks, troubles }, signal)
    await run(['--by-itself'], { tell, verify: now(good) })
    const { text } = await run(['--by-itself'], { tell, verify: now({ ...good, run: bad.run }) })
    await run([], { tell, verify: now(good) })
    expect(told).toEqual([null, { title: 'mediaserver: something fails', lines: ['Fails: good: broken'] }])
    expect(text).toContain('FAILS NOW: good: broken')
    expect(text).toContain('not sent: ntfy.sh cannot be reached')
  })
  describe('started by the timer', () => {
    /** A check that comes to one verdict after the other, and to the last one from then on. */
    const turning = (...runs: Check['run'][]): Check => {
      let looks = 0
      return { ...good, run: async scene => await (runs[Math.min(looks++, runs.length - 1)] ?? good.run)(scene) }
    }
    const timer = async (checks: readonly Check[], trigger = 'mediaserver-verify.timer') => {
      const waits: number[] = []
      const told: unknown[] = []
      const { text } = await run(['--by-itself'], {
        trigger,
        pause: async milliseconds => void waits.push(milliseconds),
        tell: async message => (told.push(message), null),
        verify: async (stage, _, signal, again) =>
          await verifyMachine(stage, { all: checks, chosen: checks, troubles }, signal, again),
      })
      return { text, waits, told, verdicts: readVerification(root)?.results.map(({ verdict }) => verdict) }
    }

    test('what begins to fail is looked at again, and a moment alarms nobody', async () => {
      await verify([good])
      const { text, waits, told, verdicts } = await timer([turning(bad.run, good.run)])
      expect({ waits, told, verdicts }).toEqual({ waits: [secondLookAfter], told: [null], verdicts: ['pass'] })
      expect(text).toContain('0 failed')
      expect(readVerification(root)?.results[0]?.detail).toEqual(['At first it failed: broken'])
    })
    test('what fails twice alarms', async () => {
      await verify([good, poor])
      const { told, verdicts } = await timer([turning(bad.run), poor])
      expect(verdicts).toEqual(['fail', 'warn'])
      expect(told).toEqual([{ title: 'mediaserver: something fails', lines: ['Fails: good: broken'] }])
    })
    test('what failed before, or was never looked at, is not waited for', async () => {
      await verify([bad])
      expect((await timer([bad, turning(bad.run)])).waits).toEqual([])
    })
    test('a run that somebody asked for says what it sees at once', async () => {
      await verify([good])
      expect((await timer([turning(bad.run, good.run)], '')).verdicts).toEqual(['fail'])
    })
  })
  test('one section asks only its checks', async () => {
    const { text } = await run(['storage'])
    expect(text).toContain('STORAGE')
    expect(text).not.toContain('VPN')
  })
  test('earlier ones', async () => {
    expect(await run(['history'])).toEqual({ code: 0, text: 'Nothing has been verified yet.' })
    await run([])
    expect((await run(['history'])).text).toContain('2026-11-25 12:00 UTC  1 pass, 1 warn')
    expect(JSON.parse((await run(['history'], {}, true)).text)).toHaveLength(1)
  })
  test('a section that is not there', async () => {
    const { code, text } = await run(['nonsense'])
    expect(code).toBe(2)
    expect(text).toContain('kill-switch')
  })
  test('a machine that cannot be verified', async () => {
    const fault = { open: () => ({ fault: 'Not yet.' }) }
    expect(await run([], fault)).toEqual({ code: 3, text: 'Not yet.' })
    expect(JSON.parse((await run([], fault, true)).text)).toEqual({ fault: 'Not yet.' })
    expect((await run(['--by-itself'], fault)).code).toBe(0)
  })
  test('by itself, it waits for a set-up to end', async () => {
    let looks = 0
    const isApplying = async () => (looks += 1) < 2
    expect((await run(['--by-itself'], { isApplying })).text).toContain('2 checks')
    const stop = new AbortController()
    stop.abort()
    expect((await run(['--by-itself'], { isApplying: async () => true, signal: stop.signal })).text).toContain(
      'set-up is at work',
    )
  })
  test('every hour, but not while Plex looks through films for the first time', async () => {
    const scanning = {
      open: () => ({
        ...stageAt(NOON + 3_600_000),
        ask: async () => ({
          status: 200,
          text: JSON.stringify({ MediaContainer: { Directory: [{ title: 'Movies', refreshing: true }] } }),
        }),
      }),
    }
    const timer = { ...scanning, trigger: 'mediaserver-verify.timer' }
    expect((await run(['--by-itself'], timer)).text).toContain('2 checks')
    await verify([good])
    expect((await run(['--by-itself'], timer)).text).toBe(
      'Plex is looking through "Movies"; the verification is put off.',
    )
    expect((await run(['--by-itself'], scanning)).text).toContain('2 checks')
  })
  test('one at a time', async () => {
    const never = new AbortController().signal
    let inner: unknown = 'not asked'
    const outer = await alone(root, true, never, async () => {
      const other = join(place, '/run/mediaserver/verify-owner.json')
      // Another process that lives: the first one of the system.
      const stat = readFileSync('/proc/1/stat', 'utf8')
      const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
      writeFileSync(other, JSON.stringify({ console: 'verify', pid: 1, started }))
      inner = await alone(root, true, never, async () => 'both')
      rmSync(other)
      return 'alone'
    })
    expect([outer, inner]).toEqual(['alone', null])
  })
})

describe('libraries that are being looked through', () => {
  const answer = (text: string) => async () => ({ status: 200, text })
  test('are known by what Plex says', async () => {
    const busy = (refreshing: unknown) =>
      libraryBeingScanned(
        answer(JSON.stringify({ MediaContainer: { Directory: [{ title: 'TV', refreshing }] } })),
        null,
      )
    expect(await Promise.all([true, 1, '1', false, 0, '0', undefined].map(busy))).toEqual([
      'TV',
      'TV',
      'TV',
      null,
      null,
      null,
      null,
    ])
    for (const text of ['', '{}', '[]', '<MediaContainer/>'])
      expect(await libraryBeingScanned(answer(text), null)).toBeNull()
    expect(await libraryBeingScanned(async () => ({ unreachable: 'no' }), null)).toBeNull()
    expect(await libraryBeingScanned(async () => ({ status: 401, text: '' }), null)).toBeNull()
  })
  test('put it off, but not for ever', () => {
    const hour = 3_600_000
    expect(isPutOff('TV', NOON - hour, NOON)).toBe(true)
    expect(isPutOff('TV', NOON - 3 * hour, NOON)).toBe(false)
    expect(isPutOff('TV', null, NOON)).toBe(false)
    expect(isPutOff(null, NOON - hour, NOON)).toBe(false)
    // A clock that was set back must not put it off until it comes there again.
    expect(isPutOff('TV', NOON + 9 * hour, NOON)).toBe(false)
  })
})

describe('opening the machine', () => {
  test('that was not set up, or not fully', () => {
    expect(openStage(root)).toMatchObject({ fault: expect.stringContaining('not been set up') })
    put('/var/lib/mediaserver/answers.json', answersToJson(someAnswers))
    put('/var/lib/mediaserver/setup/first-boot', '')
    expect(openStage(root)).toMatchObject({ fault: expect.stringContaining('still being set up') })
  })
  test('whose answers are damaged, or whose list of services is gone', () => {
    put('/var/lib/mediaserver/answers.json', '{}')
    expect(openStage(root)).toMatchObject({ fault: expect.stringContaining('cannot be read') })
    put('/var/lib/mediaserver/answers.json', answersToJson(someAnswers))
    for (const text of ['', '[{}]', '{']) {
      put('/usr/share/mediaserver/services.json', text)
      expect(openStage(root)).toEqual({ fault: expect.stringContaining('list of the services') })
    }
  })
  test('that is well', () => {
    put('/var/lib/mediaserver/answers.json', answersToJson(someAnswers))
    put('/usr/share/mediaserver/services.json', '[]')
    expect(openStage(root)).toMatchObject({ services: [], patience: 1, answers: { user: 'anna' } })
  })
  test('an emulated processor is given more time, a real one and KVM are not', () => {
    expect(patienceOf('model name\t: QEMU TCG CPU version 2.5+\n')).toBe(10)
    expect(patienceOf('model name\t: Intel(R) N100\nflags : hypervisor\n')).toBe(1)
  })
})

test('the status tells the last proof at once, whatever programs do', async () => {
  await verify([good, bad])
  const begun = performance.now()
  const status = await readStatus(root, 100, () => new Promise(() => {}))
  expect(performance.now() - begun).toBeLessThan(200)
  expect(status.verification?.results.map(({ id }) => id)).toEqual(['good', 'bad'])
})
