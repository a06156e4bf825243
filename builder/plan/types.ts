import type { PlexInstall } from '../recipe/plex.ts'

/** The kinds of step; each has one file in `steps/`. */
export type StepKind =
  | 'packages'
  | 'plex'
  | 'root'
  | 'sums'
  | 'container-packages'
  | 'containers'
  | 'payload'
  | 'bundle'
  | 'layer'
  | 'esp'
  | 'config'
  | 'disk'

/** One step of a build: everything that its result depends on, and nothing else. */
export interface PlannedStep {
  readonly id: StepKind
  /** One line for people. */
  readonly title: string
  /** Raised when the step's code changes what it makes. */
  readonly version: number
  /** JSON values only; part of the key. */
  readonly params: Readonly<Record<string, unknown>>
  /** Steps whose results this one reads; their keys are part of this key. */
  readonly needs: readonly StepKind[]
  /** Digests of files outside the store, by the name a person knows them by. */
  readonly inputs: Readonly<Record<string, string>>
  /** Versions of the programs that shape the result. */
  readonly tools: Readonly<Record<string, string>>
  /** sha256 over all of the above, see `step-key.ts`. */
  readonly key: string
}

/** A build, decided: the steps in an order in which each comes after what it needs. */
export interface Plan {
  /** The file name of the image without its ending, for instance `media-server-0.1.0-debian-13-full`. */
  readonly name: string
  readonly base: string
  readonly plex: PlexInstall
  readonly steps: readonly PlannedStep[]
}

/** What one step reads of the plan while it is made. */
export type StepDraft = Omit<PlannedStep, 'key'>
