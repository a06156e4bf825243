import * as z from 'zod/mini'
import type { Section, Verdict } from './check.ts'

/** What leads out of a finding that is not well, as it was known when it was found. */
const Way = z.object({
  /** Name of the trouble in `doctor`. */
  id: z.string(),
  symptom: z.string(),
  cause: z.string(),
  /** One step in each line. */
  mend: z.array(z.string()),
  /** Whether `doctor` can do it by itself. */
  remedy: z.boolean(),
})

/** What one check found, with all that a person needs to understand it; times are Unix milliseconds. */
export const Result = z.object({
  /** The check's own name: `vpn-address`. */
  id: z.string(),
  section: z.string(),
  title: z.string(),
  how: z.string(),
  verdict: z.enum(['pass', 'warn', 'fail', 'none']),
  words: z.string(),
  detail: z.array(z.string()),
  way: z.nullable(Way),
  at: z.number(),
  /** How long it took. */
  seconds: z.number(),
  /** When it came to this verdict first, without another one since. */
  since: z.number(),
})

/** What the last verification of the machine found. `at` is its end; a result may be older, when only others were asked. */
export const Verification = z.object({ at: z.number(), results: z.array(Result) })

export type Way = z.infer<typeof Way>
export type Result = z.infer<typeof Result>
export type Verification = z.infer<typeof Verification>

/** Where the last verification lies on the installed system. Everybody may read it: no secret is in it. */
export const verificationPath = '/var/lib/mediaserver/verify.json'

/** Reads the text of a verification; anything else is none. */
export function parseVerification(text: string | null): Verification | null {
  if (text === null) return null
  try {
    return Verification.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** How many results came to each verdict. */
export const countsOf = (results: readonly { readonly verdict: Verdict }[]): Record<Verdict, number> => {
  const counts = { pass: 0, warn: 0, fail: 0, none: 0 }
  for (const { verdict } of results) counts[verdict] += 1
  return counts
}

/** The same as words for one line, as in `38 pass, 1 warn`. What does not exist here is not told. */
export const verdictWords = (results: readonly { readonly verdict: Verdict }[]): string => countWords(countsOf(results))

/** Counts in the same words. */
export function countWords(counts: Readonly<Record<Verdict, number>>): string {
  const words = (['pass', 'warn', 'fail'] as const).flatMap(verdict =>
    counts[verdict] === 0 ? [] : `${counts[verdict]} ${verdict}`,
  )
  return words.length === 0 ? 'nothing was tried' : words.join(', ')
}

/** A result that came to another verdict than the time before. `from` is null when it is the first time. */
export interface Turn {
  readonly id: string
  readonly title: string
  readonly from: Verdict | null
  readonly to: Verdict
  readonly words: string
}

/** What is different from before, in the order of the results. */
export function turnsOf(before: Verification | null, results: readonly Result[]): Turn[] {
  const known = new Map(before?.results.map(result => [result.id, result.verdict]))
  return results.flatMap(({ id, title, verdict, words }) => {
    const from = known.get(id) ?? null
    return from === verdict ? [] : [{ id, title, from, to: verdict, words }]
  })
}

/** Whether somebody should be told: it was well, or only a warning, and it is not any more. */
export const isFall = ({ from, to }: Turn): boolean => to === 'fail' && from !== null && from !== 'fail'

/**
 * A verification with new results in place of older ones. `order` are the names of all checks that there are: what none of
 * them answers for any more is forgotten. A verdict that stays keeps the time since which it holds.
 */
export function withResults(
  before: Verification | null,
  results: readonly Result[],
  order: readonly string[],
  at: number,
): Verification {
  const old = new Map(before?.results.map(result => [result.id, result]))
  const fresh = new Map(
    results.map(result => {
      const known = old.get(result.id)
      return [result.id, known?.verdict === result.verdict ? { ...result, since: known.since } : result]
    }),
  )
  return { at, results: order.flatMap(id => fresh.get(id) ?? old.get(id) ?? []) }
}

/** The results of some sections; all of them when none is named. */
export const inSections = (results: readonly Result[], sections: readonly Section[]): Result[] =>
  results.filter(({ section }) => sections.length === 0 || (sections as readonly string[]).includes(section))
