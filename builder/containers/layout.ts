import { link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { blobFile, indexFiles, laidOut, type LayoutImage } from '../../firstboot/stack/layout.ts'
import { exists } from '../shared/files.ts'
import { sha256OfFile } from '../shared/hash.ts'
import type { Runner } from '../shared/run.ts'
import type { CarriedImages } from './carried.ts'
import { digestOf, imageConfig, imageManifest, indexEntry, type Layer, type Start } from './oci.ts'

const Manifest = z.object({
  mediaType: z.string().optional(),
  config: z.object({ digest: z.string(), size: z.number() }),
  layers: z.array(z.object({ digest: z.string(), size: z.number() })),
})

/** What the text of a manifest says about an image: the digest of its configuration, its layers, and their bytes. */
export function readManifest(text: string) {
  const { mediaType, config, layers } = Manifest.parse(JSON.parse(text))
  return {
    mediaType: mediaType ?? 'application/vnd.oci.image.manifest.v1+json',
    config: config.digest,
    layers: layers.map(layer => layer.digest),
    bytes: layers.reduce((sum, layer) => sum + layer.size, config.size),
  }
}

/** Puts a text into a folder of blobs; gives its digest. */
export async function addText(layout: string, text: string): Promise<string> {
  const digest = digestOf(text)
  const path = join(layout, blobFile(digest))
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  return digest
}

/** Compresses a tar into a folder of blobs, and removes it. */
export async function addLayer(layout: string, tar: string, run: Runner, signal: AbortSignal): Promise<Layer> {
  const diffId = `sha256:${await sha256OfFile(tar)}`
  const compressed = `${tar}.zst`
  await run({ argv: ['zstd', '-q', '-T0', '-7', '--rm', tar, '-o', compressed] }, { signal })
  const digest = `sha256:${await sha256OfFile(compressed)}`
  const path = join(layout, blobFile(digest))
  await mkdir(dirname(path), { recursive: true })
  await rename(compressed, path)
  const { size } = await stat(path)
  return { diffId, descriptor: { mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd', digest, size } }
}

/** Makes an image of layers that are in a layout already; gives the digest of its manifest. */
export async function addImage(layout: string, layers: readonly Layer[], start: Start, epoch: number): Promise<string> {
  const config = imageConfig(layers, start, epoch)
  await addText(layout, config)
  return await addText(layout, imageManifest(config, layers))
}

/** Ends a layout whose blobs are all there: writes its indexes, and gives what a catalogue needs of each image. */
export async function finishLayout(
  layout: string,
  images: Readonly<Record<string, { readonly reference: string; readonly manifest: string }>>,
): Promise<CarriedImages> {
  const all: LayoutImage[] = []
  const carried: CarriedImages = {}
  for (const [service, { reference, manifest }] of Object.entries(images)) {
    const path = join(layout, blobFile(manifest))
    const text = await readFile(path, 'utf8')
    const { mediaType, config, bytes } = readManifest(text)
    all.push(laidOut(indexEntry(reference, { mediaType, digest: manifest, size: (await stat(path)).size }), text))
    carried[service] = { reference, manifest, config, bytes }
  }
  for (const [name, text] of Object.entries(indexFiles(all))) await writeFile(join(layout, name), text)
  return carried
}

/** Every blob that an image comes to, its manifest first; the manifest must be in the folder already. */
export async function blobsOf(layout: string, manifest: string): Promise<string[]> {
  const { config, layers } = readManifest(await readFile(join(layout, blobFile(manifest)), 'utf8'))
  return [...new Set([manifest, config, ...layers])]
}

/** Gives a layout the blobs of a folder as further names of the same files, which cost no room. */
export async function linkBlobs(from: string, layout: string, digests: readonly string[]): Promise<void> {
  for (const digest of digests) {
    const path = join(layout, blobFile(digest))
    await mkdir(dirname(path), { recursive: true })
    if (!(await exists(path))) await link(join(from, blobFile(digest)), path)
  }
}

/** Whether a blob is there with its bytes; a damaged one is removed. */
export async function hasBlob(layout: string, digest: string): Promise<boolean> {
  const path = join(layout, blobFile(digest))
  if (!(await exists(path))) return false
  if (`sha256:${await sha256OfFile(path)}` === digest) return true
  await rm(path)
  return false
}
