import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { run } from '../../builder/shared/run.ts'

/** A key pair of a person, and their way into a machine whose port 22 is behind a port of this computer. */
export class SshLogin implements AsyncDisposable {
  readonly publicKey: string
  readonly port: number
  /** How the machine is reached when not by that port: its address, and what runs a program in its network. */
  through: { readonly enter: readonly string[]; readonly address: string } | null = null
  readonly #folder: string

  private constructor(folder: string, publicKey: string, port: number) {
    this.#folder = folder
    this.publicKey = publicKey
    this.port = port
  }

  /** Makes a fresh key, and finds a port of this computer that is free. */
  static async make(): Promise<SshLogin> {
    const folder = await mkdtemp(join(tmpdir(), 'ms-ssh-'))
    const key = join(folder, 'key')
    await run({ argv: ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'anna@laptop', '-f', key] })
    return new SshLogin(folder, (await readFile(`${key}.pub`, 'utf8')).trim(), await freePort())
  }

  /** Runs a command as a user; gives its output and how it ended. `password` tries to come in without the key. */
  async as(user: string, command: string, how: 'key' | 'password' = 'key', seconds = 120) {
    const common = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR']
    const by =
      how === 'key'
        ? ['-i', join(this.#folder, 'key'), '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes', ...this.#shared(user)]
        : ['-o', 'PubkeyAuthentication=no', '-o', 'NumberOfPasswordPrompts=1', '-o', 'BatchMode=no']
    const { enter, address } = this.through ?? { enter: [], address: '127.0.0.1' }
    const port = this.through === null ? this.port : 22
    const ssh = ['ssh', ...common, ...by, '-p', String(port), `${user}@${address}`, command]
    const [program = 'ssh', ...argv] = [...enter, ...ssh]
    const { stdout, stderr, exitCode } = await execa(program, argv, {
      reject: false,
      stdin: 'ignore',
      timeout: seconds * 1000,
    })
    return { output: stdout, error: stderr, exitCode }
  }

  // One connection for all commands of a user: shaking hands takes an emulated machine seconds. One that is dead is found out.
  #shared(user: string): string[] {
    const options = [`ControlPath=${join(this.#folder, user)}`, 'ControlMaster=auto', 'ControlPersist=yes']
    return [...options, 'ServerAliveInterval=10', 'ServerAliveCountMax=6'].flatMap(option => ['-o', option])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of await readdir(this.#folder, { withFileTypes: true }))
      if (name.isSocket())
        await execa('ssh', ['-o', `ControlPath=${join(this.#folder, name.name)}`, '-O', 'exit', 'nobody'], {
          reject: false,
        })
    await rm(this.#folder, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
