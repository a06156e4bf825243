import { join } from 'node:path'
import { UserError, UserErrors } from '../shared/errors.ts'
import { exists, writeFileAtomically } from '../shared/files.ts'
import { readFile } from 'node:fs/promises'
import { canonicalJson, sha256 } from '../shared/hash.ts'
import type { Runner } from '../shared/run.ts'
import type { ChosenPackage } from '../recipe/packages.ts'
import { type BaseLock, readLock, requestDigest, writeLock } from './lock.ts'
import { defaultSources, MissingPackages, resolvePackages, type ResolveOptions } from './resolve.ts'

/** Where locks are kept. */
export interface LockFiles {
  /** In the repository. */
  readonly committed: string
  /** Beside the store: what this machine was answered last. */
  readonly local: string
}

const DAY = 24 * 60 * 60

/** Asks the archive and remembers the answer; names the recipe line of each package that the base does not have. */
export async function renewLock(
  base: string,
  options: ResolveOptions,
  chosen: readonly ChosenPackage[],
  file: string,
  run: Runner,
  signal?: AbortSignal,
): Promise<BaseLock> {
  const today = Math.floor(Date.now() / 1000 / DAY) * DAY
  try {
    const { lock } = await resolvePackages(options, run, today, signal)
    await writeLock(file, base, lock)
    return lock
  } catch (error) {
    if (!(error instanceof MissingPackages)) throw error
    throw new UserErrors(
      error.missing.map(name => {
        const line = chosen.find(entry => entry.name === name)
        const where = line === undefined ? '' : `${line.file}:${line.line}: `
        return new UserError(
          `${where}${options.title} has no package "${name}".`,
          `Correct the name, or limit it to other bases with "only".`,
        )
      }),
    )
  }
}

/** The lock to build from: the committed one, else this machine's own, else a new one. */
export async function chooseLock(
  base: string,
  options: ResolveOptions,
  chosen: readonly ChosenPackage[],
  files: LockFiles,
  how: { locked: boolean; update: boolean; reachable: () => Promise<void> },
  run: Runner,
  signal?: AbortSignal,
): Promise<BaseLock> {
  const wanted = requestDigest(options.request)
  const committed = (await readLock(files.committed))[base]
  if (how.locked) {
    if (committed?.request === wanted) return committed
    throw new UserError(
      committed === undefined
        ? `image/appliance.lock.yaml holds nothing for ${base}.`
        : `image/appliance.lock.yaml was made for another package list of ${base}.`,
      `Make it anew: npm run lock -- --base ${base}`,
    )
  }
  if (!how.update) {
    const local = (await readLock(files.local))[base]
    const fitting = [local, committed].filter(lock => lock?.request === wanted)
    // A local lock was made because the committed one did not serve; one that was committed later serves again.
    const newest = fitting.reduce((best, lock) => ((lock?.epoch ?? 0) > (best?.epoch ?? -1) ? lock : best), undefined)
    if (newest !== undefined) return newest
  }
  await how.reachable()
  return await renewLock(base, options, chosen, files.local, run, signal)
}

/** The sources.list of the image, remembered beside the store: asking mmdebstrap costs half a second. */
export async function imageSources(options: ResolveOptions, folder: string, run: Runner): Promise<string> {
  const { suite, components } = options.request
  const path = join(
    folder,
    `${sha256(canonicalJson({ suite, components, mirror: options.mirror ?? [] })).slice(0, 16)}.list`,
  )
  if (!(await exists(path))) await writeFileAtomically(path, await defaultSources(options, run))
  return await readFile(path, 'utf8')
}
