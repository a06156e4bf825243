import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run, type Runner } from '../../builder/shared/run.ts'

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

/** A real container registry on the loopback of this machine, empty at first. */
export class Registry implements AsyncDisposable {
  /** Address and port, as names of images begin with it. */
  readonly host: string
  /** Where it keeps its blobs. */
  readonly data: string
  /** Runs programs so that skopeo talks to this registry, which has no certificate. */
  readonly run: Runner
  readonly #stop: () => Promise<void>

  private constructor(host: string, folder: string, stop: () => Promise<void>) {
    this.host = host
    this.data = join(folder, 'data')
    this.#stop = stop
    const conf = `--registries-conf=${join(folder, 'registries.conf')}`
    this.run = async (command, options) => {
      const [program, ...args] = command.argv
      return await run({ ...command, argv: program === 'skopeo' ? [program, conf, ...args] : command.argv }, options)
    }
  }

  static async start(): Promise<Registry> {
    const folder = await mkdtemp(join(tmpdir(), 'ms-registry-'))
    const host = `127.0.0.1:${await freePort()}`
    const settings = join(folder, 'config.yml')
    await writeFile(
      settings,
      JSON.stringify({
        version: '0.1',
        log: { level: 'error', accesslog: { disabled: true } },
        storage: { filesystem: { rootdirectory: join(folder, 'data') } },
        http: { addr: host },
      }),
    )
    await writeFile(join(folder, 'registries.conf'), `[[registry]]\nlocation = "${host}"\ninsecure = true\n`)
    const child = spawn('docker-registry', ['serve', settings], { stdio: 'ignore' })
    const ended = new Promise(resolve => child.on('close', resolve).on('error', resolve))
    for (let tries = 0; tries < 200; tries++) {
      const answer = await fetch(`http://${host}/v2/`).catch(() => null)
      if (answer?.ok === true) break
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    return new Registry(host, folder, async () => {
      child.kill()
      await ended
      await rm(folder, { recursive: true, force: true })
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop()
  }
}
