import * as z from 'zod/mini'
import type { Secret } from '../answers/secret.ts'
import type { Ask } from '../plex/ask.ts'

const Sections = z.object({
  MediaContainer: z.object({
    Directory: z.optional(z.array(z.object({ title: z.string(), refreshing: z.optional(z.unknown()) }))),
  }),
})

/** The library that Plex is looking through right now; null when it is none, or Plex does not say. Never throws. */
export async function libraryBeingScanned(ask: Ask, token: Secret | null): Promise<string | null> {
  const headers = token === null ? {} : { 'X-Plex-Token': token.reveal() }
  const url = 'http://127.0.0.1:32400/library/sections'
  const reply = await ask({ method: 'GET', url, headers, timeoutMs: 5000 })
  if ('unreachable' in reply || reply.status !== 200) return null
  try {
    const { Directory = [] } = Sections.parse(JSON.parse(reply.text)).MediaContainer
    return Directory.find(({ refreshing }) => [true, 1, '1'].includes(refreshing as string))?.title ?? null
  } catch {
    return null
  }
}

// The first look through many films takes hours; what hides somebody's address is not left unproven for so long.
const LONGEST_PUT_OFF_MILLISECONDS = 3 * 3_600_000

/** Whether an hourly verification waits for its next time. `last` is the time of the one before, in Unix milliseconds. */
export const isPutOff = (scanned: string | null, last: number | null, now: number): boolean =>
  scanned !== null && last !== null && now >= last && now - last < LONGEST_PUT_OFF_MILLISECONDS
