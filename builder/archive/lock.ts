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

const blob = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'expected "sha256:" and 64 hexadecimal digits')

/** One container image, exactly. */
export const LockedContainer = z
  .strictObject({
    manifest: blob.describe('Digest of its manifest for linux/amd64: the name that a registry has for it.'),
    config: blob.describe('Digest of its configuration: what Docker calls the image, in its older image store.'),
    bytes: z.int().min(1).describe('Bytes of its layers as a registry sends them, compressed.'),
  })
  .describe('One container image, exactly.')
export type LockedContainer = z.infer<typeof LockedContainer>

/** `image/appliance.lock.yaml`; written by the lock command, never by hand. */
export const LockFile = z
  .strictObject({
    bases: z
      .record(z.string(), BaseLock)
      .describe('By base, and "standin" for the containers of the demo; what was never locked is absent.'),
    containers: z
      .record(z.string(), LockedContainer)
      .optional()
      .describe('By image with its tag, as image/services names it.'),
  })
  .describe('The exact packages of each base, and the exact container images.')
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

interface Locks {
  readonly bases: Readonly<Record<string, BaseLock>>
  readonly containers: Readonly<Record<string, LockedContainer>>
}

/** Reads a lock file; an absent one holds nothing. Throws `UserErrors` with the places of all faults of a broken one. */
async function readFileOfLocks(path: string): Promise<Locks> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return { bases: {}, containers: {} }
  const checked = checkYaml(parseYaml(path, text), LockFile)
  if ('problems' in checked)
    throw new UserErrors([
      ...checked.problems,
      new UserError('The lock file is damaged.', 'Remove it, or make it anew: npm run lock'),
    ])
  return { bases: checked.value.bases, containers: checked.value.containers ?? {} }
}

/** The locked packages by base. Throws `UserErrors` with the places of all faults of a broken file. */
export const readLock = async (path: string): Promise<Locks['bases']> => (await readFileOfLocks(path)).bases

/** The locked container images by their names. Throws as `readLock` does. */
export const readContainerLock = async (path: string): Promise<Locks['containers']> =>
  (await readFileOfLocks(path)).containers

const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))

async function writeFileOfLocks(path: string, { bases, containers }: Locks): Promise<void> {
  const note = '# Written by "npm run lock": packages and container images, by hash. Not edited by hand.\n'
  const file = {
    bases: sorted(bases),
    ...(Object.keys(containers).length === 0 ? {} : { containers: sorted(containers) }),
  }
  await writeFileAtomically(path, note + stringify(file, { lineWidth: 0 }))
}

/** Puts one base into a lock file and leaves everything else alone. */
export async function writeLock(path: string, base: string, lock: BaseLock): Promise<void> {
  const present = await readFileOfLocks(path)
  await writeFileOfLocks(path, { ...present, bases: { ...present.bases, [base]: lock } })
}

/** Makes these the container images of a lock file, and leaves the bases alone. */
export async function writeContainerLock(
  path: string,
  containers: Readonly<Record<string, LockedContainer>>,
): Promise<void> {
  await writeFileOfLocks(path, { ...(await readFileOfLocks(path)), containers: { ...containers } })
}
