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
  | { readonly status: number; readonly certificate: Presented }
  /** `tls`: somebody is there, and has no certificate to show. */
  | { readonly unreachable: string; readonly tls: boolean }

const TIMEOUT_MS = 10_000

/**
 * Opens the front page of a name as a browser would, but on this machine: whether the router passes anything on is another
 * question. Looks at the certificate whether it is good or not. Never throws.
 */
export function visit(name: string, port = 443): Promise<Visit> {
  return new Promise(resolve => {
    const ask = request(
      {
        host: '127.0.0.1',
        port,
        servername: name,
        headers: { Host: name, 'User-Agent': 'mediaserver' },
        // It is judged afterwards, and nothing secret is sent.
        rejectUnauthorized: false,
        ca: [...getCACertificates('bundled'), ...getCACertificates('system')],
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      },
      response => {
        const socket = response.socket as TLSSocket
        const { subjectaltname = '', issuer, valid_from, valid_to } = socket.getPeerCertificate()
        response.destroy()
        resolve({
          status: response.statusCode ?? 0,
          certificate: {
            names: subjectaltname.split(', ').flatMap(each => /^DNS:(.+)$/.exec(each)?.[1] ?? []),
            issuer: [issuer?.O ?? issuer?.CN ?? ''].flat().join(' '),
            from: Date.parse(valid_from),
            until: Date.parse(valid_to),
            fault: faultOf(socket),
          },
        })
      },
    )
    ask
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
