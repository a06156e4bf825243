import type { Answers } from '../answers/answers.ts'
import type { Site } from '../changes/change.ts'
import { type Ended, type Follow, runLong } from '../run.ts'
import { ChangeFailure } from './failure.ts'
import { mountKernel, TARGET } from './target.ts'

/** What a change says while it works. */
export interface Voice {
  readonly progress: (doing: string, done?: number, total?: number) => void
  readonly log: (line: string) => void
}

const lastWords = (ended: Ended): string =>
  (ended.stderr || ended.stdout)
    .split('\n')
    .filter(line => line.trim() !== '')
    .slice(-3)
    .join('; ')

/** Makes sites for changes: inside a new system that lies in a folder, or on the running one. */
export function siteMaker(answers: Answers, inFolder: boolean, signal: AbortSignal): (voice: Voice) => Site {
  let kernelMounted = false
  const target = inFolder ? TARGET : ''
  return ({ progress, log }) => {
    const attempt: Site['attempt'] = async (argv, follow: Follow = {}) => {
      const [program, ...args] = argv
      const onLine = (line: string) => {
        follow.onLine?.(line)
        if (follow.quiet !== true) log(line)
      }
      return await runLong(program, args, { ...follow, onLine, signal })
    }
    const runNamed = async (name: string, argv: readonly [string, ...string[]], follow?: Follow): Promise<string> => {
      const ended = await attempt(argv, follow)
      if (ended.code === 0) return ended.stdout
      throw new ChangeFailure(
        `${name} ${ended.code === null ? 'could not be run' : 'failed'}: ${lastWords(ended)}`,
        'Try again; if it happens again, save a report.',
      )
    }
    const run: Site['run'] = async (argv, follow) => await runNamed(argv[0], argv, follow)
    const site: Site = {
      answers,
      target,
      path: path => `${target}${path}`,
      attempt,
      run,
      async runInside(argv, follow) {
        if (target === '') return await run(argv, follow)
        if (!kernelMounted) await mountKernel(site)
        kernelMounted = true
        return await runNamed(argv[0], ['chroot', target, ...argv], follow)
      },
      progress,
      signal,
    }
    return site
  }
}
