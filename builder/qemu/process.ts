import { execa } from 'execa'
import { existsSync } from 'node:fs'

/** A running QEMU. */
export interface QemuProcess {
  /** Resolves when QEMU has ended, however it ended. */
  readonly ended: Promise<void>
  /** Why QEMU is not running any more, in a sentence; undefined while it runs. */
  readonly fate: () => string | undefined
  readonly kill: () => void
  /** Holds the process where it is, or lets it go on. */
  readonly hold: (held: boolean) => void
}

const running = new Set<{ kill: (signal: 'SIGKILL') => boolean }>()

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

// setpriv lets the kernel end QEMU with us even when we are killed and cannot clean up any more.
const SETPRIV = '/usr/bin/setpriv'

/** Starts QEMU so that it never outlives this process; `enter` is what runs it in another network namespace. */
export function startQemu(argv: readonly string[], enter: readonly string[] = []): QemuProcess {
  // The kernel forgets the wish when a process gets other rights, as by entering a namespace: so it comes after that.
  const wrapped = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL'] : []
  const command = [...enter, ...wrapped, 'qemu-system-x86_64', ...argv]
  const child = execa(command[0] ?? '', command.slice(1), { stdin: 'ignore', reject: false, cleanup: true })
  running.add(child)
  let fate: string | undefined
  const ended = child.then(result => {
    running.delete(child)
    const said = String(result.stderr ?? '').trim()
    const how =
      result.signal !== undefined
        ? `was ended by ${result.signal}`
        : `ended with exit code ${result.exitCode ?? 'unknown'}`
    fate = `QEMU ${how}${said === '' ? '.' : `: ${said}`}`
  })
  return {
    ended,
    fate: () => fate,
    kill: () => void child.kill('SIGKILL'),
    hold: held => void child.kill(held ? 'SIGSTOP' : 'SIGCONT'),
  }
}
