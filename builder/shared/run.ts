import { execa, ExecaError } from 'execa'
import { UserError } from './errors.ts'

/** One program call: an argument vector, never a shell line. */
export interface Command {
  readonly argv: readonly [string, ...string[]]
  /** What messages call it, where `argv` begins with wrappers. */
  readonly name?: string
  readonly cwd?: string
  /** Added to a small clean environment (PATH, HOME, LC_ALL=C.UTF-8). */
  readonly env?: Readonly<Record<string, string>>
  /** Given on standard input; otherwise standard input is closed. */
  readonly input?: string
  /** Standard output goes into this file instead of into the result. */
  readonly stdoutFile?: string
  /** A second program that reads this one's standard output. */
  readonly pipeTo?: readonly [string, ...string[]]
}

export interface CommandResult {
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly signal?: AbortSignal
  /** Called with each line the programs print on standard error. */
  readonly onLine?: (line: string) => void
}

/** The one door for programs: runs a command to its end; throws `CommandError` when it fails. */
export type Runner = (command: Command, options?: RunOptions) => Promise<CommandResult>

/** A program failed, is missing, or was stopped; the message names it and quotes the end of what it said. */
export class CommandError extends UserError {
  override readonly name = 'CommandError'
  readonly exitCode: number | undefined
  readonly stderr: string

  constructor(message: string, mend: string, exitCode: number | undefined, stderr: string, cause: unknown) {
    super(message, mend, { cause })
    this.exitCode = exitCode
    this.stderr = stderr
  }
}

// The builder's own PATH is cleaned, so that a user's wrappers do not change what is built; sbin is where mkfs lives.
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

function quoteLastLines(text: string): string {
  const lines = text.split('\n').filter(line => line.trim() !== '')
  return lines
    .slice(-8)
    .map(line => `    ${line}`)
    .join('\n')
}

function toCommandError(argv: readonly string[], error: unknown, program = argv[0] ?? ''): unknown {
  if (!(error instanceof ExecaError)) return error
  const stderr = String(error.stderr ?? '')
  if (error.code === 'ENOENT') {
    return new CommandError(
      `The program ${argv[0]} is not installed.`,
      'Run "npm run doctor" to see what is missing.',
      undefined,
      '',
      error,
    )
  }
  if (/No space left on device/.test(stderr)) {
    return new CommandError(
      `The disk is full: ${program} could not write.\n${quoteLastLines(stderr)}`,
      'Free some space, or set MEDIASERVER_STORE to a folder on a larger disk; finished steps are kept.',
      error.exitCode,
      stderr,
      error,
    )
  }
  const how = error.isCanceled
    ? 'was stopped'
    : error.signal !== undefined
      ? `was ended by ${error.signal}`
      : `failed with exit code ${error.exitCode}`
  return new CommandError(`${program} ${how}.\n${quoteLastLines(stderr)}`, '', error.exitCode, stderr, error)
}

/** The runner that really runs programs. Children get their own process group's fate: they end when this process ends. */
export const run: Runner = async (command, options = {}) => {
  const [program, ...args] = command.argv
  const settings = {
    extendEnv: false,
    env: { PATH, HOME: process.env['HOME'] ?? '/', LC_ALL: 'C.UTF-8', ...command.env },
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    forceKillAfterDelay: 3000,
    maxBuffer: 64 * 1024 * 1024,
  } as const
  const follow = (lines: AsyncIterable<string>) =>
    (async () => {
      for await (const line of lines) options.onLine?.(line)
    })().catch(() => undefined)
  const stdin = command.input === undefined ? { stdin: 'ignore' as const } : { input: command.input }
  const stdout = command.stdoutFile === undefined ? {} : { stdout: { file: command.stdoutFile } }
  const first = execa(program, args, {
    ...settings,
    ...stdin,
    ...stdout,
    buffer: { stdout: command.pipeTo === undefined && command.stdoutFile === undefined, stderr: true },
  })
  void follow(first.iterable({ from: 'stderr' }))
  if (command.pipeTo === undefined) {
    const result = await first.catch((error: unknown) => {
      throw toCommandError(command.argv, error, command.name)
    })
    return { stdout: String(result.stdout ?? ''), stderr: String(result.stderr ?? '') }
  }
  const [reader, ...readerArgs] = command.pipeTo
  const second = execa(reader, readerArgs, settings)
  first.pipe(second).catch(() => undefined)
  // Where one side fails the other is ended, and waited for: the failure that came first is the one to tell.
  const failures: unknown[] = []
  const [source, target] = await Promise.all([
    first.catch((error: unknown) => {
      failures.push(toCommandError(command.argv, error, command.name))
      second.kill()
    }),
    second.catch((error: unknown) => {
      failures.push(toCommandError(command.pipeTo ?? [], error))
      first.kill()
    }),
  ])
  if (failures.length > 0) throw failures[0]
  return {
    stdout: String(target?.stdout ?? ''),
    stderr: `${String(source?.stderr ?? '')}\n${String(target?.stderr ?? '')}`,
  }
}
