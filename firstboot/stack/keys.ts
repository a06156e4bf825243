import * as z from 'zod/mini'
import { Secret } from '../answers/secret.ts'
import { makeApiKey, makePassword } from '../made-up.ts'

/** What opens one service for a person. */
export interface Login {
  readonly user: string
  readonly password: Secret
}

const secret = z.pipe(
  z.string().check(z.minLength(1)),
  z.transform(value => new Secret(value)),
)
const login = z.strictObject({ user: z.string(), password: secret })

const Stored = z.strictObject({
  apiKeys: z.strictObject({ sonarr: secret, radarr: secret, prowlarr: secret, bazarr: secret, jellyseerr: secret }),
  logins: z.strictObject({
    sonarr: login,
    radarr: login,
    prowlarr: login,
    bazarr: login,
    qbittorrent: login,
    domain: login,
  }),
})

/** Everything that was made up for the stack of one machine: 32 hexadecimal digits per API key, one login per service. */
export interface StackKeys {
  readonly apiKeys: Readonly<Record<'sonarr' | 'radarr' | 'prowlarr' | 'bazarr' | 'jellyseerr', Secret>>
  readonly logins: Readonly<Record<'sonarr' | 'radarr' | 'prowlarr' | 'bazarr' | 'qbittorrent' | 'domain', Login>>
}

/** Where it lies on the installed system; only root may read it. */
export const stackKeysPath = '/var/lib/mediaserver/stack-keys.json'

/**
 * Makes everything up for one user. No two services share a password: Bazarr keeps an MD5 of its own, and whoever reads
 * that shall not get into another one with it.
 */
export function makeStackKeys(user: string): StackKeys {
  const key = () => new Secret(makeApiKey())
  const entry = (): Login => ({ user, password: new Secret(makePassword()) })
  return {
    apiKeys: { sonarr: key(), radarr: key(), prowlarr: key(), bazarr: key(), jellyseerr: key() },
    logins: {
      sonarr: entry(),
      radarr: entry(),
      prowlarr: entry(),
      bazarr: entry(),
      qbittorrent: entry(),
      domain: entry(),
    },
  }
}

/** The keys as JSON text WITH THEIR SECRETS. It belongs into a file that only root can read. */
export function stackKeysToJson({ apiKeys, logins }: StackKeys): string {
  const plain = {
    apiKeys: Object.fromEntries(Object.entries(apiKeys).map(([name, key]) => [name, key.reveal()])),
    logins: Object.fromEntries(
      Object.entries(logins).map(([name, { user, password }]) => [name, { user, password: password.reveal() }]),
    ),
  }
  return `${JSON.stringify(plain, null, 2)}\n`
}

/** Reads what `stackKeysToJson` wrote; null for any other text. */
export function parseStackKeys(text: string): StackKeys | null {
  try {
    return Stored.parse(JSON.parse(text))
  } catch {
    return null
  }
}
