import type { Check } from '../check.ts'
import { links } from './links.ts'
import { plexAccount } from './plex-account.ts'

/** Everything about how services are connected. */
export const linksChecks: readonly Check[] = [links, plexAccount]
