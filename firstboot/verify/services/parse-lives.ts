import * as z from 'zod/mini'
import type { Life } from './judge-containers.ts'

// What `docker container inspect` prints, as far as it is used.
const Inspected = z.object({
  Name: z.string(),
  RestartCount: z.optional(z.number()),
  State: z.object({ StartedAt: z.optional(z.string()) }),
})

/** How often and since when containers run, by name, from lines of `docker container inspect`; others are left out. Pure. */
export function parseLives(text: string): ReadonlyMap<string, Life> {
  const lives = text.split('\n').flatMap((line): [string, Life][] => {
    const { success, data } = Inspected.safeParse(parsed(line))
    if (!success) return []
    const since = Date.parse(data.State.StartedAt ?? '')
    const restarts = data.RestartCount ?? 0
    // Docker writes the first of January of the year 1 for "never".
    return [[data.Name.replace(/^\//, ''), { restarts, since: since > 0 ? since : null }]]
  })
  return new Map(lives)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
