import * as z from 'zod/mini'
import { ask } from '../plex/ask.ts'
import { claimDigest, exchangeClaim, type PlexDoors } from '../plex/account.ts'
import { plexStatePath, readPlexState, writePlexState } from '../plex/state.ts'
import { type Change, defineChange } from './change.ts'

/**
 * Uses the claim code of the answers while it is good, which is four minutes: long before Plex runs. Whatever comes of it,
 * the set-up goes on.
 */
export function plexAccountChange(doors: PlexDoors): Change {
  return defineChange<object>({
    id: 'plex-account',
    where: 'target',
    parse: params => z.strictObject({}).parse(params),
    async check(_, site) {
      const { plexClaim } = site.answers
      const { machine, deadClaim } = await readPlexState(site.path(plexStatePath))
      if (plexClaim === null) return 'no claim code'
      if (machine !== undefined) return 'plex.tv gave the key of your account'
      return deadClaim === claimDigest(plexClaim) ? 'the claim code is not good any more' : null
    },
    async apply(_, site) {
      const { plexClaim } = site.answers
      const path = site.path(plexStatePath)
      if (plexClaim === null) return
      const { state } = await exchangeClaim(plexClaim, doors, await readPlexState(path))
      await writePlexState(state, path)
    },
    async verify(_, site) {
      const { plexClaim } = site.answers
      const { machine, deadClaim } = await readPlexState(site.path(plexStatePath))
      if (machine !== undefined) return 'plex.tv gave the key of your account'
      return plexClaim !== null && deadClaim === claimDigest(plexClaim)
        ? 'the claim code is not good any more; "sudo mediaserver plex claim" asks for another one'
        : 'plex.tv cannot be reached now; the claim code is tried once more when Plex runs'
    },
  })
}

/** The claim code, in time. */
export const plexAccount = plexAccountChange({ ask })
