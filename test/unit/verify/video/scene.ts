import type { Answers } from '../../../../firstboot/answers/answers.ts'
import type { Ask } from '../../../../firstboot/plex/ask.ts'
import type { Root } from '../../../../firstboot/root.ts'
import type { Ended } from '../../../../firstboot/run.ts'
import type { Finding, Scene } from '../../../../firstboot/verify/check.ts'
import { videoChecks } from '../../../../firstboot/verify/video/all.ts'

/** Files by path; a text that begins with `-> ` is a link. */
export type Tree = Readonly<Record<string, string>>

/** A view on a made-up tree. Reading may change it, as the kernel's files do. */
export const rootOf = (tree: Tree | (() => Tree)): Root => {
  const now = typeof tree === 'function' ? tree : () => tree
  const text = (path: string) => {
    const found = now()[path]
    return found === undefined || found.startsWith('-> ') ? null : found
  }
  return {
    prefix: '',
    text,
    bytes: path => {
      const found = text(path)
      return found === null ? null : Buffer.from(found)
    },
    list: path => [
      ...new Set(
        Object.keys(now())
          .filter(each => each.startsWith(`${path}/`))
          .map(each => each.slice(path.length + 1).split('/')[0] ?? ''),
      ),
    ],
    link: path => (now()[path]?.startsWith('-> ') === true ? (now()[path] ?? '').slice(3) : null),
  }
}

/** How programs end, by the words of their command line; null when a program is not there. */
export type Programs = (line: string) => Partial<Ended> | null

/** A scene on a made-up machine. */
export function sceneOf(tree: Tree | (() => Tree), programs: Programs = () => null, ask: Ask = nobody): Scene {
  const known = new Map<string, Promise<unknown>>()
  return {
    root: rootOf(tree),
    // Only the language is looked at.
    answers: { language: 'en_US.UTF-8' } as unknown as Answers,
    services: [],
    get: () => Promise.resolve({ unreachable: 'no network' }),
    ask,
    attempt: (argv, follow) => {
      const ended = { code: 0, stdout: '', stderr: '', ...(programs(argv.join(' ')) ?? missing(argv[0])) }
      for (const line of [ended.stderr, ended.stdout].join('\n').split('\n')) if (line !== '') follow?.onLine?.(line)
      return Promise.resolve(ended)
    },
    once: <T>(name: string, find: () => Promise<T>) => {
      if (!known.has(name)) known.set(name, find())
      return known.get(name) as Promise<T>
    },
    now: Date.now,
    signal: AbortSignal.timeout(30_000),
  }
}

const nobody: Ask = () => Promise.resolve({ unreachable: '127.0.0.1 does not answer' })

const missing = (program: string): Ended => ({ code: null, stdout: '', stderr: `spawn ${program} ENOENT` })

/** What all checks of the section find, by their names. */
export async function findings(scene: Scene): Promise<Record<string, Finding>> {
  return Object.fromEntries(
    await Promise.all(videoChecks.map(async check => [check.id, await check.run(scene)] as const)),
  )
}

/** The same as short words: `fail video-permission`. */
export async function verdicts(scene: Scene): Promise<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(await findings(scene)).map(([id, { verdict, trouble }]) => [
      id,
      [verdict, ...(trouble === undefined ? [] : [trouble])].join(' '),
    ]),
  )
}
