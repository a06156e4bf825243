import type { Secret } from '../answers/secret.ts'

/** What opens one service for a person. */
export interface Login {
  readonly user: string
  readonly password: Secret
}

/** Everything that was made up for the stack of one machine: 32 hexadecimal digits per API key, one login per service. */
export interface StackKeys {
  readonly apiKeys: Readonly<Record<'sonarr' | 'radarr' | 'prowlarr' | 'bazarr' | 'jellyseerr', Secret>>
  readonly logins: Readonly<Record<'sonarr' | 'radarr' | 'prowlarr' | 'bazarr' | 'qbittorrent', Login>>
}

/** Where it lies on the installed system; only root may read it. */
export const stackKeysPath = '/var/lib/mediaserver/stack-keys.json'
