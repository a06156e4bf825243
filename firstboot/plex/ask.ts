import { request as plainRequest } from 'node:http'
import { request as safeRequest } from 'node:https'
import { getCACertificates } from 'node:tls'

/** One question over http or https. */
export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  /** May hold a secret; nothing of them is in any answer. */
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
}

/** What was answered, or that there was no answer, in a few words. */
export type Reply = { readonly status: number; readonly text: string } | { readonly unreachable: string }

/** Asks; never throws. */
export type Ask = (question: Question) => Promise<Reply>

const TIMEOUT_MS = 15_000
const MOST_BYTES = 4 * 1024 * 1024

/** How servers are asked from this machine. */
export const ask: Ask = ({ method, url, headers = {}, timeoutMs = TIMEOUT_MS }) => {
  const { hostname, protocol } = new URL(url)
  const options = {
    method,
    headers: { 'User-Agent': 'mediaserver', Accept: 'application/json', 'Content-Length': '0', ...headers },
    signal: AbortSignal.timeout(timeoutMs),
  }
  return new Promise(resolve => {
    const fail = (error: NodeJS.ErrnoException) => resolve({ unreachable: reason(hostname, error) })
    const read = (response: NodeJS.ReadableStream & { statusCode?: number | undefined }) => {
      const parts: Buffer[] = []
      let length = 0
      response
        .on('data', (part: Buffer) => {
          length += part.length
          parts.push(part)
          if (length > MOST_BYTES) open.destroy()
        })
        .on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }))
        .on('error', fail)
    }
    const open =
      protocol === 'https:'
        ? // Trusted is what this system trusts, not only what the runtime has built in.
          safeRequest(url, { ...options, ca: [...getCACertificates('bundled'), ...getCACertificates('system')] }, read)
        : plainRequest(url, options, read)
    open.on('error', fail).end()
  })
}

function reason(host: string, error: NodeJS.ErrnoException): string {
  if (/^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(error.code ?? ''))
    return `${host} could not prove who it is; the clock of this machine may be wrong, or somebody is in between`
  return error.code === 'ECONNREFUSED' ? `${host} does not answer` : `${host} cannot be reached`
}
