import { readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import { writeDurably } from '../apply/durable.ts'
import { ChangeFailure } from '../apply/failure.ts'
import { doorStands, putDoor, wantedDoor } from '../domain/door.ts'
import type { Door } from '../domain/requests-door.ts'
import { heldWords } from '../doctor/safety-stop.ts'
import { lookUpAccount } from '../plex/account.ts'
import { ask } from '../plex/ask.ts'
import { type PlexState, readPlexState, writePlexState } from '../plex/state.ts'
import { openRoot } from '../root.ts'
import { openHttp } from '../wiring/http.ts'
import type { Stack } from '../wiring/link.ts'
import { Memory, memoryPath, parseMemory } from '../wiring/memory.ts'
import { plexAccountPath } from '../wiring/plex-token.ts'
import { guardLogin, type LoginGuard } from '../wiring/refused-login.ts'
import { placesOf, type ServiceName } from '../wiring/services.ts'
import { TUNNEL } from '../wiring/tunnel.ts'
import { lookAtWiring, type Wired, wire as connect } from '../wiring/wire.ts'
import { openWires } from '../wiring/wires.ts'
import { defineChange, type Site } from './change.ts'
import { readStackKeys } from './stack-keys.ts'

const Params = z.strictObject({ services: z.array(z.string()), vpn: z.boolean(), domain: z.boolean() })
type Params = z.infer<typeof Params>

// A slow machine that starts everything at once.
const PATIENCE_MILLISECONDS = 10 * 60_000

function servicesOf({ services, vpn }: Params): ServiceName[] {
  const chosen = (['bazarr', 'jellyseerr'] as const).filter(name => services.includes(name))
  return ['sonarr', 'radarr', 'prowlarr', ...(vpn ? (['qbittorrent'] as const) : []), ...chosen, 'plex']
}

/** Why the torrent client is held back by the doctor, and what connects it afterwards; null when it is not. */
function whyHeld(site: Site): string | null {
  const why = heldWords('qbittorrent', openRoot(site.path('/')))
  return why === null ? null : `${why} Then have it connected with the others: "sudo mediaserver apply".`
}

/** What is connected on a machine with these services. Throws a `ChangeFailure` when there are no keys yet. */
export async function stackOf(params: Params, site: Site): Promise<Stack> {
  const keys = await readStackKeys(site)
  if (keys === null)
    throw new ChangeFailure(
      'Nobody has made up the keys of the services yet.',
      'Type "sudo mediaserver apply"; if it happens again, save a report.',
    )
  const { language, domain } = site.answers
  const { token, account } = await readPlexState(site.path(plexAccountPath))
  const held = params.vpn ? whyHeld(site) : null
  return {
    services: new Set(servicesOf(params).filter(name => name !== 'qbittorrent' || held === null)),
    held: held === null ? [] : [held],
    keys,
    plexToken: token ?? null,
    plexAccount: account ?? null,
    language,
    publicUrl: domain === null ? '' : `https://${domain.name}`,
    tunnel: TUNNEL,
    places: placesOf,
  }
}

/** What was written into the programs. */
export const readMemory = async (site: Site): Promise<Memory> =>
  parseMemory(await readFile(site.path(memoryPath), 'utf8').catch(() => ''))

function words({ links, theirs, later }: Wired, door: Door | null, { publicUrl }: Stack): string {
  const kept = theirs.length === 0 ? [] : [`left as you changed it: ${theirs.join(', ')}`]
  const doors = door === null ? [] : [door.open ? `${publicUrl} is open` : `${publicUrl} stays closed: ${door.why}`]
  return [`${links} connections`, ...kept, ...later, ...doors].join('; ')
}

const doorOf = async (stack: Stack, site: Site): Promise<Door | null> =>
  await wantedDoor(openWires(stack, openHttp(), new Memory(), site.signal), site)

/** What is known of the login of qBittorrent on this machine, as its keys say it now. */
export const guardOf = ({ keys }: Stack, site: Site): LoginGuard =>
  guardLogin(keys.logins.qbittorrent, { ...site, root: openRoot(site.path('/')) })

/** Opens Jellyseerr to the internet, or closes it, as it is found right now; gives what it came to, null where it is not ours. */
export async function settleDoor(stack: Stack, site: Site): Promise<Door | null> {
  const door = await doorOf(stack, site)
  if (door !== null) await putDoor(door, site)
  return door
}

/** What is to be known of the Plex account and is not yet, as when plex.tv was away before; null for nothing new. */
async function newlyKnown({ services, domain }: Params, site: Site): Promise<PlexState | null> {
  if (!domain || !services.includes('jellyseerr')) return null
  const state = await readPlexState(site.path(plexAccountPath))
  if (state.token === undefined || state.account !== undefined) return null
  const found = await lookUpAccount({ ask }, state)
  return found.account === undefined ? null : found
}

/** Connects the services with each other and with Plex. What a person has changed in them stays. */
export const wire = defineChange<Params>({
  id: 'wire',
  where: 'target',
  parse: params => Params.parse(params),
  async check(params, site) {
    const stack = await stackOf(params, site)
    const wired = await lookAtWiring(stack, openHttp(), await readMemory(site), site.signal, guardOf(stack, site))
    if (wired === null || (await newlyKnown(params, site)) !== null) return null
    const door = await doorOf(stack, site)
    return door === null || (await doorStands(door, site)) ? words(wired, door, stack) : null
  },
  async apply(params, site) {
    const known = await newlyKnown(params, site)
    if (known !== null) await writePlexState(known, site.path(plexAccountPath))
    const stack = await stackOf(params, site)
    const connected = connect(stack, openHttp(), await readMemory(site), {
      signal: site.signal,
      progress: (doing, done, total) => site.progress(doing, done, total),
      keep: async memory => await writeDurably(site.path(memoryPath), memory.toJson(), { mode: 0o600 }),
      patienceMilliseconds: PATIENCE_MILLISECONDS,
      // Whoever applies has perhaps mended it in a way that cannot be seen from here: it is tried once more.
      guard: { ...guardOf(stack, site), spared: false },
    })
    const failure = await connected.then(
      () => null,
      (error: unknown) => error,
    )
    // Whatever else is not connected: what is not proven to be ours is closed.
    await settleDoor(stack, site)
    if (failure !== null) throw failure
  },
})
