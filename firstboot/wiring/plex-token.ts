import { readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import { Secret } from '../answers/secret.ts'

/** Where the change `plex` leaves the token of the account that the server belongs to; only root may read it. */
export const plexAccountPath = '/var/lib/mediaserver/plex.json'

const Account = z.object({ token: z.string().check(z.minLength(1)) })

/** The token of the Plex account; null when nobody has signed in. */
export async function readPlexToken(path: string): Promise<Secret | null> {
  try {
    return new Secret(Account.parse(JSON.parse(await readFile(path, 'utf8'))).token)
  } catch {
    return null
  }
}
