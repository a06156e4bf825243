import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

/** Something that QEMU tells by itself, such as SHUTDOWN or RESET. */
export interface QmpEvent {
  readonly event: string
  readonly data?: Readonly<Record<string, unknown>>
}

interface Waiter {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

interface Answer extends Partial<QmpEvent> {
  readonly id?: number
  readonly return?: unknown
  readonly error?: { readonly desc: string }
}

/** The connection to QEMU's monitor (QMP: one JSON object a line). */
export class Qmp {
  readonly #socket: Socket
  readonly #waiters = new Map<number, Waiter>()
  readonly #onEvent: (event: QmpEvent) => void
  #lastId = 0

  private constructor(socket: Socket, onEvent: (event: QmpEvent) => void) {
    this.#socket = socket
    this.#onEvent = onEvent
    createInterface({ input: socket })
      .on('line', line => this.#receive(line))
      .on('error', () => undefined)
    socket.on('error', () => undefined)
    socket.on('close', () => this.#end())
  }

  /** Takes a connected socket and agrees on the protocol. */
  static async open(socket: Socket, onEvent: (event: QmpEvent) => void): Promise<Qmp> {
    const qmp = new Qmp(socket, onEvent)
    await qmp.execute('qmp_capabilities')
    return qmp
  }

  /** Runs one command of the monitor and gives its result. */
  execute(command: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error(`QEMU has ended; it cannot run ${command} any more.`))
      this.#waiters.set(id, { resolve, reject })
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: parameters, id })}\n`)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(line: string): void {
    const answer = JSON.parse(line) as Answer
    if (answer.event !== undefined)
      return this.#onEvent({ event: answer.event, ...(answer.data === undefined ? {} : { data: answer.data }) })
    if (answer.id === undefined) return
    const waiter = this.#waiters.get(answer.id)
    this.#waiters.delete(answer.id)
    if (answer.error === undefined) waiter?.resolve(answer.return)
    else waiter?.reject(new Error(`QEMU: ${answer.error.desc}`))
  }

  #end(): void {
    for (const waiter of this.#waiters.values()) waiter.reject(new Error('QEMU ended before it answered.'))
    this.#waiters.clear()
  }
}

/** Connects to a unix socket that a starting program is about to open. */
export async function connectSoon(path: string, milliseconds: number, stop: () => string | undefined): Promise<Socket> {
  const end = performance.now() + milliseconds
  for (;;) {
    const socket = connect(path)
    const failed = await new Promise<Error | undefined>(resolve => {
      socket.once('connect', () => resolve(undefined))
      socket.once('error', resolve)
    })
    if (failed === undefined) return socket
    const reason = stop()
    if (reason !== undefined) throw new Error(reason)
    if (performance.now() > end) throw failed
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
