import { type IncomingHttpHeaders, type IncomingMessage, request as plainRequest } from 'node:http'
import { request as safeRequest } from 'node:https'
import { getCACertificates } from 'node:tls'

/** One question to a server, by http or https. */
export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Everything has to be there by then. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

/** What a server answered. */
export interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: IncomingHttpHeaders
}

const MOST_BYTES = 16 * 1024 * 1024

/**
 * Asks once, with a connection of its own: one that is kept open may be closed at the other end just now. Rejects with the
 * error of Node, with code `ETIMEDOUT` when it took too long, or with the reason of `signal`.
 */
export function exchange({ method, url, headers = {}, body, timeoutMs, signal }: Question): Promise<Answer> {
  const timeout = AbortSignal.timeout(timeoutMs)
  const options = {
    method,
    headers: { 'user-agent': 'mediaserver', 'content-length': String(Buffer.byteLength(body ?? '')), ...headers },
    agent: false,
    signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
  } as const
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      if (signal?.aborted === true) return reject(signal.reason as Error)
      if (!timeout.aborted) return reject(error)
      const words = `nothing came for ${Math.ceil(timeoutMs / 1000)} seconds`
      reject(Object.assign(new Error(words), { code: 'ETIMEDOUT' }))
    }
    const read = (response: IncomingMessage) => {
      const parts: Buffer[] = []
      let length = 0
      response
        .on('data', (part: Buffer) => {
          length += part.length
          parts.push(part)
          if (length > MOST_BYTES) ask.destroy(new Error('its answer has no end'))
        })
        .on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(parts).toString('utf8'),
            headers: response.headers,
          }),
        )
        .on('error', fail)
    }
    const ask = url.startsWith('https:')
      ? // Trusted is what this system trusts, not only what the runtime has built in.
        safeRequest(url, { ...options, ca: [...getCACertificates('bundled'), ...getCACertificates('system')] }, read)
      : plainRequest(url, options, read)
    ask.on('error', fail).end(body)
  })
}

/** Whether a server could not prove who it is: its certificate, or our clock. */
export const isImpostor = ({ code = '' }: NodeJS.ErrnoException): boolean =>
  /^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)

/** What to say of a server that could not, as a sentence without its end. */
export const impostorWords = (host: string): string =>
  `${host} could not prove who it is; the clock of this machine may be wrong, or somebody is in between`
