import { resolve } from 'node:path'
import { buildImage } from '../build.ts'
import type { CommandFunction } from './command.ts'
import { parseBuildOptions } from '../options.ts'
import { places } from '../places.ts'
import { checkFirstScreen, runInteractive } from '../qemu/interactive.ts'
import { chooseReporter } from '../reporters/choose.ts'
import { run } from '../shared/run.ts'
import { UserError } from '../shared/errors.ts'

/** `npm run demo`: builds the demo image and boots it in this terminal; `--check` looks at the first screen by itself. */
export const demo: CommandFunction = async (args, signal) => {
  const check = args.includes('--check')
  const options = parseBuildOptions(
    ['--base', 'debian-13', '--sources', 'standin', ...args.filter(arg => arg !== '--check')],
    process.env,
  )
  if (!check && !process.stdin.isTTY)
    throw new UserError('The demo needs a terminal to show its screens in.', 'Without one: npm run demo -- --check')
  const here = places()
  const reporter = await chooseReporter(process.env, process.stdout)
  let image: string
  try {
    image = await buildImage(here, { ...options, out: resolve(here.project, options.out) }, run, reporter, signal)
  } finally {
    reporter.close()
  }
  if (check) await checkFirstScreen(image)
  else await runInteractive(image)
  return 0
}
