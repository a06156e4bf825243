import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request, as a program's pages see it. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  /** What the pattern of the page's address caught. */
  readonly caught: readonly string[]
}

/** An answer: JSON unless it is a text or bytes with a type of their own. */
export interface Answered {
  readonly status: number
  readonly json?: unknown
  readonly text?: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

/** One page, or a part of an interface. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: RegExp
  /** What the body must be; what else comes is refused with 415. */
  readonly body?: 'json' | 'form'
  /** Not counted as a write, although its method says so. */
  readonly harmless?: true
  readonly answer: (asked: Asked) => Answered | Promise<Answered>
}

/** How a test makes a program fail; `null` leaves it alone. `lost` does what it is told, and drops the connection. */
export type Fault = 'reset' | 'lost' | 'hang' | number | null

/** A program that runs. */
export interface Running {
  readonly port: number
  /** What it was told that changed it, as in `PUT /api/v3/config/naming/1`. */
  readonly writes: string[]
  /** Set by tests. */
  fault: (asked: { readonly method: string; readonly path: string }) => Fault
  readonly close: () => Promise<void>
}

/** What a program does with every request before its routes see it. */
export interface Gate {
  /** An answer instead of the page's, for instance 401. */
  readonly refuse: (asked: Omit<Asked, 'caught'>) => Answered | null
  /** For an address that no route has. */
  readonly unknown: (asked: Omit<Asked, 'caught'>) => Answered
  /** Headers of every answer. */
  readonly headers?: Readonly<Record<string, string>>
}

const MOST_BYTES = 32 * 1024 * 1024

/** Serves routes on a port of all addresses; port 0 takes a free one. */
export async function serve(port: number, routes: readonly Route[], gate: Gate): Promise<Running> {
  const writes: string[] = []
  const running: Running = {
    port,
    writes,
    fault: () => null,
    close: () => new Promise(resolve => server.close(() => resolve()).closeAllConnections()),
  }
  const server: Server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      send(response, { status: 500, json: { message: String((error as Error).message) } }, gate)
    })
  })
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://standin')
    const { method = 'GET', headers } = request
    const parts: Buffer[] = []
    let length = 0
    for await (const part of request as AsyncIterable<Buffer>) {
      length += part.length
      if (length > MOST_BYTES) return send(response, { status: 413 }, gate)
      parts.push(part)
    }
    const asked = { method, path: url.pathname, query: url.searchParams, headers, body: Buffer.concat(parts) }
    const fault = running.fault(asked)
    if (fault === 'hang') return
    if (fault === 'reset') return void request.socket.destroy()
    if (fault !== null && fault !== 'lost')
      return send(response, { status: fault, json: { message: 'A fault that a test asked for' } }, gate)
    const refused = gate.refuse(asked)
    if (refused !== null) return send(response, refused, gate)
    const there = routes.filter(route => route.path.test(asked.path))
    const route = there.find(each => each.method === method)
    if (route === undefined)
      return send(
        response,
        there.length > 0
          ? { status: 405, headers: { allow: there.map(each => each.method).join(', ') } }
          : gate.unknown(asked),
        gate,
      )
    if (route.body !== undefined && !hasBody(headers['content-type'], route.body))
      return send(response, { status: 415 }, gate)
    const given = await route.answer({ ...asked, caught: (route.path.exec(asked.path) ?? []).slice(1) })
    if (method !== 'GET' && route.harmless !== true && given.status < 400) writes.push(`${method} ${asked.path}`)
    if (fault === 'lost') return void request.socket.destroy()
    send(response, given, gate)
  }
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, resolve))
  return Object.assign(running, { port: (server.address() as AddressInfo).port })
}

const types = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const

const hasBody = (type: string | undefined, wanted: keyof typeof types): boolean =>
  type?.split(';')[0]?.trim().toLowerCase() === types[wanted]

function send(response: ServerResponse, { status, json, text, headers = {} }: Answered, gate: Gate): void {
  if (response.headersSent) return
  const type = json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }
  response
    .writeHead(status, { ...gate.headers, ...type, ...headers })
    .end(json === undefined ? text : JSON.stringify(json))
}

/** The value of a JSON body; undefined when it is none. */
export function jsonOf(asked: Pick<Asked, 'body'>): unknown {
  try {
    return JSON.parse(asked.body.toString('utf8'))
  } catch {
    return undefined
  }
}

/** The fields of a form. */
export const formOf = (asked: Pick<Asked, 'body'>): URLSearchParams => new URLSearchParams(asked.body.toString('utf8'))
