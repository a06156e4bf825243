import type { Secret } from '../answers/secret.ts'
import type { Http, HttpAnswer, HttpRequest } from './http.ts'
import type { Place } from './services.ts'
import { Trouble } from './trouble.ts'

/** A program's answer that is no refusal. */
export interface Answer {
  readonly status: number
  readonly text: string
  readonly cookies: readonly string[]
}

/** The interface of one program; every method throws a `Trouble` for what is refused or does not arrive. */
export interface Api {
  /** The JSON that a page gives. */
  get<T>(path: string): Promise<T>
  send(method: 'POST' | 'PUT', path: string, body: Pick<HttpRequest, 'json' | 'form'>): Promise<Answer>
}

/** What an interface is opened with. */
export interface ApiOptions {
  readonly place: Place
  readonly headers: Readonly<Record<string, string | Secret>>
  readonly http: Http
  readonly signal: AbortSignal
  /** Blackens what must not be told. */
  readonly redact: (text: string) => string
  /** What it is let in by. */
  readonly credential: 'key' | 'login'
  /** What mends one that is refused. */
  readonly credentialMend: string
}

/** Opens the interface of a program. */
export function openApi({ place, headers, http, signal, redact, credential, credentialMend }: ApiOptions): Api {
  const { title } = place
  const ask = async (request: Omit<HttpRequest, 'url' | 'headers'> & { path: string }): Promise<Answer> => {
    const { path, ...rest } = request
    const tried = `${request.method} ${path.split('?')[0] ?? ''}`
    const host = place.host === undefined ? {} : { host: place.host }
    const answer = await http({ ...rest, url: `${place.url}${path}`, headers: { ...headers, ...host } }, signal)
    if ('unreachable' in answer) throw new Trouble(`${title} does not answer to ${tried}: ${answer.unreachable}.`, true)
    if (answer.status >= 200 && answer.status < 300) return answer
    throw refusal(answer, tried)
  }
  const refusal = ({ status, text }: Exclude<HttpAnswer, { unreachable: string }>, tried: string): Trouble => {
    const words = redact(wordsOf(text))
    if (status === 401 || status === 403)
      return new Trouble(
        `${title} refuses the ${credential} that was made for it (code ${status} to ${tried}).`,
        false,
        credentialMend,
      )
    // It may be about another program that is not up yet; who asks decides how often to ask again.
    if (status >= 500 || status === 429 || status === 408)
      return new Trouble(`${title} answers with an error (code ${status} to ${tried})${said(words)}.`, true)
    return new Trouble(`${title} does not accept what it is told (code ${status} to ${tried})${said(words)}.`, false)
  }
  return {
    async get<T>(path: string): Promise<T> {
      const { text } = await ask({ method: 'GET', path })
      try {
        return JSON.parse(text) as T
      } catch {
        throw new Trouble(`${title} answers to GET ${path.split('?')[0] ?? ''} with something that is not JSON.`, true)
      }
    },
    send: async (method, path, body) => await ask({ method, path, ...body }),
  }
}

const said = (words: string): string => (words === '' ? '' : `: ${words}`)

const MOST_LETTERS = 200

/** What an error says in words: of validation as Sonarr and its kin tell it, or a message. */
function wordsOf(text: string): string {
  const value = parsed(text)
  const words = Array.isArray(value)
    ? value.map(failure => wordsOfOne(failure)).join('; ')
    : wordsOfOne(value) || (value === undefined ? (text.split('\n')[0] ?? '') : '')
  const plain = /^\s*</.test(words) ? '' : words.trim().replace(/[\s.]+$/, '')
  return plain.length > MOST_LETTERS ? `${plain.slice(0, MOST_LETTERS)}...` : plain
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function wordsOfOne(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null || typeof value !== 'object') return ''
  const { propertyName, errorMessage, message, error, errors } = value as Record<string, unknown>
  if (typeof errorMessage === 'string')
    return typeof propertyName === 'string' && propertyName !== '' ? `${propertyName}: ${errorMessage}` : errorMessage
  if (errors !== null && typeof errors === 'object') return Object.values(errors).flat().map(String).join('; ')
  return typeof message === 'string' ? message : typeof error === 'string' ? error : ''
}
