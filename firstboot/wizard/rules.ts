import type { Answers, Draft } from '../answers/answers.ts'
import type { Disk, Machine } from '../machine.ts'
import type { Plan } from '../plan/plan.ts'

/** What can be validated while it is typed. */
export type Checked =
  | 'hostname'
  | 'user'
  | 'address'
  | 'gateway'
  | 'dns'
  | 'wifiName'
  | 'wifiPassword'
  | 'sshKey'
  | 'githubName'
  | 'interface'
  | 'vpnToken'
  | 'wireguardKey'
  | 'domainName'
  | 'email'
  | 'plexClaim'

/** One thing to choose: what is stored, and what a person reads. */
export interface Choice {
  readonly value: string
  readonly words: string
}

/** A disk as a place for the system. */
export interface SystemRow {
  /** By `diskId`. */
  readonly id: string
  readonly disk: Disk
  /** Why it cannot be chosen; null when it can. */
  readonly refused: string | null
  /** The system runs from this disk already and only grows: nothing on it is lost, but for what it `replaces`. */
  readonly inPlace: boolean
  /** In place, a media server that was set up behind the image is erased. */
  readonly replaces: boolean
  readonly warnings: readonly string[]
}

/** A disk as a place for films. `keep` and `erase` are null when allowed, else the reason why not. */
export interface MediaRow {
  readonly id: string
  readonly disk: Disk
  readonly keep: string | null
  readonly erase: string | null
  /** What a person should know before keeping it, and before erasing it. */
  readonly keepNotes: readonly string[]
  readonly eraseNotes: readonly string[]
  /** What it is used for before anybody decides; null: the person has to say. Never `erase`. */
  readonly usual: 'keep' | 'ignore' | null
}

/** A DNS provider, and what it wants to know before it changes an address. */
export interface Provider {
  readonly id: string
  readonly name: string
  /** Where the credentials are found at this provider, in one sentence. */
  readonly help: string
  readonly fields: readonly { readonly name: string; readonly label: string; readonly optional: boolean }[]
}

/** A service that may be left out. */
export interface OptionalService {
  readonly name: string
  readonly words: string
}

/** An OpenSSH public key in words. */
export interface KeyWords {
  readonly type: string
  /** As `ssh-keygen -l` prints it: `SHA256:` and 43 characters. */
  readonly fingerprint: string
  readonly comment: string
}

/**
 * All decisions that the screens need and do not make themselves. Everything here is pure; `validate` gives null or one
 * sentence that says what is wrong and how to mend it.
 */
export interface Rules {
  /** `beside` is what the text must fit to: for a gateway, the machine's own address. */
  validate(what: Checked, text: string, beside?: string): string | null
  /** Whether a provider can serve a domain at all. */
  validateProvider(provider: string, domain: string): string | null
  validateCredential(provider: string, name: string, text: string): string | null
  systemDisks(machine: Machine): readonly SystemRow[]
  /** None on the installed system, where answers are applied without touching a disk. */
  mediaDisks(machine: Machine, systemDisk: string): readonly MediaRow[]
  readonly providers: readonly Provider[]
  readonly services: readonly OptionalService[]
  describeKey(line: string): KeyWords | null
  /** The finished answers, or what is missing, one sentence each. */
  finish(draft: Draft): { readonly answers: Answers } | { readonly problems: readonly string[] }
  plan(machine: Machine, answers: Answers): Plan | { readonly problems: readonly string[] }
}
