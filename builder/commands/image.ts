import { resolve } from 'node:path'
import { buildImage } from '../build.ts'
import type { CommandFunction } from './command.ts'
import { parseBuildOptions } from '../options.ts'
import { places } from '../places.ts'
import { chooseReporter } from '../reporters/choose.ts'
import { run } from '../shared/run.ts'

/** `npm run image`: builds an image into out/. */
export const image: CommandFunction = async (args, signal) => {
  const options = parseBuildOptions(args, process.env)
  const here = places()
  const reporter = await chooseReporter(process.env, process.stdout)
  try {
    await buildImage(here, { ...options, out: resolve(here.project, options.out) }, run, reporter, signal)
    return 0
  } finally {
    reporter.close()
  }
}
