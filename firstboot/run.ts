import { execFile, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'

/** How a program ended: `code` is null when it could not be started or was killed. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The only door to other programs: no shell, never throws, killed after `timeoutMs`. */
export function run(program: string, args: readonly string[], timeoutMs = 20_000): Promise<Ended> {
  return new Promise(resolve => {
    const options = {
      timeout: timeoutMs,
      maxBuffer: 16 * 1024 * 1024,
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    }
    execFile(program, [...args], options, (error, stdout, stderr) => {
      if (!error) return resolve({ code: 0, stdout, stderr })
      const code = typeof error.code === 'number' ? error.code : null
      resolve({ code, stdout, stderr: stderr || error.message })
    })
  })
}

/** How a long program is run: what it is told on standard input, and who reads its lines as they come. */
export interface Follow {
  /** Given on standard input, which never shows up in a list of processes; bytes as they come, as fast as it reads them. */
  readonly input?: string | AsyncIterable<Uint8Array>
  readonly onLine?: (line: string) => void
  /** What it prints is for this program, and not for people who follow what is done. */
  readonly quiet?: true
  /** All that it prints is kept, however much: a list or a table that lacks its beginning is another one. */
  readonly whole?: true
  readonly signal?: AbortSignal
}

// Enough to explain a failure, and no more than a screen or two.
const KEPT_LINES = 200

/** Runs a program that may take long, line by line; never throws for how it ends. Keeps the last lines of each stream. */
export function runLong(
  program: string,
  args: readonly string[],
  { input, onLine, whole, signal }: Follow,
): Promise<Ended> {
  return new Promise(resolve => {
    const child = spawn(program, [...args], {
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
      ...(signal === undefined ? {} : { signal }),
    })
    const follow = (stream: NodeJS.ReadableStream | null) => {
      const lines: string[] = []
      if (stream === null) return lines
      // Progress lines end with a carriage return; readline takes both.
      createInterface({ input: stream, crlfDelay: Infinity }).on('line', line => {
        lines.push(line)
        if (whole !== true && lines.length > KEPT_LINES) lines.shift()
        onLine?.(line)
      })
      return lines
    }
    const stdout = follow(child.stdout)
    const stderr = follow(child.stderr)
    const end = (code: number | null, why = '') =>
      resolve({ code, stdout: stdout.join('\n'), stderr: stderr.join('\n') || why })
    child.on('error', error => end(null, error.message))
    child.on('close', code => end(code))
    // The program may end before it has read everything; how it ended says what that means.
    child.stdin?.on('error', () => {})
    if (input === undefined || typeof input === 'string') child.stdin?.end(input)
    else if (child.stdin !== null)
      pipeline(input, child.stdin).catch((error: Error) => child.kill() && end(null, error.message))
  })
}

/** Runs a short program that works on an open file, which it gets as its number 3; never throws for how it ends. */
export function runOnFile(program: string, args: readonly string[], file: number, signal: AbortSignal): Promise<Ended> {
  return new Promise(resolve => {
    const child = spawn(program, [...args, '3'], { stdio: ['ignore', 'ignore', 'pipe', file], signal })
    let stderr = ''
    child.stderr?.on('data', (bytes: Buffer) => (stderr += bytes.toString()))
    child.on('error', error => resolve({ code: null, stdout: '', stderr: error.message }))
    child.on('close', code => resolve({ code, stdout: '', stderr }))
  })
}

/** Runs a program and gives what it writes on standard output, as it comes; throws with its last words when it fails. */
export async function* readProgram(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Buffer, void> {
  const child = spawn(program, [...args], { stdio: ['ignore', 'pipe', 'pipe'], signal })
  const ended = new Promise<string | null>(resolve => {
    let words = ''
    child.stderr.on('data', (bytes: Buffer) => (words = `${words}${bytes.toString()}`.slice(-2000)))
    child.on('error', error => resolve(error.message))
    child.on('close', code => resolve(code === 0 ? null : words.trim() || `it ended with code ${code}`))
  })
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer
    const why = await ended
    if (why !== null) throw new Error(`${program}: ${why}`)
  } finally {
    child.kill()
  }
}

/** Lets a program have this terminal until it ends; gives its exit code, or null when it could not be started. */
export function runOnTerminal(program: string, args: readonly string[]): Promise<number | null> {
  return new Promise(resolve => {
    // It is set for the moment in which Ink is loaded, and a shell may be opened in that very moment.
    const { FORCE_COLOR: _, ...env } = process.env
    // Our own standard error is the journal; a shell is interactive only when all three are the terminal.
    const child = spawn(program, [...args], { stdio: [0, 1, 1], env })
    child.on('error', () => resolve(null))
    child.on('exit', code => resolve(code))
  })
}
