import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Socket } from 'node:net'
import { findAccel } from './accel.ts'
import { qemuArguments } from './arguments.ts'
import { deadlineFactor, pollUntil } from './deadlines.ts'
import { characterQcodes, keyQcode, keySequence, type Key } from './keys.ts'
import type { Accel, MachineOptions } from './options.ts'
import { parsePpm, toPng, type Picture } from './picture.ts'
import { placeMachine } from './place.ts'
import { startQemu, type QemuProcess } from './process.ts'
import { connectSoon, Qmp } from './qmp.ts'
import { parseShellOutput, shellLines, type ShellResult } from './shell-protocol.ts'
import { StartWatch } from './start-watch.ts'
import { ScreenTerminal } from './terminal.ts'

const PROMPT = /[#$]\s*$/
// As a VT220 sends it.
const F2 = '\x1bOQ'

/** A computer inside QEMU, used as a person would: look at the screen, press keys, pull the plug. */
export class Machine implements AsyncDisposable {
  readonly accel: Accel
  /** The stream behind hvc0, for those who connect a person's terminal to it. */
  readonly console: Socket
  readonly #qemu: QemuProcess
  readonly #qmp: Qmp
  readonly #terminal: ScreenTerminal
  readonly #folder: string
  readonly #startedAt: number
  readonly #events: string[]
  #shellOpen = false
  #commands = 0

  private constructor(parts: {
    accel: Accel
    qemu: QemuProcess
    qmp: Qmp
    console: Socket
    terminal: ScreenTerminal
    folder: string
    events: string[]
  }) {
    this.accel = parts.accel
    this.console = parts.console
    this.#qemu = parts.qemu
    this.#qmp = parts.qmp
    this.#terminal = parts.terminal
    this.#folder = parts.folder
    this.#events = parts.events
    this.#startedAt = performance.now()
  }

  /** Switches a machine on. Use it with `await using`, so that it is switched off again whatever happens. */
  static async start(options: MachineOptions): Promise<Machine> {
    const accel = options.accel ?? (await findAccel(options.image))
    const place = await placeMachine(options, accel)
    const qemu = startQemu(
      qemuArguments(options, place),
      typeof options.network === 'object' ? options.network.enter : [],
    )
    try {
      const events: string[] = []
      const onEvent: ((event: string) => void)[] = [event => events.push(event)]
      const console = await connectSoon(place.consoleSocket, 20_000, qemu.fate)
      const qmp = await Qmp.open(await connectSoon(place.qmpSocket, 20_000, qemu.fate), ({ event }) => {
        for (const tell of onEvent) tell(event)
      })
      const machine = new Machine({
        accel,
        qemu,
        qmp,
        console,
        terminal: new ScreenTerminal(console),
        folder: place.folder,
        events,
      })
      await qmp.execute('cont')
      if (accel === 'tcg') onEvent.push(machine.#watchStart())
      return machine
    } catch (error) {
      qemu.kill()
      await qemu.ended
      await rm(place.folder, { recursive: true, force: true })
      throw qemu.fate()?.includes(':') === true ? new Error(qemu.fate(), { cause: error }) : error
    }
  }

  /** Seconds since the machine was switched on. */
  seconds(): number {
    return (performance.now() - this.#startedAt) / 1000
  }

  /** What stands on the screen of hvc0 now. */
  screenText(): string {
    return this.#terminal.text()
  }

  /** Everything that hvc0 ever said, as it came. */
  consoleLog(): string {
    return this.#terminal.raw()
  }

  /** Names of what QEMU reported so far: RESET, SHUTDOWN, and so on. */
  events(): readonly string[] {
    return this.#events
  }

  /** Waits until the screen of hvc0 matches; the deadline is for real hardware, and is stretched for slower machines. */
  async waitForText(pattern: RegExp, deadlineSeconds: number): Promise<string> {
    const found = await this.#poll(deadlineSeconds, () =>
      pattern.test(this.screenText()) ? this.screenText() : undefined,
    )
    if (found === undefined)
      throw this.#fault(`The screen did not show ${String(pattern)} within ${this.#stretch(deadlineSeconds)} s.`)
    return found
  }

  /** Presses a key on hvc0. */
  press(key: Key): void {
    this.#terminal.send(keySequence(key))
  }

  /** Types text on hvc0. */
  typeText(text: string): void {
    this.#terminal.send(text)
  }

  /** Presses a key on the machine's keyboard, which is connected to tty1. */
  async pressOnKeyboard(key: Key): Promise<void> {
    await this.#sendKeys([keyQcode(key)])
  }

  /** Types text on the machine's keyboard. */
  async typeOnKeyboard(text: string): Promise<void> {
    for (const character of text) await this.#sendKeys(characterQcodes(character))
  }

  /** Runs a command as root. The shell is the one that every screen opens with F2; it stays open for the next command. */
  async shell(command: string, deadlineSeconds = 30): Promise<ShellResult> {
    if (!this.#shellOpen) await this.#openShell()
    const tag = `c${++this.#commands}`
    const mark = this.#terminal.mark()
    for (const line of shellLines(command, tag)) await this.#typeLine(line)
    const result = await this.#poll(deadlineSeconds, () => parseShellOutput(this.#terminal.rawSince(mark), tag))
    if (result === undefined)
      throw this.#fault(`The command "${command}" did not end within ${this.#stretch(deadlineSeconds)} s.`)
    return result
  }

  /** Leaves the shell; the screens come back. */
  leaveShell(): void {
    if (this.#shellOpen) this.typeText('exit\r')
    this.#shellOpen = false
  }

  /** The picture on the machine's monitor, which shows tty1. */
  async picture(): Promise<Picture> {
    const file = join(this.#folder, 'screen.ppm')
    await this.#qmp.execute('screendump', { filename: file })
    return parsePpm(await readFile(file))
  }

  /** Saves the picture on the machine's monitor as PNG. */
  async screendump(path: string): Promise<Picture> {
    const picture = await this.picture()
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, toPng(picture))
    return picture
  }

  /** Presses the power button; the system is expected to switch itself off. */
  async powerOff(deadlineSeconds = 60): Promise<void> {
    await this.#qmp.execute('system_powerdown')
    await this.waitForShutdown(deadlineSeconds)
  }

  /** Waits until the system has switched the machine off by itself. */
  async waitForShutdown(deadlineSeconds: number): Promise<void> {
    const gone = await pollUntil(this.#stretch(deadlineSeconds) * 1000, () => this.#qemu.fate())
    if (gone === undefined)
      throw this.#fault(`The machine did not switch itself off within ${this.#stretch(deadlineSeconds)} s.`)
    if (!this.#events.includes('SHUTDOWN')) throw this.#fault('The machine ended without being switched off.')
  }

  /** Resolves when the machine is off, for whatever reason. */
  async whenOff(): Promise<void> {
    await this.#qemu.ended
  }

  /** Pulls the plug: nothing is written back, nothing is said. */
  async crash(): Promise<void> {
    this.#qemu.kill()
    await this.#qemu.ended
  }

  /**
   * Holds the whole machine in the middle of whatever it does, while `body` runs. Files of its disks are then as a power
   * cut at this moment would leave them: nothing is finished or flushed first.
   */
  async heldStill<T>(body: () => Promise<T>): Promise<T> {
    this.#qemu.hold(true)
    try {
      return await body()
    } finally {
      this.#qemu.hold(false)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.crash()
    this.#qmp.close()
    this.console.destroy()
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** Presses the reset button when a start has come to nothing; gives who has to hear of QEMU's events. */
  #watchStart(): (event: string) => void {
    const watch = new StartWatch({ heard: () => this.#terminal.mark(), seconds: () => this.seconds() })
    const timer = setInterval(() => {
      if (!watch.isLost()) return
      process.stderr.write(`The guest has said nothing since it was started, ${this.seconds().toFixed(0)} s: reset.\n`)
      this.#qmp.execute('system_reset').catch(() => undefined)
    }, 5000).unref()
    void this.#qemu.ended.then(() => clearInterval(timer))
    return event => {
      if (event === 'RESET') watch.started()
    }
  }

  async #openShell(): Promise<void> {
    this.typeText(F2)
    await this.waitForText(PROMPT, 20)
    this.#shellOpen = true
  }

  // A console has a small buffer, and nothing holds a sender back; a person types slowly enough.
  async #typeLine(line: string): Promise<void> {
    this.typeText(line)
    if (line.length > 200) await new Promise(resolve => setTimeout(resolve, 50 * deadlineFactor(this.accel)))
  }

  async #sendKeys(qcodes: readonly string[]): Promise<void> {
    await this.#qmp.execute('send-key', { keys: qcodes.map(data => ({ type: 'qcode', data })) })
    await new Promise(resolve => setTimeout(resolve, 150))
  }

  #stretch(seconds: number): number {
    return Math.round(seconds * deadlineFactor(this.accel))
  }

  async #poll<T>(deadlineSeconds: number, attempt: () => T | undefined): Promise<T | undefined> {
    return pollUntil(this.#stretch(deadlineSeconds) * 1000, () => {
      const value = attempt()
      const fate = this.#qemu.fate()
      if (value === undefined && fate !== undefined) throw this.#fault(`The machine is off. ${fate}`)
      return value
    })
  }

  #fault(message: string): Error {
    return new Error(`${message}\nAfter ${this.seconds().toFixed(0)} s the screen shows:\n${this.screenText()}`)
  }
}
