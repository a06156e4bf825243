import { decidePlex, type PlexInstall, type PlexRecipe } from '../recipe/plex.ts'
import { UserError } from '../shared/errors.ts'
import type { Runner } from '../shared/run.ts'
import type { LockFiles } from './choose-lock.ts'
import { type PlexLock, readPlexLock, writePlexLock } from './plex-lock.ts'
import { requirePlexKey, resolvePlex } from './plex-repository.ts'

/** How the image that is asked for gets Plex. */
export interface ChosenPlex {
  readonly install: PlexInstall
  readonly repository: PlexRecipe['repository']
  /** Null in a stand-in image. */
  readonly locked: PlexLock | null
}

interface How {
  readonly sources: 'online' | 'standin'
  readonly publish: boolean
  /** Only what the committed lock names. */
  readonly locked: boolean
  /** Ask the repository first. */
  readonly update: boolean
}

/**
 * Decides how an image gets Plex and from which lock: the committed one, else this machine's own, else what its maker has
 * today. Both locks are held against the recipe's fingerprint each time. Throws `UserError` where it cannot be had.
 */
export async function choosePlex(
  recipe: PlexRecipe,
  how: How,
  files: LockFiles,
  run: Runner,
  signal?: AbortSignal,
  resolve: typeof resolvePlex = resolvePlex,
): Promise<ChosenPlex> {
  const { repository } = recipe
  const install = decidePlex(recipe, how)
  if (how.sources === 'standin') return { install, repository, locked: null }
  const committed = await checked(files.committed, repository)
  if (how.locked) {
    if (committed !== undefined) return { install, repository, locked: committed }
    throw new UserError('image/plex.lock.yaml is not there.', 'Make it: npm run lock')
  }
  const kept = how.update ? undefined : (committed ?? (await checked(files.local, repository)))
  if (kept !== undefined) return { install, repository, locked: kept }
  const locked = await resolve(repository, run, signal)
  await writePlexLock(files.local, locked)
  return { install, repository, locked }
}

async function checked(file: string, repository: PlexRecipe['repository']): Promise<PlexLock | undefined> {
  const lock = await readPlexLock(file)
  if (lock !== undefined) requirePlexKey(lock.key, repository, file)
  return lock
}
