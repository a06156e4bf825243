/** What a command needs of the machine; one entry of requirements.json. */
export interface Requirement {
  readonly package: string
  /** Its name on some distributions, by id and version; null where there is none. */
  readonly names?: Readonly<Record<string, string | null | undefined>>
  /** All of them must be on the PATH. */
  readonly programs?: readonly string[]
  /** One of them must exist. */
  readonly files?: readonly string[]
  readonly minimum?: string
  readonly unlessRoot?: boolean
  readonly optional?: boolean
  readonly why: string
}

export interface Requirements {
  readonly groups: Readonly<Record<string, readonly Requirement[]>>
  readonly commands: Readonly<Record<string, { readonly groups: readonly string[]; readonly run?: readonly string[] }>>
}

export interface Distribution {
  /** For instance `debian-13`. */
  readonly id: string
  readonly title: string
  readonly family: 'debian' | 'ubuntu' | undefined
}

export interface Machine {
  readonly root: boolean
  readonly distribution: Distribution
  readonly hasProgram: (name: string) => boolean
  readonly hasFile: (path: string) => boolean
}

export interface Missing {
  readonly requirement: Requirement
  readonly package: string | null
}

export type Decision =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'install'; readonly packages: readonly string[]; readonly prefix: readonly string[] }
  | { readonly kind: 'tell'; readonly packages: readonly string[]; readonly command: string }
  | { readonly kind: 'refuse'; readonly text: string }

export function distributionOf(osRelease: string): Distribution
export function packageOn(requirement: Requirement, distribution: Distribution): string | null
export function missingRequirements(requirements: Requirements, groups: readonly string[], machine: Machine): Missing[]
export function aptCommand(packages: readonly string[]): string
export function decideInstall(
  missing: readonly Missing[],
  machine: { readonly root: boolean; readonly sudo: () => boolean; readonly distribution: Distribution },
): Decision
export function stampOf(lockText: string): string
export function sameInstall(lockText: string, installedText: string): boolean
