import { readFile } from 'node:fs/promises'
import { stringify } from 'yaml'
import { z } from 'zod'
import { checkYaml } from '../recipe/problems.ts'
import { parseYaml } from '../recipe/yaml-file.ts'
import { UserError, UserErrors } from '../shared/errors.ts'
import { writeFileAtomically } from '../shared/files.ts'
import { LockedPackage } from './lock.ts'

/** The exact Plex: `image/plex.lock.yaml`; written by the lock command, never by hand. */
export const PlexLock = z
  .strictObject({
    key: z.string().min(1).describe('The key that signs the repository, as text; its fingerprint is in the recipe.'),
    package: LockedPackage,
  })
  .describe('The package of Plex, exactly, and the key that it was signed with.')
export type PlexLock = z.infer<typeof PlexLock>

/** Reads the lock of Plex; undefined where there is none. Throws `UserErrors` for a damaged one. */
export async function readPlexLock(path: string): Promise<PlexLock | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const checked = checkYaml(parseYaml(path, text), PlexLock)
  if ('problems' in checked)
    throw new UserErrors([
      ...checked.problems,
      new UserError('The lock of Plex is damaged.', 'Remove it, or make it anew: npm run lock'),
    ])
  return checked.value
}

/** Writes the lock of Plex. */
export async function writePlexLock(path: string, lock: PlexLock): Promise<void> {
  const note = '# Written by "npm run lock": Plex and the key of its maker. Not edited by hand.\n'
  await writeFileAtomically(path, note + stringify(lock, { lineWidth: 0 }))
}
