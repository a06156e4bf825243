import { setTimeout as delay } from 'node:timers/promises'
import * as z from 'zod/mini'
import type { Secret } from '../answers/secret.ts'
import { ChangeFailure } from '../apply/failure.ts'
import type { Ask, Reply } from './ask.ts'
import type { LibraryRequest, ServerLibrary } from './libraries.ts'
import type { ServerSetting } from './settings.ts'

// Versions tell truth as a boolean, a number or a text.
const truth = z.pipe(
  z.union([z.boolean(), z.number(), z.string()]),
  z.transform(value => value === true || value === 1 || value === '1' || value === 'true'),
)
const text = z.pipe(
  z.union([z.string(), z.number(), z.boolean()]),
  z.transform(value => String(value)),
)
const Identity = z.object({
  MediaContainer: z.object({ claimed: truth, machineIdentifier: z.string(), version: z.string() }),
})
const Settings = z.object({
  MediaContainer: z.object({
    Setting: z.array(z.object({ id: z.string(), value: text, enumValues: z.optional(z.string()) })),
  }),
})
const Libraries = z.object({
  MediaContainer: z.object({
    Directory: z.optional(
      z.array(
        z.object({ key: text, title: z.string(), Location: z.optional(z.array(z.object({ path: z.string() }))) }),
      ),
    ),
  }),
})

/** Who the running server is. */
export interface PlexIdentity {
  readonly claimed: boolean
  readonly machineIdentifier: string
  readonly version: string
}

/** How long Plex may take until it answers, in milliseconds: it mends its database first after a bad end. */
const READY_MS = 180_000

/** The Plex of this machine. `token` opens it once it is claimed; before that, this machine needs none. */
export class PlexServer {
  readonly #ask: Ask
  readonly #root: string
  readonly #pauseMs: number

  constructor(ask: Ask, root = 'http://127.0.0.1:32400', pauseMs = 1000) {
    this.#ask = ask
    this.#root = root
    this.#pauseMs = pauseMs
  }

  /** Who it is; null while it does not answer, or only says that it is being prepared. */
  async identity(): Promise<PlexIdentity | null> {
    const reply = await this.#send('GET', '/identity', undefined, 5000)
    if ('unreachable' in reply || reply.status !== 200) return null
    const parsed = Identity.safeParse(json(reply.text))
    return parsed.success ? parsed.data.MediaContainer : null
  }

