import type { Site } from '../changes/change.ts'
import type { Scene } from './check.ts'

/** The running system in the form that the set-up's own code knows, with no other doors than a check has. */
export function siteOf({
  answers,
  root,
  attempt,
  signal,
}: Pick<Scene, 'answers' | 'root' | 'attempt' | 'signal'>): Site {
  const run: Site['run'] = async (argv, follow) => {
    const { code, stdout, stderr } = await attempt(argv, follow)
    if (code === 0) return stdout
    const words = stderr.trim().split('\n').at(-1) || 'it gave no reason'
    throw new Error(`${argv[0]} ${code === null ? 'could not be run' : 'failed'}: ${words}`)
  }
  return {
    answers,
    target: root.prefix,
    path: path => `${root.prefix}${path}`,
    attempt,
    run,
    runInside: run,
    progress: () => {},
    signal,
  }
}
