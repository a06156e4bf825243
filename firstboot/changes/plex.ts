import * as z from 'zod/mini'
import { ask } from '../plex/ask.ts'
import {
  accessTo,
  accountWords,
  claimDigest,
  claimForAccount,
  lookUpAccount,
  type PlexDoors,
  serverToken,
} from '../plex/account.ts'
import { findFilmFolders } from '../plex/film-folders.ts'
import { install, isInstalled, isRunning, makeFolders, mend, plexUser, requireUser, start } from '../plex/install.ts'
import type { PlexIdentity } from '../plex/server.ts'
import { isSetUp, seedPreferences, serverOf, setUp } from '../plex/set-up.ts'
import { plexStatePath, type PlexState, readPlexState, writePlexState } from '../plex/state.ts'
import { type Change, defineChange, type Site } from './change.ts'
import { filmMounts } from './film-mounts.ts'

const Params = z.object({ hostname: z.string(), language: z.string() })
type Params = z.infer<typeof Params>

const at = (site: Site) => (path: string) => site.path(path)

/** Whether a claim token is still to be tried. */
const hasClaim = ({ claimed }: PlexIdentity, state: PlexState, { answers: { plexClaim } }: Site): boolean =>
  !claimed && plexClaim !== null && claimDigest(plexClaim) !== state.deadClaim

/** Installs Plex where the image does not have it, starts it, and sets it up: account, settings, libraries. */
export function plexChange(doors: PlexDoors): Change {
  const server = serverOf(doors)
  return defineChange<Params>({
    id: 'plex',
    where: 'target',
    parse: params => Params.parse(params),
    async check(params, site) {
      if ((await plexUser(site)) === null || !(await isInstalled(site)) || !(await isRunning(site))) return null
      const identity = await server.identity()
      const state = await readPlexState(site.path(plexStatePath))
      if (identity === null || hasClaim(identity, state, site)) return null
      // Somebody signed in with a browser meanwhile: the services beside Plex need that account too.
      if (identity.claimed && state.token === undefined && (await serverToken(at(site))) !== null) return null
      const access = await accessTo(server, identity, state, at(site))
      if (!(await isSetUp(server, params, state, access))) return null
      return `Plex ${identity.version.replace(/-.*/, '')}, ${accountWords(identity, state)}`
    },
    async apply(params, site) {
      const path = site.path(plexStatePath)
      const user = await requireUser(site)
      await makeFolders(user, site)
      await seedPreferences(await readPlexState(path), user, at(site))
      if (!(await isInstalled(site))) await install(site)
      await mend(site)
      await start(site)
      site.progress('waiting for Plex')
      const answering = await server.ready(() => site.progress('waiting for Plex'), site.signal)
      const identity = await claim(answering, path, site)
      let state = await readPlexState(path)
      if (identity.claimed && state.token === undefined) {
        const token = await serverToken(at(site))
        if (token !== null) state = { ...state, token }
      }
      state = await lookUpAccount(doors, state)
      await writePlexState(state, path)
      site.progress('setting Plex up')
      const access = await accessTo(server, identity, state, at(site))
      const places = (await filmMounts(site)).map(({ mountpoint }) => mountpoint)
      const wishes = { ...params, films: await findFilmFolders(places, at(site)) }
      await writePlexState(await setUp(server, wishes, state, access, site.signal), path)
    },
  })

  // A code that is not good any more is no failure: there is another way to sign in, and everything else goes on.
  async function claim(identity: PlexIdentity, path: string, site: Site): Promise<PlexIdentity> {
    const { plexClaim } = site.answers
    const state = await readPlexState(path)
    if (identity.claimed) return identity
    if (state.token !== undefined) {
      const failed = await claimForAccount(server, doors, state)
      if (failed === null) return await server.claimedBy(identity, site.signal)
    }
    if (plexClaim === null || !hasClaim(identity, state, site)) return identity
    site.progress('claiming Plex for your account')
    if (await server.claim(plexClaim)) return await server.claimedBy(identity, site.signal)
    await writePlexState({ ...state, deadClaim: claimDigest(plexClaim) }, path)
    return identity
  }
}

/** Plex on this machine. */
export const plex = plexChange({ ask })
