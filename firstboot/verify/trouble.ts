import type { Scene } from './check.ts'

/** A trouble that people have, and what ends it. Data: `doctor` lists and mends by it. */
export interface Trouble {
  /** Named by the findings of checks: `vpn-no-handshake`. */
  readonly id: string
  /** As a person would tell it: `Nothing is downloaded`. */
  readonly symptom: string
  /** What it comes from, in one sentence. */
  readonly cause: string
  /** What a person does about it, one step in each line; commands in quotation marks. */
  readonly mend: readonly string[]
  /** What is safe to do without asking; gives what was done in one sentence, and throws what a person can understand. */
  readonly remedy?: (scene: Scene) => Promise<string>
}
