import { describe, expect, test } from 'vitest'
import { isShellScript, modeFaults } from '../../../builder/checks/files.ts'
import { CHECKS } from '../../../builder/checks/list.ts'
import { faultText, reportLine, runChecks, type CheckReport } from '../../../builder/checks/run-checks.ts'
import type { Check, CheckContext } from '../../../builder/checks/types.ts'
import { unfinishedTests } from '../../../builder/checks/unfinished-tests.ts'
import { UserError } from '../../../builder/shared/errors.ts'

const context = (signal = new AbortController().signal): CheckContext => ({
  project: '/nowhere',
  files: [],
  run: async () => ({ stdout: '', stderr: '' }),
  signal,
})
const check = (name: string, look: Check['look'], mend = ''): Check => ({ name, mend, look })

describe('running checks', () => {
  test('tells each check as it ends, and all faults in the order of the checks', async () => {
    const slow = Promise.withResolvers<void>()
    const told: string[] = []
    const reports = await runChecks(
      [
        check('slow', async () => {
          await slow.promise
          return { faults: ['a.ts:1: wrong', 'b.ts:2: wrong'] }
        }),
        check('quick', async () => ({ faults: ['c.ts:3: stale'] }), 'Write it anew.'),
        check('good', async () => ({ faults: [] })),
      ],
      context(),
      report => {
        told.push(report.check.name)
        if (told.length === 2) slow.resolve()
      },
    )
    expect(told).toEqual(['quick', 'good', 'slow'])
    expect(faultText(reports)).toBe(
      'slow:\n  a.ts:1: wrong\n  b.ts:2: wrong\n\nquick:\n  c.ts:3: stale\n  Write it anew.',
    )
  })

  test('a check that cannot look fails with its reason, and the others go on', async () => {
    const missing = new UserError('The program shellcheck is not installed.', 'Run "npm run doctor".')
    const reports = await runChecks(
      [check('shell', () => Promise.reject(missing)), check('good', async () => ({ faults: [] }))],
      context(),
      () => {},
    )
    expect(reports.map(({ faults }) => faults)).toEqual([
      ['The program shellcheck is not installed.', '  Run "npm run doctor".'],
      [],
    ])
  })

  test('a stopped run tells nothing', async () => {
    const stop = new AbortController()
    const told: CheckReport[] = []
    const running = runChecks(
      [
        check('slow', async () => {
          stop.abort(new UserError('Stopped.'))
          throw new Error('the program was ended')
        }),
      ],
      context(stop.signal),
      report => told.push(report),
    )
    await expect(running).rejects.toThrow('Stopped.')
    expect(told).toEqual([])
  })

  test('one line says the verdict, the time and what was let pass', () => {
    const good = check('units', async () => ({ faults: [] }))
    expect(reportLine({ check: good, faults: [], seconds: 0.52 })).toBe(' ok   units        0.5 s')
    expect(reportLine({ check: good, faults: ['x'], notes: ['a', 'b'], seconds: 12 })).toBe(
      'FAIL  units         12 s  (a; b)',
    )
  })

  test('every check has a name of its own', () => {
    const names = CHECKS.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('scripts', () => {
  test('are told by their first line or their name', () => {
    const shells = ['#!/bin/sh', '#!/bin/bash -e', '#!/usr/bin/env bash', '#! /bin/dash', '#!/usr/bin/sh']
    expect(shells.filter(firstLine => isShellScript({ file: 'x', firstLine }))).toEqual(shells)
    expect(isShellScript({ file: 'lib.sh', firstLine: 'start() {' })).toBe(true)
    const others = ['#!/usr/bin/env node', '#!/bin/fish', '#!/usr/bin/perl', '# /bin/sh', '']
    expect(others.filter(firstLine => isShellScript({ file: 'x', firstLine }))).toEqual([])
  })

  test('may be run, and nothing else may', () => {
    expect(
      modeFaults([
        { file: 'good', firstLine: '#!/bin/sh', executable: true },
        { file: 'text', firstLine: 'words', executable: false },
        { file: 'forgotten', firstLine: '#!/bin/sh', executable: false },
        { file: 'image.png', firstLine: '\u0089PNG', executable: true },
      ]),
    ).toEqual([
      'forgotten: begins with #! and is not executable (chmod +x)',
      'image.png: is executable and does not begin with #! (chmod -x)',
    ])
  })
})

test('tests that do not run are found with their lines', () => {
  // Put together, so that this file itself is none of them.
  const never = ['skip', 'only', 'todo', 'skipIf', 'runIf']
  const text = [
    "test('good', () => {})",
    ...never.map(word => `it.${word}('x')`),
    ...never.slice(0, 1).map(word => `describe.concurrent.${word}('y')`),
  ]
  expect(unfinishedTests('test/a.test.ts', text.join('\n'))).toEqual([
    ...never.map((word, index) => `test/a.test.ts:${index + 2}: it.${word}`),
    ...never.slice(0, 1).map(word => `test/a.test.ts:7: describe.concurrent.${word}`),
  ])
  expect(unfinishedTests('test/a.test.ts', 'reader.skip(3)\nawait list.only()\nexit(1)\nsubmit.skip()')).toEqual([])
})
