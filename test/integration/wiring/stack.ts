import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { makeStackKeys } from '../../../firstboot/stack/keys.ts'
import { openHttp } from '../../../firstboot/wiring/http.ts'
import type { Stack } from '../../../firstboot/wiring/link.ts'
import { Memory } from '../../../firstboot/wiring/memory.ts'
import { serviceSeeds } from '../../../firstboot/wiring/seeds.ts'
import { type Place, placesOf, type ServiceName } from '../../../firstboot/wiring/services.ts'
import { lookAtWiring, wire, type Wired } from '../../../firstboot/wiring/wire.ts'
import { startProwlarr } from '../../standin/programs/arr/prowlarr.ts'
import { startRadarr } from '../../standin/programs/arr/radarr.ts'
import { startSonarr } from '../../standin/programs/arr/sonarr.ts'
import type { Start } from '../../standin/programs/core/environment.ts'
import type { Running } from '../../standin/programs/core/server.ts'
import { startJellyseerr } from '../../standin/programs/requests/jellyseerr.ts'
import { startBazarr } from '../../standin/programs/subtitles/bazarr.ts'
import { startPlex } from './plex.ts'

/** A port that nobody has; found before anything is started, because programs must know each other's. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

const PLEX_TOKEN = 'plex-token-of-anna'
// As the stand-in for plex.tv has it.
const ACCOUNT = 7
type Standin = Exclude<ServiceName, 'qbittorrent'>

const starters: Readonly<Record<Exclude<Standin, 'plex'>, (start: Start) => Promise<Running>>> = {
  sonarr: startSonarr,
  radarr: startRadarr,
  prowlarr: startProwlarr,
  bazarr: startBazarr,
  jellyseerr: startJellyseerr,
}

/** Which parts a stack of a test has. */
export interface BenchOptions {
  readonly without?: readonly ServiceName[]
  readonly signedIn?: boolean
  readonly env?: Readonly<Record<string, string>>
}

/** A whole stack on loopback: stand-ins in this process, and the real qBittorrent beside it. */
export class Bench {
  readonly folder: string
  readonly stack: Stack
  readonly running = new Map<Standin, Running & { refreshed?: string[]; check?: () => Promise<void> }>()
  readonly #env: Readonly<Record<string, string>>
  #qbittorrent: ChildProcess | null = null
  /** What the stand-ins told. */
  readonly log: string[] = []
  /** What was wired, kept over several runs as on a machine. */
  memory = new Memory()

  private constructor(folder: string, stack: Stack, env: Readonly<Record<string, string>>) {
    this.folder = folder
    this.stack = stack
    this.#env = env
  }

  static async open({ without = [], signedIn = true, env = {} }: BenchOptions = {}): Promise<Bench> {
    const folder = await mkdtemp(join(tmpdir(), 'wiring-'))
    const names = Object.keys(placesOf) as ServiceName[]
    const places = await Promise.all(
      names.map(async (name): Promise<[ServiceName, Place]> => {
        const port = await freePort()
        const host = name === 'qbittorrent' ? { host: `localhost:${port}` } : {}
        const inside = { host: '127.0.0.1', port }
        return [name, { ...placesOf[name], ...host, url: `http://127.0.0.1:${port}`, port, inside }]
      }),
    )
    const services = new Set(names.filter(name => !without.includes(name)))
    const keys = makeStackKeys('anna')
    const stack: Stack = {
      services,
      held: [],
      keys,
      plexToken: signedIn ? new Secret(PLEX_TOKEN) : null,
      plexAccount: signedIn ? ACCOUNT : null,
      language: 'de_DE.UTF-8',
      publicUrl: 'https://films.example.com',
      tunnel: 'lo',
      places: Object.fromEntries(places) as Stack['places'],
    }
    const bench = new Bench(folder, stack, env)
    for (const path of ['tv', 'movies', 'downloads']) await mkdir(join(folder, path))
    const seeds = serviceSeeds({ user: 'anna', hostname: 'mediaserver', keys, tunnel: 'lo', services: [...services] })
    for (const { path, text } of seeds) {
      const real = join(bench.config, path.split('/mediaserver/config/')[1] ?? '')
      await mkdir(dirname(real), { recursive: true })
      await writeFile(real, text)
    }
    return bench
  }

