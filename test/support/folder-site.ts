import type { Answers } from '../../firstboot/answers/answers.ts'
import type { Site } from '../../firstboot/changes/change.ts'
import { runLong } from '../../firstboot/run.ts'

/** A system that lies in a folder, in the network of this very program. */
export function folderSite(folder: string, answers: Answers): Site {
  const attempt: Site['attempt'] = async ([program, ...args], follow = {}) => await runLong(program, args, follow)
  const run: Site['run'] = async (argv, follow) => {
    const ended = await attempt(argv, follow)
    if (ended.code !== 0) throw new Error(`${argv.join(' ')}: ${ended.stderr}`)
    return ended.stdout
  }
  return {
    answers,
    target: folder,
    path: path => `${folder}${path}`,
    run,
    runInside: run,
    attempt,
    progress: () => {},
    signal: new AbortController().signal,
  }
}
