import { request } from 'node:https'
import { getCACertificates, type TLSSocket } from 'node:tls'

/** A certificate as it was presented. Times are Unix milliseconds. */
export interface Presented {
  readonly names: readonly string[]
  readonly issuer: string
  readonly from: number
  readonly until: number
  /** Why nobody would believe it, as Node calls it; empty when everybody does. */
  readonly fault: string
}

/** What is found at a name, asked on this machine itself. */
export type Visit =
  | {
      readonly status: number
      /** Where it sends whoever asks; null for nowhere. */
      readonly location: string | null
      /** The beginning of the page. */
      readonly text: string
      readonly certificate: Presented
    }
  /** `tls`: somebody is there, and has no certificate to show. */
  | { readonly unreachable: string; readonly tls: boolean }

const TIMEOUT_MS = 10_000
// A browser gives up after twenty; programs that are set up well need one or two.
const MOST_HOPS = 4
const MOST_BYTES = 256 * 1024

/**
 * Opens the front page of a name as a browser would, but on this machine: whether the router passes anything on is another
 * question. Goes on where it is sent within the same name, and nowhere else. Looks at the certificate whether it is good or
 * not. Never throws.
 */
export async function visit(name: string, port = 443): Promise<Visit> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  let seen = await ask(name, '/', port, signal)
  let path: string | null = '/'
  for (let hop = 0; hop < MOST_HOPS && !('unreachable' in seen); hop += 1) {
    path = seen.location === null ? null : pathWithin(name, path, seen.location)
    if (path === null) break
    const next = await ask(name, path, port, signal)
    // The name itself was reached: that its next page was not is no word against it.
    if ('unreachable' in next) break
    seen = next
  }
  return seen
}

/** The path that a page sends to; null when it is of another name. Pure. */
function pathWithin(name: string, path: string, location: string): string | null {
  const base = `https://${name}${path}`
  if (!URL.canParse(location, base)) return null
  const { protocol, hostname, pathname, search } = new URL(location, base)
  return protocol === 'https:' && hostname === name.toLowerCase() ? `${pathname}${search}` : null
}

function ask(name: string, path: string, port: number, signal: AbortSignal): Promise<Visit> {
  return new Promise(resolve => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path,
        servername: name,
        headers: { Host: name, 'User-Agent': 'mediaserver' },
        // It is judged afterwards, and nothing secret is sent.
        rejectUnauthorized: false,
        ca: [...getCACertificates('bundled'), ...getCACertificates('system')],
        agent: false,
        signal,
      },
      response => {
        const socket = response.socket as TLSSocket
        const { subjectaltname = '', issuer, valid_from, valid_to } = socket.getPeerCertificate()
        const seen = {
          status: response.statusCode ?? 0,
          location: response.headers.location ?? null,
          certificate: {
            names: subjectaltname.split(', ').flatMap(each => /^DNS:(.+)$/.exec(each)?.[1] ?? []),
            issuer: [issuer?.O ?? issuer?.CN ?? ''].flat().join(' '),
            from: Date.parse(valid_from),
            until: Date.parse(valid_to),
            fault: faultOf(socket),
          },
        }
        const parts: Buffer[] = []
        let bytes = 0
        const end = () => resolve({ ...seen, text: Buffer.concat(parts).toString('utf8') })
        response.on('data', (part: Buffer) => {
          parts.push(part)
          if ((bytes += part.length) > MOST_BYTES) response.destroy()
        })
        // What was cut off is judged by what came of it.
        response.on('error', end).on('close', end)
      },
    )
    asked
      .on('error', (error: NodeJS.ErrnoException) => {
        const tls = /^(ERR_SSL|EPROTO)/.test(error.code ?? '')
        resolve({ unreachable: tls ? 'it has no certificate to show' : reason(error), tls })
      })
      .end()
  })
}

function faultOf({ authorized, authorizationError }: TLSSocket): string {
  if (authorized) return ''
  // Node gives the code as a text, whatever its types say; of a wrong name it gives the whole error.
  const error: unknown = authorizationError
  return typeof error === 'string' ? error : ((error as NodeJS.ErrnoException | null)?.code ?? 'unknown')
}

const reason = ({ code, name, message }: NodeJS.ErrnoException): string => {
  if (code === 'ECONNREFUSED') return 'nobody is there'
  return name === 'TimeoutError' || name === 'AbortError' ? 'nothing came in time' : (code ?? message)
}
