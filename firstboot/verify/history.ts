import type { Verdict } from './check.ts'
import { countsOf, type Result, type Turn } from './verification.ts'

/** Where earlier verifications are kept, one line of JSON for each. */
export const historyPath = '/var/lib/mediaserver/verify-history.jsonl'

/** One verification of the past: what it came to, and what was different from the one before. Times are Unix milliseconds. */
export interface Entry {
  readonly at: number
  readonly seconds: number
  readonly counts: Readonly<Record<Verdict, number>>
  readonly turns: readonly Turn[]
}

// A month of hourly ones.
const MOST_ENTRIES = 744
const MOST_BYTES = 256 * 1024

/** What is kept of a verification. */
export const entryOf = (results: readonly Result[], turns: readonly Turn[], at: number, seconds: number): Entry => ({
  at,
  seconds,
  counts: countsOf(results),
  turns,
})

/** The text of a history with one more entry; the oldest go when it becomes too long. Lines that are damaged go too. */
export function withEntry(history: string | null, entry: Entry): string {
  const lines = (history ?? '')
    .split('\n')
    .filter(isEntry)
    .slice(-(MOST_ENTRIES - 1))
  lines.push(JSON.stringify(entry))
  let bytes = lines.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0)
  while (bytes > MOST_BYTES && lines.length > 1) bytes -= Buffer.byteLength(lines.shift() ?? '') + 1
  return `${lines.join('\n')}\n`
}

function isEntry(text: string): boolean {
  try {
    return typeof (JSON.parse(text) as Partial<Entry> | null)?.at === 'number'
  } catch {
    return false
  }
}
