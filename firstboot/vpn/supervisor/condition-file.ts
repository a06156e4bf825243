import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as z from 'zod/mini'
import type { Condition } from './decide.ts'

const Stored = z.object({
  state: z.enum(['protected', 'starting', 'no-tunnel', 'stranded', 'offline', 'stopped', 'unlocked', 'unknown']),
  words: z.string(),
  at: z.number(),
  lastRemedy: z.nullable(z.object({ words: z.string(), at: z.number() })),
})

/** What the supervisor saw last, and what it did last; times are Unix milliseconds. */
export type KnownCondition = Condition & z.infer<typeof Stored>

/** Where it lies, in memory; everybody may read it, no secret is in it. */
export const conditionPath = '/run/mediaserver/vpn-condition.json'

/** Reads it; null before the first look of this boot. */
export async function readCondition(path: string = conditionPath): Promise<KnownCondition | null> {
  try {
    return Stored.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return null
  }
}

/** Keeps it until the power goes. */
export async function writeCondition(condition: KnownCondition, path: string = conditionPath): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.new`, JSON.stringify(condition), { mode: 0o644 })
  await rename(`${path}.new`, path)
}
