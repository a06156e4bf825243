import type { Runner } from '../shared/run.ts'

/** What every check gets. */
export interface CheckContext {
  readonly project: string
  /** Every file of the project that git knows or would take, relative to the project. */
  readonly files: readonly string[]
  readonly run: Runner
  readonly signal: AbortSignal
}

/** What a check saw: faults fail it, notes are only told. */
export interface CheckResult {
  readonly faults: readonly string[]
  readonly notes?: readonly string[]
}

export interface Check {
  readonly name: string
  /** What a person does about its faults; empty when they say it themselves. */
  readonly mend: string
  readonly look: (context: CheckContext) => Promise<CheckResult>
}
