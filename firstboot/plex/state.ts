import { readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import { Secret } from '../answers/secret.ts'
import { writeDurably } from '../apply/durable.ts'

const Stored = z.object({
  client: z.optional(z.string()),
  machine: z.optional(z.string()),
  token: z.optional(z.string()),
  account: z.optional(z.number()),
  username: z.optional(z.string()),
  pass: z.optional(z.boolean()),
  deadClaim: z.optional(z.string()),
  preferences: z.optional(z.record(z.string(), z.string())),
  libraries: z.optional(z.array(z.string())),
})

/** What this machine remembers of Plex. */
export interface PlexState {
  /** How plex.tv tells this set-up from other programs; made up once. */
  readonly client?: string
  /** The identifier that the server was claimed with before it ever ran. */
  readonly machine?: string
  /** Of the owner's account: for Plex itself, and for the services that are connected with it. */
  readonly token?: Secret
  /** The number of the account at plex.tv; absent while that is not known. */
  readonly account?: number
  readonly username?: string
  /** Whether the account has a Plex Pass; absent while that is not known. */
  readonly pass?: boolean
  /** Digest of a claim token that is not good any more, so that it is not tried again and again. */
  readonly deadClaim?: string
  /** Settings as they were written last: another value that is found later is the user's own. */
  readonly preferences: Readonly<Record<string, string>>
  /** Folders whose libraries were made once: one that is gone later was taken away by the user. */
  readonly libraries: readonly string[]
}

/** Where it lies on the installed system; only root may read it. */
export const plexStatePath = '/var/lib/mediaserver/plex.json'

/** Nothing is known yet. */
export const noPlexState: PlexState = { preferences: {}, libraries: [] }

/** Reads the text of the file; what is damaged is nothing. */
export function parsePlexState(text: string): PlexState {
  try {
    const { token, ...rest } = Stored.parse(JSON.parse(text))
    const known = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
    return { ...noPlexState, ...known, ...(token === undefined ? {} : { token: new Secret(token) }) }
  } catch {
    return noPlexState
  }
}

/** Reads it; `path` for a system that lies in a folder. */
export const readPlexState = async (path: string = plexStatePath): Promise<PlexState> =>
  parsePlexState(await readFile(path, 'utf8').catch(() => ''))

/** Writes it. */
export async function writePlexState(state: PlexState, path: string = plexStatePath): Promise<void> {
  const text = JSON.stringify(
    { ...state, ...(state.token === undefined ? {} : { token: state.token.reveal() }) },
    null,
    2,
  )
  await writeDurably(path, `${text}\n`, { mode: 0o600 })
}
