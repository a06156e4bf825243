import * as z from 'zod/mini'
import { Secret } from '../answers/secret.ts'
import type { Ask, Reply } from './ask.ts'

/** A code that a person types at plex.tv/link, and how to ask whether that was done. */
export interface Pin {
  readonly id: number
  readonly code: string
  /** Seconds that it is good for. */
  readonly seconds: number
}

/** What an account is, as far as this machine needs to know. */
export interface PlexAccount {
  /** Its number at plex.tv: names and addresses can be changed, this cannot. */
  readonly account: number
  readonly username: string
  /** Whether it has a Plex Pass: without one there is no transcoding in hardware. */
  readonly pass: boolean
}

/** An answer of plex.tv, or why there is none: refused by it, or not reached; `words` is a sentence without its end. */
export type FromPlexTv<T> = { readonly value: T } | { readonly refused: string } | { readonly unreachable: string }

const PinAnswer = z.object({
  id: z.number(),
  code: z.string(),
  expiresIn: z.number(),
  authToken: z.nullish(z.string()),
})
const ClaimAnswer = z.object({ token: z.string() })
const UserAnswer = z.object({ id: z.number(), username: z.string(), subscription: z.object({ active: z.boolean() }) })

/**
 * plex.tv for one machine. Its addresses are those that its own programs use: PINs and accounts of api/v2, claim tokens
 * as in pms-docker and python-plexapi. `client` is how plex.tv tells programs apart; it must stay the same for a PIN.
 */
export class PlexTv {
  readonly #ask: Ask
  readonly #root: string
  readonly #client: string

  constructor(ask: Ask, client: string, root = 'https://plex.tv') {
    this.#ask = ask
    this.#client = client
    this.#root = root
  }

  /** A new code for plex.tv/link: four characters, since `strong` ones are not taken there. */
  async makePin(): Promise<FromPlexTv<Pin>> {
    return read(await this.#send('POST', '/api/v2/pins?strong=false'), PinAnswer, ({ id, code, expiresIn }) => ({
      id,
      code,
      seconds: expiresIn,
    }))
  }

  /** The token of the account once the code was typed; null before. */
  async tokenOf(pin: Pin): Promise<FromPlexTv<Secret | null>> {
    return read(await this.#send('GET', `/api/v2/pins/${pin.id}`), PinAnswer, ({ authToken }) =>
      typeof authToken === 'string' && authToken !== '' ? new Secret(authToken) : null,
    )
  }

  /** A fresh claim token for somebody who is signed in. */
  async claimToken(token: Secret): Promise<FromPlexTv<Secret>> {
    return read(
      await this.#send('GET', '/api/claim/token.json', token),
      ClaimAnswer,
      answer => new Secret(answer.token),
    )
  }

  /** Who a token belongs to. */
  async account(token: Secret): Promise<FromPlexTv<PlexAccount>> {
    return read(await this.#send('GET', '/api/v2/user', token), UserAnswer, ({ id, username, subscription }) => ({
      account: id,
      username,
      pass: subscription.active,
    }))
  }

  /** Turns a claim token into the token of the server whose identifier `client` is, before that server ever runs. */
  async exchange(claim: Secret): Promise<FromPlexTv<Secret>> {
    const reply = await this.#ask({
      method: 'POST',
      url: `${this.#root}/api/claim/exchange?token=${encodeURIComponent(claim.reveal())}`,
      headers: {
        ...this.#headers(),
        Accept: 'application/xml',
        'X-Plex-Product': 'Plex Media Server',
        'X-Plex-Version': '1.1',
        'X-Plex-Provides': 'server',
        'X-Plex-Platform': 'Linux',
        'X-Plex-Platform-Version': '1.0',
        'X-Plex-Device-Name': 'PlexMediaServer',
        'X-Plex-Device': 'Linux',
      },
    })
    if ('unreachable' in reply) return reply
    const token = /<authentication-token>([^<]+)<\/authentication-token>/.exec(reply.text)?.[1]
    return reply.status < 300 && token !== undefined ? { value: new Secret(token) } : { refused: refusal(reply.status) }
  }

  #headers(): Record<string, string> {
    return { 'X-Plex-Client-Identifier': this.#client, 'X-Plex-Product': 'Media Server' }
  }

  async #send(method: 'GET' | 'POST', path: string, token?: Secret): Promise<Reply> {
    const secret = token === undefined ? {} : { 'X-Plex-Token': token.reveal() }
    return await this.#ask({ method, url: `${this.#root}${path}`, headers: { ...this.#headers(), ...secret } })
  }
}

function read<S extends z.ZodMiniType, T>(reply: Reply, shape: S, give: (answer: z.infer<S>) => T): FromPlexTv<T> {
  if ('unreachable' in reply) return reply
  if (reply.status >= 300) return { refused: refusal(reply.status) }
  try {
    return { value: give(shape.parse(JSON.parse(reply.text))) }
  } catch {
    return { refused: 'plex.tv gives an answer that makes no sense' }
  }
}

function refusal(status: number): string {
  if (status === 401) return 'plex.tv does not accept it any more'
  if (status === 404) return 'plex.tv does not know it any more'
  if (status === 429) return 'plex.tv was asked too often; wait a few minutes'
  return `plex.tv answers with code ${status}`
}
