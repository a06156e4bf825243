import * as z from 'zod/mini'
import { countsOf, countWords, type Result, type Turn } from './verification.ts'

/** Where earlier verifications are kept, one line of JSON for each. */
export const historyPath = '/var/lib/mediaserver/verify-history.jsonl'

const Verdict = z.enum(['pass', 'warn', 'fail', 'none'])
const Entry = z.object({
  at: z.number(),
  seconds: z.number(),
  counts: z.object({ pass: z.number(), warn: z.number(), fail: z.number(), none: z.number() }),
  turns: z.array(
    z.object({ id: z.string(), title: z.string(), from: z.nullable(Verdict), to: Verdict, words: z.string() }),
  ),
})

/** One verification of the past: what it came to, and what was different from the one before. Times are Unix milliseconds. */
export type Entry = z.infer<typeof Entry>

// A month of hourly ones.
const MOST_ENTRIES = 744
const MOST_BYTES = 256 * 1024

/** What is kept of a verification. */
export const entryOf = (results: readonly Result[], turns: readonly Turn[], at: number, seconds: number): Entry => ({
  at,
  seconds,
  counts: countsOf(results),
  turns: [...turns],
})

/** The text of a history with one more entry; the oldest go when it becomes too long. Lines that are damaged go too. */
export function withEntry(history: string | null, entry: Entry): string {
  const kept = parseHistory(history).slice(-(MOST_ENTRIES - 1))
  const lines = [...kept, entry].map(each => JSON.stringify(each))
  let bytes = lines.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0)
  while (bytes > MOST_BYTES && lines.length > 1) bytes -= Buffer.byteLength(lines.shift() ?? '') + 1
  return `${lines.join('\n')}\n`
}

/** The entries in the text of a history, oldest first. Lines that are damaged are left out. Pure. */
export const parseHistory = (text: string | null): Entry[] =>
  (text ?? '').split('\n').flatMap(row => {
    try {
      return [Entry.parse(JSON.parse(row))]
    } catch {
      return []
    }
  })

/** A history for people, newest first: when, what it came to, and what was different from the time before. Pure. */
export const historyLines = (entries: readonly Entry[]): string[] =>
  entries
    .toReversed()
    .flatMap(({ at, seconds, counts, turns }) => [
      `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC  ${countWords(counts)}, in ${seconds} seconds`,
      ...turns
        .filter(({ from, to }) => from !== null || to === 'fail')
        .map(({ title, from, to, words }) => `  ${from === null ? to : `${from} -> ${to}`}  ${title}: ${words}`),
    ])
