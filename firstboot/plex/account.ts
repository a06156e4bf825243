import { createHash, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Secret } from '../answers/secret.ts'
import type { Ask } from './ask.ts'
import { PlexTv } from './plex-tv.ts'
import { localTokenPath, parsePreferences, preferencesPath, processedIdentifier } from './preferences-file.ts'
import type { PlexIdentity, PlexServer } from './server.ts'
import type { PlexState } from './state.ts'

/** The doors of this part to the world; tests give others. */
export interface PlexDoors {
  readonly ask: Ask
  /** Roots of plex.tv and of the server of this machine, where they are not the usual ones. */
  readonly plexTv?: string
  readonly server?: string
  /** Pause between two looks, in milliseconds. */
  readonly pauseMs?: number
}

/** plex.tv, for this machine; `state` gets the name that plex.tv knows it by. */
export function plexTvFor(doors: PlexDoors, state: PlexState): { readonly plexTv: PlexTv; readonly state: PlexState } {
  const client = state.client ?? randomUUID()
  return { plexTv: new PlexTv(doors.ask, client, doors.plexTv), state: { ...state, client } }
}

/** Names a claim token without telling it. */
export const claimDigest = (claim: Secret): string =>
  createHash('sha256').update(claim.reveal()).digest('hex').slice(0, 16)

/**
 * Uses a claim token at once, before the server is there: it is good for four minutes, and an installation takes longer.
 * The server gets its identifier and its token with its first settings. Never throws; what came of it is in the state,
 * and `words` say it.
 */
export async function exchangeClaim(
  claim: Secret,
  doors: PlexDoors,
  state: PlexState,
): Promise<{ readonly state: PlexState; readonly words: string }> {
  const machine = randomUUID()
  const reply = await new PlexTv(doors.ask, processedIdentifier(machine), doors.plexTv).exchange(claim)
  if ('value' in reply)
    return { state: { ...state, machine, token: reply.value }, words: 'plex.tv gave the key of your account' }
  if ('refused' in reply)
    return {
      state: { ...state, deadClaim: claimDigest(claim) },
      words: `the claim code did not work (${reply.refused}); Plex asks for another one at the end`,
    }
  return { state, words: `${reply.unreachable}; the claim code is tried once more at the end` }
}

/** The token that a claimed server keeps; null when it is not claimed, or its settings cannot be read. */
export async function serverToken(at: (path: string) => string): Promise<Secret | null> {
  const values = parsePreferences(await readFile(at(preferencesPath), 'utf8').catch(() => ''))
  const token = values?.['PlexOnlineToken'] ?? ''
  return token === '' ? null : new Secret(token)
}

/** What opens the server for this machine: nothing while it is not claimed, then a token of its owner, else its local one. */
export async function accessTo(
  server: PlexServer,
  identity: PlexIdentity,
  state: PlexState,
  at: (path: string) => string,
): Promise<Secret | undefined> {
  if (!identity.claimed) return undefined
  if (state.token !== undefined && (await server.opensTo(state.token))) return state.token
  // The owner signed out everywhere, or the server belongs to somebody whose token is not known here.
  const local = (await readFile(at(localTokenPath), 'utf8').catch(() => '')).trim()
  return local === '' ? state.token : new Secret(local)
}

/** Gives the server to the account of a token; a sentence with the reason when that does not work. */
export async function claimForAccount(
  server: PlexServer,
  doors: PlexDoors,
  state: PlexState,
): Promise<{ readonly problem: string } | null> {
  if (state.token === undefined) return { problem: 'nobody has signed in' }
  const claim = await plexTvFor(doors, state).plexTv.claimToken(state.token)
  if ('refused' in claim) return { problem: claim.refused }
  if ('unreachable' in claim) return { problem: claim.unreachable }
  return (await server.claim(claim.value)) ? null : { problem: 'Plex does not take the claim' }
}

/** Looks up who the account is. What cannot be asked now stays as it was known. */
export async function lookUpAccount(doors: PlexDoors, before: PlexState): Promise<PlexState> {
  if (before.token === undefined) return before
  const { plexTv, state } = plexTvFor(doors, before)
  const reply = await plexTv.account(before.token)
  return 'value' in reply ? { ...state, ...reply.value } : state
}

/** Who the server belongs to and what that means, in a few words. Pure. */
export function accountWords({ claimed }: Pick<PlexIdentity, 'claimed'>, { username, pass }: PlexState): string {
  if (!claimed) return 'without an account; sign in with "sudo mediaserver plex claim"'
  const owner = username === undefined ? 'claimed' : `claimed by ${username}`
  if (pass === undefined) return owner
  return pass
    ? `${owner}, Plex Pass: hardware transcoding`
    : `${owner}, no Plex Pass: transcoding by the processor only`
}
