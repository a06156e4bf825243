import { setTimeout as delay } from 'node:timers/promises'
import { Secret } from '../answers/secret.ts'
import { exchange } from '../http/exchange.ts'

/** A text that is sent as it is, or a secret that is opened only on the way out. */
type Sendable = string | Secret

/** One question or order to a program; with `json` or `form` as its body, or none. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, Sendable>>
  /** Any JSON value; secrets in it are opened. */
  readonly json?: unknown
  readonly form?: readonly (readonly [string, Sendable])[]
  /** Default: the client's own. */
  readonly deadlineMilliseconds?: number
}

/** An answer, or in a few words why there is none. Nothing of what was sent is in it. */
export type HttpAnswer =
  | { readonly status: number; readonly text: string; readonly location: string; readonly cookies: readonly string[] }
  | { readonly unreachable: string }

/** The way to programs on this machine; does not throw for what a program does, only when `signal` ends it. */
export type Http = (request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer>

// While a program starts it drops connections or says "not yet". Questions do no harm when they are asked again.
const AGAIN = 3
const AGAIN_MILLISECONDS = 400

/** Opens a client whose questions end after `deadlineMilliseconds`; `patience` times later where a machine is that slow. */
export function openHttp(deadlineMilliseconds = 15_000, patience = 1): Http {
  return async (asked, signal) => {
    const limit = (asked.deadlineMilliseconds ?? deadlineMilliseconds) * patience
    for (let left = asked.method === 'GET' ? AGAIN : 1; ; left -= 1) {
      const answer = await once(asked, limit, signal)
      const notYet = 'unreachable' in answer ? answer.unreachable === DROPPED : answer.status === 503
      if (!notYet || left <= 1) return answer
      await delay(AGAIN_MILLISECONDS, undefined, { signal })
    }
  }
}

const DROPPED = 'it dropped the connection'

/** A body as text, and what kind it is. */
function bodyOf({ json, form }: HttpRequest): { text: string; type: string } | null {
  if (form !== undefined) {
    const text = new URLSearchParams(form.map(([name, value]): [string, string] => [name, opened(value)])).toString()
    return { text, type: 'application/x-www-form-urlencoded' }
  }
  return json === undefined ? null : { text: openedJson(json), type: 'application/json' }
}

const opened = (value: Sendable): string => (value instanceof Secret ? value.reveal() : value)

/** JSON text WITH THE SECRETS that are in a value. */
export const openedJson = (value: unknown): string =>
  JSON.stringify(
    value instanceof Secret ? value.reveal() : value,
    function (this: Record<string, unknown>, key, kept: unknown) {
      // A Secret is asked for its text before this function is; the object that holds it still has it.
      const held = this[key]
      return held instanceof Secret ? held.reveal() : kept
    },
  )

async function once(asked: HttpRequest, timeoutMs: number, signal: AbortSignal): Promise<HttpAnswer> {
  const body = bodyOf(asked)
  const headers: Record<string, string> = { accept: 'application/json' }
  for (const [name, value] of Object.entries(asked.headers ?? {})) headers[name.toLowerCase()] = opened(value)
  if (body !== null) headers['content-type'] = body.type
  const question = { method: asked.method, url: asked.url, headers, timeoutMs, signal }
  try {
    const answer = await exchange(body === null ? question : { ...question, body: body.text })
    const { location = '', 'set-cookie': cookies = [] } = answer.headers
    return { status: answer.status, text: answer.text, location, cookies }
  } catch (error) {
    signal.throwIfAborted()
    return { unreachable: reason(error as NodeJS.ErrnoException) }
  }
}

function reason({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return 'nobody is there'
  if (code === 'ECONNRESET' || code === 'EPIPE') return DROPPED
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'nobody knows its name'
  return code === 'ETIMEDOUT' ? message : (code ?? message)
}
