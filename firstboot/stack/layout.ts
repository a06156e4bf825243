import * as z from 'zod/mini'

// The forms of https://github.com/opencontainers/image-spec: image layout, index and manifest.

const digest = z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/))

const Entry = z.looseObject({
  digest,
  annotations: z.object({ 'org.opencontainers.image.ref.name': z.string() }),
})
const Index = z.looseObject({ manifests: z.array(Entry) })
const Manifest = z.object({ config: z.object({ digest }), layers: z.array(z.object({ digest })) })

/** An image as the index of a layout names it. */
export type IndexEntry = z.infer<typeof Entry>

/** One image of a layout: its name, and the blobs that it comes to. */
export interface LayoutImage {
  readonly reference: string
  readonly entry: IndexEntry
  readonly config: string
  readonly layers: readonly string[]
}

/** The file of a blob in a layout. Pure. */
export const blobFile = (blob: string): string => `blobs/${blob.replace(':', '/')}`

/** The images that the index of a layout names. Pure; throws for what is no index. */
export const parseIndex = (text: string): readonly IndexEntry[] => Index.parse(JSON.parse(text)).manifests

/** An image of the index with its manifest. Pure; throws for what is no manifest. */
export function laidOut(entry: IndexEntry, manifest: string): LayoutImage {
  const { config, layers } = Manifest.parse(JSON.parse(manifest))
  return {
    reference: entry.annotations['org.opencontainers.image.ref.name'],
    entry,
    config: config.digest,
    layers: layers.map(layer => layer.digest),
  }
}

/** Every blob that images come to, each once. Pure. */
export const blobsOf = (images: readonly LayoutImage[]): string[] => [
  ...new Set(images.flatMap(({ entry, config, layers }) => [entry.digest, config, ...layers])),
]

/**
 * The files beside the blobs of a layout that holds these images and no others. Docker's older image store reads
 * `manifest.json`, the one of containerd `index.json`. Pure.
 */
export const indexFiles = (images: readonly LayoutImage[]): Readonly<Record<string, string>> => ({
  'oci-layout': JSON.stringify({ imageLayoutVersion: '1.0.0' }),
  'index.json': JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: images.map(image => image.entry),
  }),
  'manifest.json': JSON.stringify(
    images.map(({ reference, config, layers }) => ({
      Config: blobFile(config),
      RepoTags: [reference],
      Layers: layers.map(blobFile),
    })),
  ),
})
