import { readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import { writeDurably } from '../apply/durable.ts'
import { ChangeFailure } from '../apply/failure.ts'
import { openHttp } from '../wiring/http.ts'
import type { Stack } from '../wiring/link.ts'
import { type Memory, memoryPath, parseMemory } from '../wiring/memory.ts'
import { plexAccountPath, readPlexToken } from '../wiring/plex-token.ts'
import { placesOf, type ServiceName } from '../wiring/services.ts'
import { TUNNEL } from '../wiring/tunnel.ts'
import { lookAtWiring, type Wired, wire as connect } from '../wiring/wire.ts'
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

/** What is connected on a machine with these services. Throws a `ChangeFailure` when there are no keys yet. */
export async function stackOf(params: Params, site: Site): Promise<Stack> {
  const keys = await readStackKeys(site)
  if (keys === null)
    throw new ChangeFailure(
      'Nobody has made up the keys of the services yet.',
      'Type "sudo mediaserver apply"; if it happens again, save a report.',
    )
  const { language, domain } = site.answers
  return {
    services: new Set(servicesOf(params)),
    keys,
    plexToken: await readPlexToken(site.path(plexAccountPath)),
    language,
    publicUrl: domain === null ? '' : `https://${domain.name}`,
    tunnel: TUNNEL,
    places: placesOf,
  }
}

/** What was written into the programs. */
export const readMemory = async (site: Site): Promise<Memory> =>
  parseMemory(await readFile(site.path(memoryPath), 'utf8').catch(() => ''))

function words({ links, theirs, later }: Wired): string {
  const kept = theirs.length === 0 ? [] : [`left as you changed it: ${theirs.join(', ')}`]
  return [`${links} connections`, ...kept, ...later].join('; ')
}

/** Connects the services with each other and with Plex. What a person has changed in them stays. */
export const wire = defineChange<Params>({
  id: 'wire',
  where: 'target',
  parse: params => Params.parse(params),
  async check(params, site) {
    const wired = await lookAtWiring(await stackOf(params, site), openHttp(), await readMemory(site), site.signal)
    return wired === null ? null : words(wired)
  },
  async apply(params, site) {
    await connect(await stackOf(params, site), openHttp(), await readMemory(site), {
      signal: site.signal,
      progress: (doing, done, total) => site.progress(doing, done, total),
      keep: async memory => await writeDurably(site.path(memoryPath), memory.toJson(), { mode: 0o600 }),
      patienceMilliseconds: PATIENCE_MILLISECONDS,
    })
  },
})
