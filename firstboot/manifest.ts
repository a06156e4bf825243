import * as z from 'zod/mini'
import type { Root } from './root.ts'

/** What this image is; the builder writes it. */
export const Manifest = z.object({
  product: z.string(),
  version: z.string(),
  base: z.optional(z.string()),
  flavour: z.optional(z.string()),
  sources: z.optional(z.unknown()),
})
export type Manifest = z.infer<typeof Manifest>

/** Where the manifest lies in an image. */
export const manifestPath = '/usr/lib/mediaserver/manifest.json'

/** Reads the manifest text; what is not a manifest gives the name alone, so that a screen always has a title. */
export function parseManifest(text: string | null): Manifest {
  const unknown: Manifest = { product: 'Media Server', version: 'unknown version' }
  if (text === null) return unknown
  try {
    const parsed = Manifest.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : unknown
  } catch {
    return unknown
  }
}

/** The manifest of the image that runs. */
export const readManifest = (root: Root): Manifest => parseManifest(root.text(manifestPath))
