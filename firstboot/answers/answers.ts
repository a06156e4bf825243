import type { Secret } from './secret.ts'

/** Where an answer came from; the review shows it. */
export type Source = 'default' | 'probe' | 'file' | 'person'

/** How the wired network gets its address. Without an interface it is every wired one. */
export type NetworkAnswer =
  | { readonly mode: 'dhcp' }
  | {
      readonly mode: 'static'
      readonly interface: string
      /** With its prefix length, as in `192.168.1.20/24`. */
      readonly address: string
      readonly gateway: string
      readonly dns: readonly string[]
    }

/** What happens to a disk for films: kept with all its files, erased, or left alone. */
export type MediaUse = 'keep' | 'erase' | 'ignore'

/** One disk for films, by the identity of `diskId`. */
export interface MediaAnswer {
  readonly disk: string
  readonly use: MediaUse
}

/** The way through the VPN: a NordVPN access token, from which a key is made, or a WireGuard private key. */
export interface VpnAnswer {
  readonly credential: { readonly kind: 'token' | 'wireguard-key'; readonly value: Secret }
  /** Country by its English name, as NordVPN lists it; empty for the nearest one. */
  readonly country: string
}

/** An own domain, kept up to date at its DNS provider; the fields of the credentials depend on the provider. */
export interface DomainAnswer {
  readonly name: string
  readonly provider: string
  readonly credentials: Readonly<Record<string, Secret>>
  /** For the certificate authority (ACME). */
  readonly email: string
}

/** All answers of the set-up; every face (screens, file on CONFIG, tests) gives these. */
export interface Answers {
  /** Locale as in `en_US.UTF-8`. */
  readonly language: string
  /** Keyboard layout of XKB as in `us` or `de`. */
  readonly keyboard: string
  /** Zone of the tz database. */
  readonly timezone: string
  readonly network: NetworkAnswer
  /** `country` is the two letters of ISO 3166. */
  readonly wifi: { readonly name: string; readonly password: Secret; readonly country: string } | null
  /** The system disk, by the identity of `diskId`; everything on it will be gone, unless the system runs from it. */
  readonly systemDisk: string
  /** Disks for films. None at all: films lie on the system disk. */
  readonly media: readonly MediaAnswer[]
  readonly hostname: string
  readonly user: string
  /** OpenSSH public keys, one line each. */
  readonly sshKeys: readonly string[]
  /** Null: set up later; torrents stay off until then. */
  readonly vpn: VpnAnswer | null
  readonly domain: DomainAnswer | null
  /** Names of the optional services that are wanted. */
  readonly services: readonly string[]
  /** A claim token of plex.tv/claim, or null: sign in later. */
  readonly plexClaim: Secret | null
}

/** Answers so far, each with where it came from. */
export interface Draft {
  readonly answers: Partial<Answers>
  readonly sources: Partial<Record<keyof Answers, Source>>
}
