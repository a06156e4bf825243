import { readFile } from 'node:fs/promises'
import { stringify } from 'yaml'
import { z } from 'zod'
import { checkYaml } from '../recipe/problems.ts'
import { parseYaml } from '../recipe/yaml-file.ts'
import { UserError, UserErrors } from '../shared/errors.ts'
import { writeFileAtomically } from '../shared/files.ts'
import { canonicalJson, sha256 } from '../shared/hash.ts'

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'expected a sha256 in hexadecimal')

/** One package file of an archive, as apt named it. `path` begins below the archive's root, so that any mirror serves. */
export const LockedPackage = z
  .strictObject({
    name: z.string().min(1).describe('Name of the package.'),
    version: z.string().min(1).describe('Its version.'),
    architecture: z.string().min(1).describe('What it was built for.'),
    path: z
      .string()
      .regex(/^(?!\/)\S+\.deb$/, 'expected a path below the archive')
      .describe('Where it is below the archive.'),
    size: z.int().min(1).describe('Bytes of the .deb.'),
    sha256: digest.describe('Digest of the .deb.'),
  })
  .describe('One package file, exactly.')
export type LockedPackage = z.infer<typeof LockedPackage>

/** Everything one base is built from. */
export const BaseLock = z
  .strictObject({
    epoch: z.int().describe('Unix seconds of the day it was made; all file times in the image are this or older.'),
    request: digest.describe('Digest of the suite and the packages that were asked for.'),
    packages: z.array(LockedPackage).describe('Every package of the root file system, sorted by name.'),
  })
  .describe('What a base was resolved to on one day.')
export type BaseLock = z.infer<typeof BaseLock>

/** `image/appliance.lock.yaml`; written by the lock command, never by hand. */
export const LockFile = z
  .strictObject({ bases: z.record(z.string(), BaseLock).describe('By base; a base that was never locked is absent.') })
  .describe('The exact packages of each base.')

/** What is asked of an archive. */
export interface PackageRequest {
  readonly suite: string
  readonly components: readonly string[]
  readonly packages: readonly string[]
}

/** A lock answers one request: another package or suite makes another digest. */
export function requestDigest(request: PackageRequest): string {
  return sha256(canonicalJson({ ...request, packages: [...request.packages].sort() }))
}

/** Reads a lock file; an absent one holds no base. Throws `UserErrors` with the places of all faults of a broken one. */
export async function readLock(path: string): Promise<Record<string, BaseLock>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return {}
  const checked = checkYaml(parseYaml(path, text), LockFile)
  if ('problems' in checked)
    throw new UserErrors([
      ...checked.problems,
      new UserError('The lock file is damaged.', 'Remove it, or make it anew: npm run lock'),
    ])
  return checked.value.bases
}

/** Puts one base into a lock file and leaves the others alone. */
export async function writeLock(path: string, base: string, lock: BaseLock): Promise<void> {
  const bases = { ...(await readLock(path)), [base]: lock }
  const sorted = Object.fromEntries(Object.entries(bases).sort(([a], [b]) => (a < b ? -1 : 1)))
  const note = '# Written by "npm run lock": the packages of each base, by hash. Not edited by hand.\n'
  await writeFileAtomically(path, note + stringify({ bases: sorted }, { lineWidth: 0 }))
}
