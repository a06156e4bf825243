import type { Answers } from '../answers/answers.ts'
import type { Get } from '../live-checks/https.ts'
import type { Ask } from '../plex/ask.ts'
import type { Root } from '../root.ts'
import type { Ended, Follow } from '../run.ts'
import type { Service } from '../stack/catalogue.ts'

/** What a verification is divided into, in the order in which it is told. */
export const SECTIONS = [
  'hardware video',
  'VPN',
  'kill switch',
  'services',
  'links',
  'web interfaces',
  'domain',
  'DDNS',
  'storage',
  'security',
  'updates',
] as const

export type Section = (typeof SECTIONS)[number]

/** What a check came to. `none`: there is nothing here that could be right or wrong. */
export type Verdict = 'pass' | 'warn' | 'fail' | 'none'

/** What one check found. */
export interface Finding {
  readonly verdict: Verdict
  /** One sentence of evidence with what was measured: values, not opinions. Holds no secret. */
  readonly words: string
  /** What was seen, line by line, for who asks why. */
  readonly detail?: readonly string[]
  /** For `warn` and `fail`: the name of the trouble in `doctor`, which knows the mend. */
  readonly trouble?: string
}

/** All that a check may use: it looks at the machine only through this, and changes nothing that lasts. */
export interface Scene {
  readonly root: Root
  readonly answers: Answers
  /** The services that this machine should run. */
  readonly services: readonly Service[]
  readonly get: Get
  /** Asks the programs of this machine over http; never throws. */
  readonly ask: Ask
  /** Runs a program; ends with the check's deadline at the latest. */
  readonly attempt: (argv: readonly [string, ...string[]], follow?: Follow) => Promise<Ended>
  /** What several checks need is found out once: the first that asks for a name does it. */
  readonly once: <T>(name: string, find: () => Promise<T>) => Promise<T>
  /** Unix time in milliseconds. */
  readonly now: () => number
  readonly signal: AbortSignal
}

/** One thing that is proven about the machine. */
export interface Check {
  /** Stays the same for ever, because histories are compared by it: `vpn-address`. */
  readonly id: string
  readonly section: Section
  /** What it proves, in a few words (at most 34 characters): `Home address is hidden`. */
  readonly title: string
  /** How it is proven, in a sentence, for who asks. */
  readonly how: string
  /** When it is not over by then, on real hardware, it has failed. */
  readonly seconds: number
  readonly run: (scene: Scene) => Promise<Finding>
}