  /** Waits until it answers; throws `ChangeFailure` when that takes too long. */
  async ready(waiting: () => void, signal: AbortSignal, readyMs = READY_MS): Promise<PlexIdentity> {
    const end = Date.now() + readyMs
    for (;;) {
      const identity = await this.identity()
      if (identity !== null) return identity
      if (Date.now() > end)
        throw new ChangeFailure(
          'Plex was started, but it does not answer.',
          'Look at "journalctl -u plexmediaserver", then run "sudo mediaserver apply".',
        )
      waiting()
      await delay(this.#pauseMs, undefined, { signal })
    }
  }

  /** Waits a short while until it says that it belongs to somebody; gives who it is then. */
  async claimedBy(identity: PlexIdentity, signal: AbortSignal): Promise<PlexIdentity> {
    for (let look = 0; look < 20; look++) {
      const now = await this.identity()
      if (now?.claimed === true) return now
      await delay(this.#pauseMs, undefined, { signal })
    }
    return identity
  }

  /** Gives the server to the account that a claim token is of; false when the token is not good any more. */
  async claim(claim: Secret): Promise<boolean> {
    const path = `/myplex/claim?token=${encodeURIComponent(claim.reveal())}`
    const reply = await this.#send('POST', path, undefined, 60_000)
    if ('unreachable' in reply) throw new ChangeFailure(`Plex could not be claimed: ${reply.unreachable}.`, TRY_AGAIN)
    if (reply.status === 401 || reply.status === 400) return false
    if (reply.status >= 300)
      throw new ChangeFailure(`Plex could not be claimed: it answers with code ${reply.status}.`, TRY_AGAIN)
    return true
  }

  /** Whether a token opens it. */
  async opensTo(token: Secret): Promise<boolean> {
    const reply = await this.#send('GET', '/:/prefs', token)
    return !('unreachable' in reply) && reply.status === 200
  }

  /** All settings. */
  async settings(token?: Secret): Promise<readonly ServerSetting[]> {
    const answer = await this.#read('/:/prefs', Settings, 'tell its settings', token)
    return answer.MediaContainer.Setting.map(({ id, value, enumValues = '' }) => ({ id, value, choices: enumValues }))
  }

  /** Writes settings; throws `ChangeFailure` when one is refused. */
  async set(values: Readonly<Record<string, string>>, token?: Secret): Promise<void> {
    if (Object.keys(values).length === 0) return
    const reply = await this.#send('PUT', `/:/prefs?${query(values)}`, token)
    require(reply, 'take its settings')
  }

  /** All libraries. */
  async libraries(token?: Secret): Promise<readonly ServerLibrary[]> {
    const answer = await this.#read('/library/sections', Libraries, 'tell its libraries', token)
    return (answer.MediaContainer.Directory ?? []).map(({ key, title, Location = [] }) => ({
      key,
      title,
      folders: Location.map(({ path }) => path),
    }))
  }

  /** Makes a library; false when the server does not take these words. Waits while it is still starting. */
  async makeLibrary(
    request: LibraryRequest,
    signal: AbortSignal,
    token?: Secret,
    readyMs = READY_MS,
  ): Promise<boolean> {
    const end = Date.now() + readyMs
    const { locations, ...rest } = request
    // Each folder is a word of its own, all of one name.
    const words = [query(rest), ...locations.map(location => query({ location }))].join('&')
    for (;;) {
      const reply = await this.#send('POST', `/library/sections?${words}`, token, 60_000)
      // For some time after the first answer libraries cannot be made; it says so with the code for wrong words.
      const starting = !('unreachable' in reply) && (reply.status === 503 || /still starting up/.test(reply.text))
      if (!starting || Date.now() > end) {
        if (!('unreachable' in reply) && reply.status === 400 && !starting) return false
        require(reply, `make the library ${request.name}`)
        return true
      }
      await delay(this.#pauseMs, undefined, { signal })
    }
  }

  async #read<S extends z.ZodMiniType>(path: string, shape: S, what: string, token?: Secret): Promise<z.infer<S>> {
    const reply = await this.#send('GET', path, token)
    const parsed = shape.safeParse(json(require(reply, what)))
    if (parsed.success) return parsed.data
    throw new ChangeFailure(`Plex does not ${what}: its answer makes no sense.`, TRY_AGAIN)
  }

  async #send(method: 'GET' | 'POST' | 'PUT', path: string, token?: Secret, timeoutMs = 15_000): Promise<Reply> {
    const headers = token === undefined ? {} : { 'X-Plex-Token': token.reveal() }
    return await this.#ask({ method, url: `${this.#root}${path}`, headers, timeoutMs })
  }
}

const query = (values: Readonly<Record<string, string>>): string =>
  new URLSearchParams(values).toString().replaceAll('+', '%20')

const TRY_AGAIN = 'Run "sudo mediaserver apply" in a few minutes; "mediaserver plex status" tells how Plex is.'

/** The text of a good answer; throws `ChangeFailure` for any other. */
function require(reply: Reply, what: string): string {
  if ('unreachable' in reply) throw new ChangeFailure(`Plex does not ${what}: ${reply.unreachable}.`, TRY_AGAIN)
  if (reply.status < 300) return reply.text
  if (reply.status === 401)
    throw new ChangeFailure(
      `Plex does not ${what}: it belongs to an account that this machine has no key of.`,
      'Sign in again with "sudo mediaserver plex claim".',
    )
  throw new ChangeFailure(`Plex does not ${what}: it answers with code ${reply.status}.`, TRY_AGAIN)
}

function json(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return null
  }
}
