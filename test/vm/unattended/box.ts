import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'vitest'
import { deadlineFactor, pollUntil } from '../../../builder/qemu/deadlines.ts'
import { withEvidence } from '../../../builder/qemu/evidence.ts'
import { Machine } from '../../../builder/qemu/machine.ts'
import type { Capture } from '../../internet/capture.ts'
import type { TestInternet } from '../../internet/internet.ts'
import { type Release, Swarm } from '../../internet/swarm.ts'
import { Home } from '../../support/home.ts'
import { cutInstallation, installFromStick, waitForLogin } from '../../support/installed.ts'
import { askFrom, type LanAnswer } from '../../support/lan.ts'
import { PATIENCE } from '../../support/live-machine.ts'
import { telling } from '../../support/told.ts'

/** The name under which what was seen of this machine is kept. */
export const NAME = 'unattended'

/** What a machine has besides what every one here has. */
export interface Extras {
  /** Further lines of its answers. */
  readonly answers?: string
  /** Sets up what it needs out there, before it is there itself. */
  readonly prepare?: (internet: TestInternet) => Promise<void>
}

/** A machine that was set up by answers on its stick, in a home with an internet; opened before its tests, closed after. */
export class Box {
  home!: Home
  machine!: Machine
  swarm!: Swarm
  /** Everything that the machine has put on the cable since its first start without the stick. */
  wire!: Capture
  /** What each change took on the stick. */
  seconds: ReadonlyMap<string, number> = new Map()
  /** Keys of the services' interfaces, by service. */
  keys: Readonly<Record<string, string>> = {}
  #folder = ''

  /** Sets the machine up, with the power failing once, and waits until somebody can log in. */
  async open(releases: readonly Release[], { answers = '', prepare }: Extras = {}): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'ms-box-'))
    this.home = await Home.open()
    const { bench, internet, plugged } = this.home
    await prepare?.(internet)
    this.swarm = await Swarm.open(internet, releases)
    const vpn = `vpn:\n  token: ${internet.token}\n  country: Sweden\n`
    await bench.stick.put('mediaserver.yaml', bench.answers(`${vpn}services: [bazarr, jellyseerr]\n${answers}`))
    const options = { firmware: 'secure-boot', image: bench.stick.image, disks: bench.disks } as const
    // The power fails in the middle; test:powercut does that at every boundary and at many random moments.
    const anywhere = Math.round(Math.random() * 30_000)
    console.log(`${NAME}: the power fails ${anywhere} ms after the copy began`)
    await cutInstallation(options, NAME, event => event.type === 'started' && event.id === 'copy-system', anywhere)
    this.seconds = await installFromStick(options, NAME)
    this.wire = await internet.capture(plugged.network.device)
    // Without the stick, and with a firmware that remembers nothing.
    this.machine = await Machine.start({
      firmware: 'secure-boot',
      disks: bench.disks,
      memoryMiB: 4096,
      ...plugged,
      credentials: { ...plugged.credentials, ...telling },
      serialLog: this.serialLog,
    })
    await withEvidence(this.machine, NAME, () => waitForLogin(this.machine, bench.login, 'anna'))
  }

  async close(): Promise<void> {
    await this.machine?.[Symbol.asyncDispose]()
    await this.swarm?.[Symbol.asyncDispose]()
    await this.home?.[Symbol.asyncDispose]()
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** Where the set-up tells how far it is. */
  get serialLog(): string {
    return join(this.#folder, 'serial.log')
  }

  /** The addresses of the VPN's servers. */
  get stations(): readonly string[] {
    return this.home.internet.exits.map(({ server }) => server.station)
  }

  /** One test of this machine; what can be seen of it is kept when it fails. */
  proves(what: string, body: () => Promise<void>): void {
    it(what, { timeout: PATIENCE }, () => withEvidence(this.machine, NAME, body))
  }

  /** What a command says that somebody types who is logged in. */
  async as(command: string): Promise<string> {
    return (await this.home.bench.login.as('anna', command, 'key', 600)).output
  }

  /** Waits for something; `seconds` are those of real hardware. */
  async until(what: string, seconds: number, good: () => Promise<boolean>): Promise<void> {
    const milliseconds = seconds * 1000 * deadlineFactor(this.machine.accel)
    const found = await pollUntil(milliseconds, async () => ((await good()) ? true : undefined), 2000)
    if (found !== true) throw new Error(`It did not come to that: ${what}.`)
  }

  /** Asks a service, from another place in the home, by its own key. */
  async ask(service: string, port: number, path: string, body?: unknown): Promise<LanAnswer> {
    const how = { key: this.keys[service] ?? '', ...(body === undefined ? {} : { body }) }
    return await askFrom(this.home.internet.router, port, path, how)
  }

  /** What the machine says of its tunnel, as JSON. */
  async vpn(): Promise<string> {
    return await this.as('sudo mediaserver vpn status --json')
  }
}
