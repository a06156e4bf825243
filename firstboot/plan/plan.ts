/** Where the system runs from while it is set up: a stick, the very disk it shall live on, or that disk when finished. */
export type Mode = 'install' | 'in-place' | 'configure'

/** What happens to one disk, in the words that are shown before anybody agrees. */
export interface DiskFate {
  readonly disk: string
  readonly model: string
  readonly serial: string
  readonly sizeBytes: number
  readonly fate: 'erase' | 'keep' | 'leave'
  /** What is on it now. */
  readonly contents: readonly string[]
}

/** One change of the machine, decided: everything that it depends on but secrets. JSON values only. */
export interface PlannedChange {
  /** Names the change; each has one file in `changes/`. */
  readonly id: string
  /** One line for people, as in `Copy the system`. */
  readonly title: string
  readonly params: Readonly<Record<string, unknown>>
  /** Disks that lose what is on them. */
  readonly destroys: readonly string[]
  /** Its share of the whole time, in seconds on a usual machine. */
  readonly weight: number
}

/** A set-up, decided. */
export interface Plan {
  readonly mode: Mode
  readonly changes: readonly PlannedChange[]
  readonly disks: readonly DiskFate[]
  /** sha256 over all of the above: consent is given to this and nothing else. */
  readonly hash: string
}
