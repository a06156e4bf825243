import type { DomainAnswer } from '../answers/answers.ts'

/** The names that the house is reached by from outside, each with the service behind it. */
export interface DomainNames {
  /** For everybody: where films are asked for. */
  readonly apex: string
  /** Only with a password. */
  readonly guarded: readonly { readonly name: string; readonly service: 'sonarr' | 'radarr'; readonly port: number }[]
}

/** The names below a domain. Never one for Prowlarr or qBittorrent: nobody needs them from outside. */
export function domainNames({ name }: Pick<DomainAnswer, 'name'>): DomainNames {
  return {
    apex: name,
    guarded: [
      { name: `sonarr.${name}`, service: 'sonarr', port: 8989 },
      { name: `radarr.${name}`, service: 'radarr', port: 7878 },
    ],
  }
}
