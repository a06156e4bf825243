import type { Root } from '../../../firstboot/root.ts'
import type { Ended } from '../../../firstboot/run.ts'
import type { Scene } from '../../../firstboot/verify/check.ts'
import type { Stage } from '../../../firstboot/verify/run-checks.ts'
import { someAnswers } from '../plan-setup/answers.ts'

/** A moment in Unix milliseconds. */
export const NOON = Date.UTC(2026, 10, 25, 12)

/** A tree of files from their texts; a text that begins with `-> ` is a link. */
export function aRoot(files: Readonly<Record<string, string>> = {}): Root {
  const text = (path: string) => files[path] ?? null
  return {
    prefix: '',
    text,
    bytes: path => (files[path] === undefined ? null : Buffer.from(files[path])),
    list: path => {
      const inside = `${path.replace(/\/$/, '')}/`
      const names = Object.keys(files).flatMap(name => (name.startsWith(inside) ? name.slice(inside.length) : []))
      return [...new Set(names.map(name => name.split('/')[0] ?? ''))].sort()
    },
    link: path => (files[path]?.startsWith('-> ') === true ? files[path].slice(3) : null),
  }
}

/** What programs answer, by the beginning of their command; a text is the standard output of one that went well. */
export type Programs = Readonly<Record<string, string | Partial<Ended>>>

/** Runs no program; one that is not among these is not there, and the longest beginning counts. */
export function answering(programs: Programs, asked: string[] = []) {
  return async (argv: readonly string[]): Promise<Ended> => {
    const command = argv.join(' ')
    asked.push(command)
    const name = Object.keys(programs)
      .filter(start => command === start || command.startsWith(`${start} `))
      .sort((one, other) => other.length - one.length)[0]
    const answer = name === undefined ? undefined : programs[name]
    if (answer === undefined) return { code: null, stdout: '', stderr: `spawn ${argv[0]} ENOENT` }
    return { code: 0, stdout: '', stderr: '', ...(typeof answer === 'string' ? { stdout: answer } : answer) }
  }
}

/** A stage on which nothing is there but what a test gives. */
export const aStage = (more: Partial<Stage> = {}): Stage => ({
  root: aRoot(),
  answers: someAnswers,
  services: [],
  get: async () => ({ unreachable: 'no network' }),
  ask: async () => ({ unreachable: 'no network' }),
  attempt: answering({}),
  now: () => Date.now(),
  patience: 1,
  ...more,
})

/** A scene for one check. */
export const aScene = (
  files: Readonly<Record<string, string>> = {},
  programs: Programs = {},
  more: Partial<Scene> = {},
): Scene => ({
  root: aRoot(files),
  answers: someAnswers,
  services: [],
  get: async () => ({ unreachable: 'no network' }),
  ask: async () => ({ unreachable: 'no network' }),
  attempt: answering(programs),
  once: async (_name, find) => await find(),
  now: () => NOON,
  signal: new AbortController().signal,
  ...more,
})
