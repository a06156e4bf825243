import { execFile, spawn } from 'node:child_process'

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

/** Lets a program have this terminal until it ends; gives its exit code, or null when it could not be started. */
export function runOnTerminal(program: string, args: readonly string[]): Promise<number | null> {
  return new Promise(resolve => {
    // Our own standard error is the journal; a shell is interactive only when all three are the terminal.
    const child = spawn(program, [...args], { stdio: [0, 1, 1] })
    child.on('error', () => resolve(null))
    child.on('exit', code => resolve(code))
  })
}
