import type { Check } from '../check.ts'
import { containers } from './containers.ts'
import { plex } from './plex.ts'

/** Everything that has to run. */
export const servicesChecks: readonly Check[] = [plex, containers]
