import type { Reporter } from '../execute/events.ts'
import { plainReporter } from './plain.ts'
import { terminalReporter } from './terminal.ts'

/** The reporter that fits where the output goes: GitHub, a person's terminal, or a log. */
export async function chooseReporter(env: NodeJS.ProcessEnv, stream: NodeJS.WriteStream): Promise<Reporter> {
  // Loaded only there: it costs a fifth of a second, more than a build with nothing to do.
  if (env['GITHUB_ACTIONS'] === 'true') return (await import('./github.ts')).githubReporter()
  return stream.isTTY ? terminalReporter(stream) : plainReporter(line => stream.write(`${line}\n`))
}