  get config(): string {
    return join(this.folder, 'config')
  }

  at(service: Standin): Running & { refreshed?: string[]; check?: () => Promise<void> } {
    const running = this.running.get(service)
    if (running === undefined) throw new Error(`${service} is not started`)
    return running
  }

  async start(...names: readonly ServiceName[]): Promise<void> {
    for (const name of names) {
      const { port } = this.stack.places[name]
      if (name === 'qbittorrent') await this.#startQbittorrent(port)
      else if (name === 'plex') this.running.set(name, await startPlex(port, PLEX_TOKEN))
      else this.running.set(name, await starters[name](this.#startOf(name, port)))
    }
  }

  #startOf(name: Exclude<Standin, 'plex'>, port: number): Start {
    const { url } = this.stack.places.plex
    const env = { STANDIN_PLEX_TV: url, API_KEY: this.stack.keys.apiKeys.jellyseerr.reveal(), ...this.#env }
    return {
      config: join(this.config, name),
      root: this.folder,
      env,
      port,
      pollMilliseconds: 300,
      log: line => this.log.push(line),
    }
  }

  async #startQbittorrent(port: number): Promise<void> {
    const home = join(this.config, 'qbittorrent')
    const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home }
    const child = spawn('qbittorrent-nox', [`--webui-port=${port}`], { env, stdio: ['pipe', 'ignore', 'ignore'] })
    this.#qbittorrent = child
    const gone = new Promise<never>((_, reject) => {
      child.once('error', reject).once('exit', code => reject(new Error(`qBittorrent ended with code ${code}`)))
    })
    gone.catch(() => {})
    const { host = '' } = this.stack.places.qbittorrent
    const http = openHttp(2000)
    for (;;) {
      const asked = http(
        { method: 'GET', url: `http://127.0.0.1:${port}/`, headers: { host } },
        AbortSignal.timeout(60_000),
      )
      const answer = await Promise.race([asked, gone])
      if ('status' in answer) return
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }

  async stop(name: ServiceName): Promise<void> {
    if (name !== 'qbittorrent') {
      await this.running.get(name)?.close()
      this.running.delete(name)
      return
    }
    const child = this.#qbittorrent
    this.#qbittorrent = null
    if (child === null || child.exitCode !== null) return
    await new Promise(resolve => child.once('exit', resolve).kill('SIGKILL'))
  }

  /** What all stand-ins were told to change, and begins to count anew. */
  takeWrites(): string[] {
    return [...this.running].flatMap(([name, { writes }]) => writes.splice(0).map(each => `${name}: ${each}`))
  }

  async wire(patienceMilliseconds = 20_000, stack: Partial<Stack> = {}, refusalMilliseconds = 2000): Promise<Wired> {
    return await wire({ ...this.stack, ...stack }, openHttp(3000), this.memory, {
      signal: new AbortController().signal,
      progress: () => {},
      keep: () => Promise.resolve(),
      patienceMilliseconds,
      pauseMilliseconds: 50,
      refusalMilliseconds,
    })
  }

  async look(): Promise<Wired | null> {
    return await lookAtWiring(this.stack, openHttp(3000), this.memory, new AbortController().signal)
  }

  /** Asks a program as somebody who has its key. */
  async ask<T>(service: Standin, path: string, init: { method?: string; body?: unknown } = {}): Promise<T> {
    const key = service === 'plex' ? PLEX_TOKEN : this.stack.keys.apiKeys[service].reveal()
    const answer = await fetch(`${this.stack.places[service].url}${path}`, {
      method: init.method ?? 'GET',
      headers: { 'X-Api-Key': key, 'content-type': 'application/json' },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    })
    if (!answer.ok) throw new Error(`${service} answers with code ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as T
  }

  async close(): Promise<void> {
    for (const name of Object.keys(placesOf) as ServiceName[]) await this.stop(name)
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** All programs of a stack. */
export const everything = Object.keys(placesOf) as ServiceName[]
