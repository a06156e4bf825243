import type { DomainAnswer } from '../answers/answers.ts'
import type { OwnFile } from '../changes/files.ts'
import { type Authority, renderCaddyfile } from './caddyfile.ts'
import { renderDdnsConfig } from './ddns.ts'
import { DOOR_FILE, firstDoor, renderDoor } from './requests-door.ts'

/** What the services of a domain begin with. */
export interface DomainSeedWishes {
  readonly domain: DomainAnswer
  /** Names of the optional services that are wanted. */
  readonly services: readonly string[]
  /** Folder that has a folder for each service, `/home/USER/mediaserver/config`. */
  readonly configFolder: string
  readonly login: { readonly user: string; readonly hash: string }
  readonly authority?: Authority
}

// The containers run as the user of this machine, see USER_ID.
const owner = { uid: 1000, gid: 1000 }

/** The first files of Caddy and ddns-updater. Pure; without a domain there are none, and neither service runs. */
export function domainSeeds({ domain, services, configFolder, login, authority }: DomainSeedWishes): OwnFile[] {
  const caddy = { domain, requests: services.includes('jellyseerr'), login }
  return [
    {
      path: `${configFolder}/caddy/Caddyfile`,
      text: renderCaddyfile(authority === undefined ? caddy : { ...caddy, authority }),
      mode: 0o600,
      ...owner,
    },
    ...(caddy.requests
      ? [{ path: `${configFolder}/caddy/${DOOR_FILE}`, text: renderDoor(firstDoor), mode: 0o600, ...owner }]
      : []),
    { path: `${configFolder}/ddns-updater/config.json`, text: renderDdnsConfig(domain), mode: 0o600, ...owner },
  ]
}
