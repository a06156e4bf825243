import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ChangeFailure } from '../../../firstboot/apply/failure.ts'
import { applyLockPath } from '../../../firstboot/apply/places.ts'
import { doctorCommand, type DoctorDoors } from '../../../firstboot/doctor/command.ts'
import { diagnose, unexplained } from '../../../firstboot/doctor/diagnose.ts'
import { treat } from '../../../firstboot/doctor/treat.ts'
import { takeLock } from '../../../firstboot/lock.ts'
import { openRoot, type Root } from '../../../firstboot/root.ts'
import { allTroubles } from '../../../firstboot/verify/all.ts'
import type { Check } from '../../../firstboot/verify/check.ts'
import { failed, passed, warned } from '../../../firstboot/verify/finding.ts'
import type { Trouble } from '../../../firstboot/verify/trouble.ts'
import { verifyMachine } from '../../../firstboot/verify/verify-machine.ts'
import { aStage, NOON } from '../verify/a-scene.ts'

let place = ''
let root: Root
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'doctor-'))
  root = openRoot(place)
})
afterEach(() => rmSync(place, { recursive: true, force: true }))

const check = (id: string, run: Check['run']): Check => ({
  id,
  section: 'storage',
  title: `Title of ${id}`,
  how: 'By looking.',
  seconds: 5,
  run,
})
const trouble = (id: string, remedy?: Trouble['remedy']): Trouble => ({
  id,
  symptom: `Symptom of ${id}`,
  cause: 'It broke.',
  mend: ['First this.', 'Then that.'],
  ...(remedy === undefined ? {} : { remedy }),
})

/** A machine on which one thing is broken until it is mended. */
function machine({ mends = true, why = '' } = {}) {
  const state = { broken: true, treated: 0 }
  const checks = [
    check('well', async () => passed('fine')),
    check('sick', async () => (state.broken ? failed('by-itself', 'it is broken') : passed('it works'))),
    check('odd', async () => warned('by-hand', 'not quite')),
  ]
  const troubles = [
    trouble('by-itself', async () => {
      state.treated += 1
      if (why !== '') throw new Error(why)
      if (mends) state.broken = false
      return 'It was put right.'
    }),
    trouble('by-hand'),
    trouble('never-seen'),
  ]
  return { state, checks, troubles }
}

async function run(
  words: string[],
  { checks, troubles }: ReturnType<typeof machine>,
  json = false,
  more: Partial<DoctorDoors> = {},
) {
  const said: string[] = []
  const code = await doctorCommand(root, words, json, text => void said.push(text), {
    open: () => aStage({ root, now: () => NOON }),
    verify: verifyMachine,
    trigger: '',
    isApplying: async () => false,
    pause: async () => {},
    tell: async () => null,
    signal: new AbortController().signal,
    checks,
    troubles,
    pauseMs: 0,
    keepFromApplying: async () => ({ waited: false, [Symbol.asyncDispose]: async () => {} }),
    ...more,
  })
  return { code, text: said.join('\n') }
}

