import { readFile } from 'node:fs/promises'
import { type Credentials, credentialsPath, parseCredentials } from '../credentials.ts'
import type { Site } from './change.ts'
import { writeFiles } from './files.ts'

/** What was made up for people so far. What is damaged is made anew: nobody can know it any more. */
export const readCredentials = async (site: Site): Promise<Credentials> =>
  parseCredentials(await readFile(site.path(credentialsPath), 'utf8').catch(() => '')) ?? {}

/** Adds to it, or replaces what has the same name. */
export async function keepCredentials(added: Credentials, site: Site): Promise<void> {
  const text = `${JSON.stringify({ ...(await readCredentials(site)), ...added }, null, 2)}\n`
  await writeFiles([{ path: credentialsPath, text, mode: 0o600 }], site)
}
