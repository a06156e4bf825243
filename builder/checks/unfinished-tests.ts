import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Check, CheckContext, CheckResult } from './types.ts'

const UNFINISHED =
  /\b(?:it|test|describe|suite|bench)(?:\.[a-z]+)*\.(?:skip|only|todo|skipIf|runIf)\b|\b(?:xit|xtest|xdescribe)\(/g

/** Tests that do not run, or that keep others from running, each with its line. */
export function unfinishedTests(file: string, text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, index) => [...line.matchAll(UNFINISHED)].map(([found]) => `${file}:${index + 1}: ${found}`))
}

async function look({ project, files }: CheckContext): Promise<CheckResult> {
  const tests = files.filter(file => /^test\/.*\.tsx?$/.test(file))
  const found = await Promise.all(
    tests.map(async file => unfinishedTests(file, await readFile(join(project, file), 'utf8'))),
  )
  return { faults: found.flat() }
}

export const tests: Check = {
  name: 'tests',
  mend: 'A test that does not run proves nothing: mend it or take it out.',
  look,
}
