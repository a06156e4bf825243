import * as z from 'zod/mini'
import type { Scene } from '../check.ts'

const Remembered = z.object({ version: z.string(), at: z.number(), words: z.string() })

/** A proof with Plex that holds for a while. */
export type Remembered = z.infer<typeof Remembered>

/**
 * Where a proof with Plex is kept until the machine is started again. To have a film made smaller each hour would wake
 * the film disk each hour, and only a new Plex or a new start makes another result likely.
 */
export const rememberedPath = '/run/mediaserver/video-plex.json'

const HOLDS_MS = 24 * 3_600_000

/** The last proof, when it is of this version of Plex and not older than a day; null otherwise. Only proofs are kept. */
export function recall({ root, now }: Pick<Scene, 'root' | 'now'>, version: string): Remembered | null {
  try {
    const found = Remembered.parse(JSON.parse(root.text(rememberedPath) ?? ''))
    const age = now() - found.at
    return found.version === version && age >= 0 && age < HOLDS_MS ? found : null
  } catch {
    return null
  }
}

/** Keeps a proof. When it cannot be kept it is made again the next time. */
export async function remember({ attempt }: Scene, proof: Remembered): Promise<void> {
  const write = 'mkdir -p "${1%/*}" && cat >"$1.new" && mv "$1.new" "$1"'
  await attempt(['sh', '-c', write, 'sh', rememberedPath], { input: `${JSON.stringify(proof)}\n`, quiet: true })
}
