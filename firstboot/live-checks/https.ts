import { request } from 'node:https'
import { getCACertificates } from 'node:tls'
import type { Root } from '../root.ts'

/** What a server answered, or that it could not be asked, in a few words. */
export type Answered = { readonly status: number; readonly text: string } | { readonly unreachable: string }

/** Asks for one address by https; never throws. Headers may hold a secret, so nothing of them is in any answer. */
export type Get = (url: string, headers?: Readonly<Record<string, string>>) => Promise<Answered>

const timeoutMs = 12_000
const mostBytes = 4 * 1024 * 1024

/** How servers are asked from this machine; a recorded machine answers from its files below `/recorded/https`. */
export const openHttps = (root: Root): Get => (root.prefix === '' ? get : recorded(root))

function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
  const { hostname } = new URL(url)
  return new Promise(resolve => {
    const ask = request(
      url,
      {
        headers: { 'User-Agent': 'mediaserver', Accept: '*/*', ...headers },
        // Trusted is what this system trusts, not only what the runtime has built in.
        ca: [...getCACertificates('bundled'), ...getCACertificates('system')],
        signal: AbortSignal.timeout(timeoutMs),
      },
      response => {
        const parts: Buffer[] = []
        let length = 0
        response
          .on('data', (part: Buffer) => {
            length += part.length
            parts.push(part)
            if (length > mostBytes) ask.destroy()
          })
          .on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }))
          .on('error', error => resolve({ unreachable: reason(hostname, error) }))
      },
    )
    ask.on('error', error => resolve({ unreachable: reason(hostname, error) })).end()
  })
}

function reason(host: string, error: NodeJS.ErrnoException): string {
  const code = error.code ?? ''
  if (/^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) {
    return `${host} could not prove who it is; the clock of this machine may be wrong, or somebody is in between`
  }
  return `no network (${host} cannot be reached)`
}

const recorded =
  (root: Root): Get =>
  url => {
    const { hostname, pathname } = new URL(url)
    const text = root.text(`/recorded/https/${hostname}${pathname}`)
    return Promise.resolve(
      text === null ? { unreachable: `no network (${hostname} cannot be reached)` } : { status: 200, text },
    )
  }
