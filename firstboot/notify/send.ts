import { request as plainRequest } from 'node:http'
import { request as safeRequest } from 'node:https'
import { getCACertificates } from 'node:tls'
import type { Secret } from '../answers/secret.ts'
import { letterFor, type Message } from './message.ts'
import { type Notify, readNotify, writeNotify } from './settings.ts'

/** Sends a message; null when it has arrived, else why not, without the address. Never throws. */
export type Send = (url: Secret, message: Message) => Promise<string | null>

const PATIENCE_MILLISECONDS = 15_000

/** How this machine sends. */
export const send: Send = (url, message) => {
  const { hostname, protocol } = new URL(url.reveal())
  const { headers, body } = letterFor(hostname, message)
  const options = {
    method: 'POST',
    headers: { 'User-Agent': 'mediaserver', ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
    signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
  }
  return new Promise(resolve => {
    const read = (response: NodeJS.ReadableStream & { statusCode?: number | undefined }) => {
      response.resume()
      const status = response.statusCode ?? 0
      resolve(status >= 200 && status < 300 ? null : `${hostname} refuses it with code ${status}`)
    }
    const open =
      protocol === 'https:'
        ? // Trusted is what this system trusts, not only what the runtime has built in.
          safeRequest(
            url.reveal(),
            { ...options, ca: [...getCACertificates('bundled'), ...getCACertificates('system')] },
            read,
          )
        : plainRequest(url.reveal(), options, read)
    open.on('error', () => resolve(`${hostname} cannot be reached`)).end(body)
  })
}

/**
 * Tells whom it may concern: first what could not be told before, then `message`. What does not arrive waits for the next
 * time. Gives why something did not arrive, or null.
 */
export async function tell(message: Message | null, path?: string, sender: Send = send): Promise<string | null> {
  const notify = await readNotify(path)
  if (notify === null) return null
  const letters = [...notify.waiting, ...(message === null ? [] : [message])]
  let why: string | null = null
  let sent = 0
  for (const letter of letters) {
    why = await sender(notify.url, letter)
    if (why !== null) break
    sent += 1
  }
  const kept: Notify = { url: notify.url, waiting: letters.slice(sent) }
  if (letters.length > 0) await writeNotify(kept, path)
  return why
}
