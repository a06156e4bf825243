import { existsSync } from 'node:fs'
import { access, constants, readFile, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Base } from '../recipe/schema.ts'
import { CommandError, type Runner } from '../shared/run.ts'
import { findProgram } from '../tools.ts'
import { reachArchive, type Reach, type ReachOptions } from './archive.ts'
import { distributionOf, type Distribution, type Requirements } from './decide.mjs'

/** Everything that the doctor looks at, read once. */
export interface Facts {
  readonly node: string
  readonly root: boolean
  readonly distribution: Distribution
  /** Programs and files of the requirements that are there. */
  readonly present: ReadonlySet<string>
  /** Version by package, of those that have a minimum. */
  readonly versions: Readonly<Record<string, string | undefined>>
  /** Empty when a build may make its own namespaces; else why it cannot. */
  readonly namespaces: string
  readonly disk: { readonly folder: string; readonly freeBytes: number }
  /** Whether a build gets into that folder: without root it goes there as another user. */
  readonly enters: boolean
  readonly kvm: 'open' | 'denied' | 'absent'
  readonly archives: readonly { readonly base: Pick<Base, 'id' | 'title' | 'family'>; readonly reach: Reach }[]
}

export interface FactsOptions extends ReachOptions {
  readonly run: Runner
  readonly requirements: Requirements
  readonly bases: readonly Base[]
  /** Where builds are kept. */
  readonly store: string
}

const VERSION_OF: Readonly<Record<string, readonly [string, ...string[]]>> = {
  mmdebstrap: ['mmdebstrap', '--version'],
  'squashfs-tools': ['mksquashfs', '-version'],
}

async function versionOf(name: string, run: Runner): Promise<string | undefined> {
  const argv = VERSION_OF[name]
  if (argv === undefined) return undefined
  // Some versions of mksquashfs tell their version and exit with an error.
  const said = await run({ argv }).then(
    ({ stdout }) => stdout,
    (error: unknown) => (error instanceof Error ? error.message : ''),
  )
  return /\d+\.\d+(\.\d+)*/.exec(said)?.[0]
}

async function namespaceFault(root: boolean, run: Runner): Promise<string> {
  const argv = root
    ? (['unshare', '--mount', 'true'] as const)
    : (['unshare', '--user', '--map-root-user', '--mount', 'true'] as const)
  return await run({ argv }).then(
    () => '',
    (error: unknown) =>
      error instanceof CommandError && error.stderr.trim() !== '' ? error.stderr.trim() : 'unshare does not work',
  )
}

/** Whether a build gets into a folder: without root it is another user there, whom the folders above must let through. */
export async function mayEnter(folder: string, root: boolean, run: Runner): Promise<boolean> {
  if (root) return true
  const asBuild = async (...argv: string[]) =>
    await run({ argv: ['mmdebstrap', '--unshare-helper', ...argv] }).then(
      () => true,
      () => false,
    )
  // It also fails where it cannot be another user at all: that is told by itself, and no fault of the folder.
  return (await asBuild('test', '-x', folder)) || !(await asBuild('true'))
}

function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path))
}

/** Looks at the machine; changes nothing and takes at most about 5 seconds. */
export async function readFacts(options: FactsOptions): Promise<Facts> {
  const { run, requirements, bases, store } = options
  const root = process.getuid?.() === 0
  const all = Object.values(requirements.groups).flat()
  const programs = await Promise.all(
    all.flatMap(each => each.programs ?? []).map(async name => ((await findProgram(name)) === undefined ? [] : [name])),
  )
  const files = all.flatMap(each => each.files ?? []).filter(path => existsSync(path))
  const folder = nearestFolder(store)
  const [osRelease, namespaces, enters, space, kvm, versions, archives] = await Promise.all([
    readFile('/etc/os-release', 'utf8').catch(() => ''),
    namespaceFault(root, run),
    mayEnter(folder, root, run),
    statfs(folder),
    access('/dev/kvm', constants.R_OK | constants.W_OK).then(
      () => 'open' as const,
      () => (existsSync('/dev/kvm') ? ('denied' as const) : ('absent' as const)),
    ),
    Promise.all(
      all
        .filter(each => each.minimum !== undefined)
        .map(async each => [each.package, await versionOf(each.package, run)] as const),
    ),
    Promise.all(bases.map(async base => ({ base, reach: await reachArchive(base, options) }))),
  ])
  return {
    node: process.versions.node,
    root,
    distribution: distributionOf(osRelease),
    present: new Set([...programs.flat(), ...files]),
    versions: Object.fromEntries(versions),
    namespaces,
    disk: { folder, freeBytes: space.bavail * space.bsize },
    enters,
    kvm,
    archives,
  }
}
