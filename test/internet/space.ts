import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readlink } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'

/** How a program in a space ended; `code` is null when it was killed. */
export interface Said {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A program that goes on in a space. */
export interface Running {
  readonly child: ChildProcess
  /** Every line that it has written so far, on both streams. */
  readonly lines: readonly string[]
  /** Waits for a line; throws when it does not come in time or the program ends before. */
  waitFor(pattern: RegExp, seconds?: number): Promise<string>
  /** Sends a signal to the program. */
  signal(name: NodeJS.Signals): void
  stop(): Promise<void>
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
// The kernel forgets this when a process gets other rights, as by entering a namespace: so it comes after that.
const DIES_WITH_US = ['setpriv', '--pdeathsig', 'KILL']
const ROOT = process.getuid?.() === 0

/**
 * A network of its own, and a view on the files where mounts can be made without anybody noticing. It lives as long as one
 * sleeping process, which the kernel ends together with the test, and everything in it goes with it. Needs no root: without
 * it, all spaces share one user namespace where the test is root.
 */
export class Space implements AsyncDisposable {
  readonly name: string
  readonly pid: number
  readonly #sleeper: ChildProcess
  readonly #running: Running[] = []

  private constructor(name: string, sleeper: ChildProcess) {
    this.name = name
    this.#sleeper = sleeper
    this.pid = sleeper.pid ?? 0
  }

  /** Opens a space; without root, `beside` an earlier one, so that links can be laid between them. */
  static async open(name: string, beside?: Space): Promise<Space> {
    const asUser = ROOT || beside !== undefined ? [] : ['--user', '--map-root-user', '--map-auto']
    const enter = ROOT || beside === undefined ? [] : nsenter(beside.pid, ['--user'])
    const sleep = [...DIES_WITH_US, 'sh', '-c', 'echo ready; exec sleep infinity']
    const argv = [...enter, 'unshare', '--net', '--mount', ...asUser, ...sleep]
    const sleeper = spawn(argv[0] ?? '', argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH } })
    const words: Buffer[] = []
    sleeper.stderr.on('data', (part: Buffer) => words.push(part))
    // Before that, the process is still in the namespaces of the test.
    await Promise.race([
      once(sleeper.stdout, 'data'),
      once(sleeper, 'close').then(() => {
        throw new Error(`The network space ${name} cannot be made: ${Buffer.concat(words).toString()}`)
      }),
    ])
    const space = new Space(name, sleeper)
    await space.run('ip', 'link', 'set', 'lo', 'up')
    // Programs keep their sockets here by the names of interfaces, which are the same in several spaces.
    await space.run('mount', '-t', 'tmpfs', 'tmpfs', '/run')
    return space
  }

  /** What runs a program in here, as the beginning of an argument vector. */
  get enter(): readonly string[] {
    return nsenter(this.pid, [...(ROOT ? [] : ['--user']), '--net', '--mount'])
  }

  /** Runs a program to its end; throws with its words when it fails. */
  async run(...argv: readonly string[]): Promise<string> {
    const said = await this.attempt(argv)
    if (said.code === 0) return said.stdout
    throw new Error(`${this.name}: "${argv.join(' ')}" ended with ${said.code}: ${said.stderr || said.stdout}`)
  }

  /** Runs a program that may fail, for 60 seconds at most; `input` is its standard input. */
  async attempt(argv: readonly string[], input = '', env: Readonly<Record<string, string>> = {}): Promise<Said> {
    const command = [...this.enter, ...argv]
    const child = spawn(command[0] ?? '', command.slice(1), {
      stdio: 'pipe',
      env: { PATH, LC_ALL: 'C.UTF-8', ...env },
      timeout: 60_000,
      killSignal: 'SIGKILL',
    })
    const streams = [child.stdout, child.stderr].map(stream => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      return () => Buffer.concat(parts).toString('utf8')
    })
    child.stdin.on('error', () => {}).end(input)
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, stdout: streams[0]?.() ?? '', stderr: streams[1]?.() ?? '' }
  }

  /** Starts a program that goes on until the space is closed. */
  start(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
    const command = [...this.enter, ...DIES_WITH_US, ...argv]
    const child = spawn(command[0] ?? '', command.slice(1), {
      stdio: 'pipe',
      env: { PATH, LC_ALL: 'C.UTF-8', ...env },
    })
    const lines: string[] = []
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', line => lines.push(line))
    child.stdin.on('error', () => {})
    const ended = once(child, 'exit')
    const running: Running = {
      child,
      lines,
      waitFor: async (pattern, seconds = 15) => {
        const until = Date.now() + seconds * 1000
        for (;;) {
          const found = lines.find(line => pattern.test(line))
          if (found !== undefined) return found
          if (child.exitCode !== null || Date.now() > until)
            throw new Error(`${this.name}: "${argv.join(' ')}" did not say ${String(pattern)}:\n${lines.join('\n')}`)
          await delay(20)
        }
      },
      signal: name => {
        child.kill(name)
      },
      stop: async () => {
        child.kill('SIGKILL')
        await ended
      },
    }
    this.#running.push(running)
    return running
  }

  /** Lays a cable to another space: `here` and `there` are the names of its ends. */
  async link(here: string, other: Space, there: string): Promise<void> {
    await this.run('ip', 'link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', String(other.pid))
    await this.run('ip', 'link', 'set', here, 'up')
    await other.run('ip', 'link', 'set', there, 'up')
  }

  /** Gives an interface an address with its prefix length. */
  async address(device: string, address: string): Promise<void> {
    await this.run('ip', 'address', 'add', address, 'dev', device, ...(address.includes(':') ? ['nodad'] : []))
  }

  /** Processes in here whose starters are gone. */
  async #inhabitants(): Promise<number[]> {
    const network = async (pid: number) => await readlink(`/proc/${pid}/ns/net`).catch(() => '')
    const own = await network(this.pid)
    const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number)
    const networks = await Promise.all(pids.map(network))
    return pids.filter((pid, index) => own !== '' && networks[index] === own && pid !== this.pid)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#running.map(each => each.stop()))
    for (const pid of await this.#inhabitants()) killIfThere(pid)
    const ended = once(this.#sleeper, 'exit')
    if (this.#sleeper.kill('SIGKILL')) await ended
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself meanwhile.
  }
}

const nsenter = (pid: number, which: readonly string[]): string[] => [
  'nsenter',
  '--target',
  String(pid),
  ...which,
  ...(which.includes('--user') ? ['--preserve-credentials'] : []),
  '--',
]
