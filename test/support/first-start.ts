import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { it } from 'vitest'
import { deadlineFactor, pollUntil } from '../../builder/qemu/deadlines.ts'
import { withEvidence } from '../../builder/qemu/evidence.ts'
import { Machine } from '../../builder/qemu/machine.ts'
import type { DiskOptions } from '../../builder/qemu/options.ts'
import { Home } from './home.ts'
import { installFromStick } from './installed.ts'
import { PATIENCE } from './live-machine.ts'
import { disksIn, freshDisks } from './power-cut.ts'
import { telling } from './told.ts'

/** The services that nobody has to wish for, by name. */
export const CORE_SERVICES = ['nordlynx', 'prowlarr', 'qbittorrent', 'radarr', 'sonarr']

/** A machine at its first start from the SSD, at home, where the internet may be as bad as a test makes it. */
export class FirstStart {
  readonly #name: string
  #folder = ''
  home!: Home
  machine!: Machine

  /** `name` is that under which what was seen of it is kept. */
  constructor(name: string) {
    this.#name = name
  }

  /** Sets a machine up from the stick; it is not started from its SSD yet. */
  async install(): Promise<void> {
    this.home = await Home.open()
    this.#folder = await mkdtemp(join(process.env['MEDIASERVER_VM_DIR'] ?? '/var/tmp', 'ms-first-'))
    const { bench, internet } = this.home
    await freshDisks(bench, this.#folder)
    const vpn = `vpn:\n  token: ${internet.token}\n  country: Sweden\n`
    await bench.stick.put('mediaserver.yaml', bench.answers(vpn))
    const options = { firmware: 'uefi', image: bench.stick.image, disks: this.disks } as const
    await installFromStick(options, this.#name)
  }

  /** All disks of the machine. */
  get disks(): readonly DiskOptions[] {
    return disksIn(this.#folder)
  }

  /** Where a set-up tells how far it is; a new start begins it anew. */
  get serialLog(): string {
    return join(this.#folder, 'serial.log')
  }

  /** Switches the machine on with these disks. */
  async start(disks = this.disks): Promise<void> {
    await rm(this.serialLog, { force: true })
    this.machine = await Machine.start({
      firmware: 'uefi',
      disks,
      memoryMiB: 4096,
      ...this.home.plugged,
      credentials: { ...this.home.plugged.credentials, ...telling },
      serialLog: this.serialLog,
    })
  }

  /** Pulls the plug. */
  async crash(): Promise<void> {
    await this.machine.crash()
    await this.machine[Symbol.asyncDispose]()
  }

  /** Switches the machine off, as a person who is logged in. */
  async switchOff(): Promise<void> {
    await this.as('sudo systemctl poweroff')
    await this.machine.waitForShutdown(120)
    await this.machine[Symbol.asyncDispose]()
  }

  async close(): Promise<void> {
    await this.machine?.[Symbol.asyncDispose]()
    await this.home?.[Symbol.asyncDispose]()
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** One test of this machine; what can be seen of it is kept when it fails. */
  proves(what: string, body: () => Promise<void>): void {
    it(what, { timeout: PATIENCE }, () => withEvidence(this.machine, this.#name, body))
  }

  /** What a command says that somebody types who is logged in. */
  async as(command: string): Promise<string> {
    return (await this.home.bench.login.as('anna', command, 'key', 600)).output
  }

  /** The services that are healthy, by name. */
  async healthy(): Promise<string[]> {
    return (await this.as('sudo docker ps --filter health=healthy --format "{{.Names}}" | sort')).split('\n')
  }

  /** Waits for something; `seconds` are those of real hardware. */
  async until(what: string, seconds: number, good: () => Promise<boolean>): Promise<void> {
    const milliseconds = seconds * 1000 * deadlineFactor(this.machine.accel)
    const found = await pollUntil(milliseconds, async () => ((await good()) ? true : undefined), 2000)
    if (found !== true) throw new Error(`It did not come to that: ${what}.`)
  }
}