describe('the doctor', () => {
  test('mends what is safe, says what it did, and looks again', async () => {
    const patient = machine()
    const { code, text } = await run([], patient)
    expect(patient.state).toEqual({ broken: false, treated: 1 })
    expect(code).toBe(0)
    expect(text).toContain('Done: It was put right. It is well now.')
    // What needs a person is told, step by step; what fails comes first.
    expect(text.indexOf('Symptom of by-itself')).toBeLessThan(text.indexOf('Symptom of by-hand'))
    expect(text).toContain('  2. Then that.')
    expect(text).not.toContain('never-seen')
  })
  test('what did not help is not called well', async () => {
    const { code, text } = await run([], machine({ mends: false }))
    expect(code).toBe(1)
    expect(text).toContain('It is not well yet: it is broken')
  })
  test('what could not be done is told with its reason', async () => {
    const { code, text } = await run([], machine({ why: 'The disk is gone.' }))
    expect(code).toBe(1)
    expect(text).toContain('Tried to mend it, but: The disk is gone.')
  })
  test('what the mend of another trouble has mended is not treated again', async () => {
    const patient = machine()
    const looks: string[] = []
    const same = check('same', async () => {
      looks.push('same')
      return patient.state.broken ? failed('consequence', 'nothing comes') : passed('it comes')
    })
    let treated = 0
    const consequence = trouble('consequence', async () => `It was treated ${(treated += 1)} times.`)
    const { code, text } = await run([], {
      ...patient,
      checks: [...patient.checks, same],
      troubles: [...patient.troubles, consequence],
    })
    expect(treated).toBe(0)
    expect(text).toContain('Done: Nothing more was needed. It is well now.')
    expect(looks.length).toBeGreaterThan(1)
    expect(code).toBe(0)
  })
  test('what only cannot be told after the mend of another trouble is treated, and not taken for well', async () => {
    const patient = machine()
    const shown = check('shown', async () =>
      patient.state.broken ? failed('home-shows', 'the home shows') : warned('by-hand', 'nobody could be asked'),
    )
    let isStopped = false
    const homeShows = trouble('home-shows', async () => {
      isStopped = true
      return 'It was stopped.'
    })
    const { text } = await run([], {
      ...patient,
      checks: [...patient.checks, shown],
      troubles: [...patient.troubles, homeShows],
    })
    expect(isStopped).toBe(true)
    expect(text).toContain('Done: It was stopped.')
  })
  test('what is still there after the mend of another trouble is treated', async () => {
    const patient = machine()
    let isBroken = true
    const other = check('other', async () => (isBroken ? failed('another', 'it hangs') : passed('it works')))
    const another = trouble('another', async () => {
      isBroken = false
      return 'It was shaken.'
    })
    const { code, text } = await run([], {
      ...patient,
      checks: [...patient.checks, other],
      troubles: [...patient.troubles, another],
    })
    expect(text).toContain('Done: It was shaken. It is well now.')
    expect(code).toBe(0)
  })
  test('a machine that is well', async () => {
    const patient = machine()
    const { code, text } = await run([], { ...patient, checks: patient.checks.slice(0, 1) })
    expect(code).toBe(0)
    expect(text).toContain('Nothing is wrong: 1 checks')
  })
  test('what is not well and leads nowhere is told too', async () => {
    const patient = machine()
    const lost = check('lost', async () => failed('nobody-knows', 'strange'))
    const { code, text } = await run([], { ...patient, checks: [lost] })
    expect(code).toBe(1)
    expect(text).toContain('Title of lost: strange')
    expect(text).toContain('mediaserver diagnostics')
  })
  test('one trouble alone', async () => {
    const patient = machine()
    expect((await run(['by-hand'], patient)).text).toContain('Symptom of by-hand [by-hand]')
    expect(patient.state.treated).toBe(0)
    await run([], machine({ mends: false }))
    const { code, text } = await run(['by-itself'], patient)
    expect([code, patient.state.treated]).toEqual([0, 1])
    expect(text).toContain('It is well now.')
  })
  test('all troubles that are known, and words that are none', async () => {
    expect((await run(['list'], machine())).text.split('\n')).toHaveLength(3)
    expect(await run(['nonsense'], machine())).toMatchObject({ code: 2 })
    expect(await run(['list', 'more'], machine())).toMatchObject({ code: 2 })
  })
  test('for programs', async () => {
    const { text } = await run([], machine(), true)
    expect(JSON.parse(text)).toMatchObject({
      cases: [
        { trouble: { id: 'by-itself', remedy: true }, checks: ['sick'], treated: { done: 'It was put right.' } },
        { trouble: { id: 'by-hand', remedy: false }, checks: ['odd'], treated: null },
      ],
      results: [{ id: 'well' }, { id: 'sick', verdict: 'pass' }, { id: 'odd', verdict: 'warn' }],
    })
  })
  test('a machine that was not set up', async () => {
    const open = () => ({ fault: 'Not yet.' })
    expect(await run([], machine(), false, { open })).toEqual({ code: 3, text: 'Not yet.' })
    expect((await run(['by-itself'], machine(), false, { open })).text).toContain('1. First this.')
  })
})

