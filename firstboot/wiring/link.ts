import type { Secret } from '../answers/secret.ts'
import type { StackKeys } from '../stack/keys.ts'
import type { Api } from './api.ts'
import type { Memory } from './memory.ts'
import type { LoginGuard } from './refused-login.ts'
import type { Place, ServiceName } from './services.ts'

/** What is connected on one machine. */
export interface Stack {
  /** Those that this machine has; Plex is one of them. */
  readonly services: ReadonlySet<ServiceName>
  /** Why others that it has are held back on purpose, and how that ends, in sentences; they are not among the services. */
  readonly held: readonly string[]
  readonly keys: StackKeys
  /** The token of the account that the Plex server belongs to; null: nobody has signed in yet. */
  readonly plexToken: Secret | null
  /** The number of that account at plex.tv; null while nobody has signed in, or plex.tv could not be asked. */
  readonly plexAccount: number | null
  /** Locale as in `de_DE.UTF-8`: in which language subtitles are wanted. */
  readonly language: string
  /** Address that visitors use from outside; empty without a domain. */
  readonly publicUrl: string
  /** The tunnel's network interface inside the VPN container. */
  readonly tunnel: string
  readonly places: Readonly<Record<ServiceName, Place>>
}

/** What a link works with. */
export interface Wires {
  readonly stack: Stack
  readonly memory: Memory
  readonly guard: LoginGuard
  /** Its interface; with more headers than the key, for instance a cookie. */
  readonly api: (service: ServiceName, headers?: Readonly<Record<string, string>>) => Api
  /** Whether a program answers right now. */
  readonly isUp: (service: ServiceName) => Promise<boolean>
}

/** What a link found: what has to be written, and what a person has changed and is left alone. */
export interface Look {
  readonly writes: readonly Write[]
  readonly theirs: readonly string[]
}

/** One thing to write; sending it twice does no harm. */
export interface Write {
  readonly send: () => Promise<void>
}

/** One connection between programs. Each is looked at, put right where it is not, and looked at again. */
export interface Link {
  readonly id: string
  /** For the person who waits, as in `Sonarr: where series go`. */
  readonly title: string
  /** Programs that must be up. */
  readonly needs: readonly ServiceName[]
  /** Links that must be right first. */
  readonly after?: readonly string[]
  /** Whether this machine has it at all, as far as `needs` do not say. */
  readonly when?: (stack: Stack) => boolean
  /** Compares; changes nothing but the memory. */
  readonly look: (wires: Wires) => Promise<Look>
}

/** All is right. */
export const right: Look = { writes: [], theirs: [] }
