import type { CommandFunction } from './commands/command.ts'
import { describeError, UserError } from './shared/errors.ts'

// Loaded one by one: most commands need little, and "nothing changed" shall be said within a second.
const COMMANDS: Readonly<Record<string, () => Promise<CommandFunction>>> = {
  image: async () => (await import('./commands/image.ts')).image,
  plan: async () => (await import('./commands/plan.ts')).plan,
  lock: async () => (await import('./commands/lock.ts')).lock,
  demo: async () => (await import('./commands/demo.ts')).demo,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
  flash: async () => (await import('./commands/flash.ts')).flash,
  bench: async () => (await import('./commands/bench.ts')).bench,
  answers: async () => (await import('./commands/answers.ts')).answers,
  schema: async () => (await import('./commands/schema.ts')).schema,
  check: async () => (await import('./commands/check.ts')).check,
}

async function main(): Promise<number> {
  const [name = '', ...args] = process.argv.slice(2)
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () =>
      stop.abort(new UserError('Stopped. Finished steps are kept; the same command goes on from here.')),
    )
  }
  try {
    const load = COMMANDS[name]
    if (load === undefined)
      throw new UserError(`There is no command "${name}".`, `Commands: ${Object.keys(COMMANDS).join(', ')}.`)
    return await (
      await load()
    )(args, stop.signal)
  } catch (error) {
    const shown = stop.signal.aborted ? stop.signal.reason : error
    process.stderr.write(`\n${describeError(shown)}\n`)
    return stop.signal.aborted ? 130 : shown instanceof UserError ? 2 : 70
  }
}

process.exitCode = await main()
