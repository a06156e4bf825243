import { canonicalJson, sha256 } from '../shared/hash.ts'

// The forms of https://github.com/opencontainers/image-spec: image layout, index, manifest, configuration.

/** A blob that another one names. */
export interface Descriptor {
  readonly mediaType: string
  /** `sha256:…`. */
  readonly digest: string
  readonly size: number
}

/** One layer: as it is carried, and the digest of the tar in it. */
export interface Layer {
  readonly descriptor: Descriptor
  readonly diffId: string
}

/** What is started in a container, as the configuration of an image tells it. */
export interface Start {
  readonly Entrypoint: readonly string[]
  readonly Env: readonly string[]
}

/** The digest of bytes as everything in an image names it. */
export const digestOf = (data: string | Uint8Array): string => `sha256:${sha256(data)}`

/** The configuration of an image. `epoch` is Unix seconds. Pure. */
export function imageConfig(layers: readonly Layer[], start: Start, epoch: number): string {
  return canonicalJson({
    architecture: 'amd64',
    os: 'linux',
    created: new Date(epoch * 1000).toISOString().replace('.000', ''),
    config: start,
    rootfs: { type: 'layers', diff_ids: layers.map(layer => layer.diffId) },
  })
}

/** The manifest of an image. Pure. */
export function imageManifest(config: string, layers: readonly Layer[]): string {
  return canonicalJson({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: digestOf(config),
      size: Buffer.byteLength(config),
    },
    layers: layers.map(layer => layer.descriptor),
  })
}

/** An image as the index of a layout names it: Docker takes the whole name from the annotations. Pure. */
export const indexEntry = (reference: string, manifest: Descriptor) => ({
  ...manifest,
  platform: { architecture: 'amd64', os: 'linux' },
  annotations: { 'io.containerd.image.name': reference, 'org.opencontainers.image.ref.name': reference },
})