describe('while somebody applies answers', () => {
  const lockPath = () => join(place, applyLockPath)
  const alone = (signal: AbortSignal): Partial<DoctorDoors> => ({
    signal,
    keepFromApplying: async (stop, onWait) => await takeLock(lockPath(), stop, onWait),
  })
  const { signal } = new AbortController()

  test('the doctor waits, says so, and looks at what was answered then', async () => {
    const patient = machine()
    const held = await takeLock(lockPath(), signal)
    let opened = 0
    const open = () => {
      opened += 1
      return aStage({ root, now: () => NOON })
    }
    const waits = Promise.withResolvers<void>()
    const keepFromApplying: DoctorDoors['keepFromApplying'] = async (stop, onWait) =>
      await takeLock(lockPath(), stop, () => {
        onWait()
        waits.resolve()
      })
    const examined = run([], patient, false, { open, keepFromApplying })
    await waits.promise
    expect([opened, patient.state.treated]).toEqual([1, 0])
    await held[Symbol.asyncDispose]()
    const { code, text } = await examined
    expect([code, opened, patient.state.treated]).toEqual([0, 2, 1])
    expect(text).toMatch(/^The answers are being applied; this goes on when that is done\.\n/)
  })
  test('nobody else applies any while it mends, and afterwards anybody may', async () => {
    const patient = machine()
    const isFree = async () => {
      const stop = new AbortController()
      const taken = await takeLock(lockPath(), stop.signal, () => stop.abort()).catch(() => null)
      await taken?.[Symbol.asyncDispose]()
      return taken !== null
    }
    const seen: boolean[] = []
    const watched = patient.troubles.map(each =>
      each.id === 'by-itself'
        ? trouble('by-itself', async () => {
            seen.push(await isFree())
            return 'It was put right.'
          })
        : each,
    )
    await run([], { ...patient, troubles: watched }, false, alone(signal))
    expect([...seen, await isFree()]).toEqual([false, true])
  })
  test('who stops the doctor is not kept waiting', async () => {
    await using _held = await takeLock(lockPath(), signal)
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 50)
    const { code, text } = await run([], machine(), true, alone(stop.signal))
    expect([code, JSON.parse(text)]).toEqual([3, { fault: 'The doctor was stopped.' }])
  })
  test('a lock that cannot be taken is told with its mend', async () => {
    const keepFromApplying = async () => await Promise.reject(new ChangeFailure('No lock.', 'Try again.'))
    expect(await run([], machine(), false, { keepFromApplying })).toEqual({ code: 3, text: 'No lock. Try again.' })
  })
})

test.each(allTroubles.filter(({ remedy }) => remedy !== undefined).map(each => [each.id, each] as const))(
  'the remedy of %s has nobody apply answers, who would wait for the doctor',
  async (_, each) => {
    const asked: string[] = []
    for (const code of [0, 1]) {
      const attempt = async (argv: readonly string[]) => {
        asked.push(argv.join(' '))
        return { code, stdout: '', stderr: '' }
      }
      await treat(each, aStage({ root, attempt }), new AbortController().signal)
    }
    expect(asked.filter(command => /mediaserver[ -](?:apply|begin|credentials|doctor)/.test(command))).toEqual([])
  },
)

test('a remedy that never ends is stopped', async () => {
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 20)
  const endless = trouble('endless', () => new Promise(() => {}))
  expect(await treat(endless, aStage(), stop.signal)).toEqual({ why: 'It was not over in time.' })
  expect(await treat(trouble('none'), aStage(), new AbortController().signal)).toEqual({ why: 'This needs a person.' })
})

test('several checks that lead to one trouble are one case', async () => {
  const checks = ['a', 'b'].map(id => check(id, async () => failed('by-hand', id)))
  const { verification } = await verifyMachine(
    aStage({ root, now: () => NOON }),
    { all: checks, chosen: checks, troubles: [trouble('by-hand')] },
    new AbortController().signal,
  )
  const cases = diagnose(verification.results, [trouble('by-hand')])
  expect(cases.map(({ results }) => results.length)).toEqual([2])
  expect(unexplained(verification.results, cases)).toEqual([])
})
