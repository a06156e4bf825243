import type { Answers } from '../answers/answers.ts'
import type { Ended, Follow } from '../run.ts'

/** Where a change takes effect, and its only way to the world. */
export interface Site {
  /** All answers with their secrets; what a change needs besides them is in its parameters. */
  readonly answers: Answers
  /** The folder that the system which is set up is mounted at; empty for the running system. */
  readonly target: string
  /** A path of that system, as this program reaches it. */
  path(path: string): string
  /** Runs a program to its end; throws a `ChangeFailure` that names it and quotes its last words when it fails. */
  run(argv: readonly [string, ...string[]], follow?: Follow): Promise<string>
  /** The same inside the system that is set up. */
  runInside(argv: readonly [string, ...string[]], follow?: Follow): Promise<string>
  /** Runs a program that may fail. */
  attempt(argv: readonly [string, ...string[]], follow?: Follow): Promise<Ended>
  /** What is being done right now, for the person who waits; `done` and `total` in bytes or pieces. */
  progress(doing: string, done?: number, total?: number): void
  readonly signal: AbortSignal
}

/** One change of the machine. It knows whether it is done, does it, and proves it; doing it twice does no harm. */
export interface Change<P = unknown> {
  readonly id: string
  /** `machine` works on disks; `target` needs the file systems of the system that is set up. */
  readonly where: 'machine' | 'target'
  /** Checks parameters that come from a stored plan; throws when they are not of this change. */
  readonly parse: (params: unknown) => P
  /** One sentence of evidence when the change is done already, else null. Changes nothing. */
  readonly check: (params: P, site: Site) => Promise<string | null>
  readonly apply: (params: P, site: Site) => Promise<void>
  /** Proves more than `check` right after `apply`, for instance by reading back what was written. */
  readonly verify?: (params: P, site: Site) => Promise<string>
}

/** Fixes the type of the parameters of a change, and forgets it for the list of all. */
export const defineChange = <P>(change: Change<P>): Change => change as Change
