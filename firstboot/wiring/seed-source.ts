import { readStackKeys } from '../changes/stack-keys.ts'
import type { Site } from '../changes/change.ts'
import type { OwnFile } from '../changes/files.ts'
import { serviceSeeds } from './seeds.ts'
import { TUNNEL } from './tunnel.ts'

/** The files that the services of a machine begin with; none while there are no keys. */
export async function wiringSeeds(
  site: Site,
  services: readonly { readonly name: string }[],
): Promise<readonly OwnFile[]> {
  const keys = await readStackKeys(site)
  if (keys === null) return []
  const { user, hostname } = site.answers
  return serviceSeeds({ user, hostname, keys, tunnel: TUNNEL, services: services.map(({ name }) => name) })
}
