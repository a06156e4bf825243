import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { blobFile } from '../../firstboot/stack/layout.ts'
import type { LockedContainer } from '../archive/lock.ts'
import { UserError } from '../shared/errors.ts'
import { sha256OfFile } from '../shared/hash.ts'
import { CommandError, type Runner } from '../shared/run.ts'
import { blobsOf, hasBlob, readManifest } from './layout.ts'
import { digestOf } from './oci.ts'

const Index = z.object({
  manifests: z.array(
    z.object({
      digest: z.string(),
      platform: z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() }).optional(),
    }),
  ),
})

// Without its tag, a name takes a digest.
const repositoryOf = (reference: string): string => reference.replace(/:[^/:]+$/, '')

async function rawManifest(reference: string, run: Runner, signal?: AbortSignal): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'mediaserver-manifest-'))
  try {
    // Into a file: the digest is that of every byte.
    const stdoutFile = join(folder, 'manifest')
    await run(
      { argv: ['skopeo', 'inspect', '--raw', `docker://${reference}`], stdoutFile },
      signal === undefined ? {} : { signal },
    )
    return await readFile(stdoutFile)
  } catch (error) {
    throw explain(reference, error)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function explain(reference: string, error: unknown): unknown {
  if (!(error instanceof CommandError) || error.stderr === '') return error
  const gone = /manifest unknown|not found|name unknown/i.test(error.stderr)
  return new UserError(
    gone
      ? `There is no container image ${reference}.`
      : `The container image ${reference} cannot be had: ${lastLine(error.stderr)}`,
    gone
      ? 'Look for the tags of it at its registry, and correct image/services.'
      : 'Look at the network connection and run the same command again; what is downloaded already is kept.',
    { cause: error },
  )
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''

/** Asks a registry what a name with a tag is today for this kind of machine; downloads no layer. */
export async function resolveContainer(reference: string, run: Runner, signal?: AbortSignal): Promise<LockedContainer> {
  const top = await rawManifest(reference, run, signal)
  const index = Index.safeParse(JSON.parse(top.toString()))
  if (!index.success) return pinned(top)
  const ours = index.data.manifests.find(
    ({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64',
  )
  if (ours === undefined)
    throw new UserError(`${reference} is not made for PCs (linux/amd64).`, 'Choose another image in image/services.')
  const manifest = await rawManifest(`${repositoryOf(reference)}@${ours.digest}`, run, signal)
  if (digestOf(manifest) !== ours.digest)
    throw new UserError(`The registry sent another manifest for ${reference} than it names.`, 'Try again.')
  return pinned(manifest)
}

function pinned(manifest: Buffer): LockedContainer {
  const { config, bytes } = readManifest(manifest.toString())
  return { manifest: digestOf(manifest), config, bytes }
}

/**
 * Brings a locked image into a folder of blobs that outlives a build, unless it is there already. skopeo compares every
 * blob with its digest; an image appears whole, its manifest last.
 */
export async function fetchContainer(
  reference: string,
  locked: LockedContainer,
  blobs: string,
  run: Runner,
  signal: AbortSignal,
): Promise<void> {
  if (await hasWholeImage(blobs, locked.manifest)) return
  await mkdir(blobs, { recursive: true })
  const folder = await mkdtemp(join(blobs, 'image-'))
  try {
    const from = `docker://${repositoryOf(reference)}@${locked.manifest}`
    await run(
      { argv: ['skopeo', '--insecure-policy', 'copy', '--quiet', '--preserve-digests', from, `dir:${folder}`] },
      { signal },
    ).catch((error: unknown) => {
      throw explain(reference, error)
    })
    const keep = async (name: string, digest: string) => {
      const target = join(blobs, blobFile(digest))
      if (`sha256:${await sha256OfFile(join(folder, name))}` !== digest)
        throw new UserError(`The registry sent other bytes for ${reference} than the lock names.`, 'Try again.')
      await mkdir(dirname(target), { recursive: true })
      await rename(join(folder, name), target)
    }
    for (const name of await readdir(folder)) if (/^[0-9a-f]{64}$/.test(name)) await keep(name, `sha256:${name}`)
    await keep('manifest.json', locked.manifest)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function hasWholeImage(blobs: string, manifest: string): Promise<boolean> {
  if (!(await hasBlob(blobs, manifest))) return false
  for (const digest of await blobsOf(blobs, manifest)) if (!(await hasBlob(blobs, digest))) return false
  return true
}
