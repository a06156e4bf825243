import * as z from 'zod/mini'

/** One thing that was tried out, in plain words. */
export const Proof = z.object({
  verdict: z.enum(['pass', 'warn', 'fail']),
  /** What was tried, in a few words. */
  title: z.string(),
  /** What came out, on one line. */
  words: z.string(),
  /** What was seen, line by line; and for `warn` and `fail` how to mend it. */
  detail: z.array(z.string()),
})

/** What the last verification of the machine found. `at` is Unix time in milliseconds. */
export const Verification = z.object({ at: z.number(), proofs: z.array(Proof) })

export type Proof = z.infer<typeof Proof>
export type Verification = z.infer<typeof Verification>

/** Where the last verification lies on the installed system. */
export const verificationPath = '/var/lib/mediaserver/verify.json'

/** Reads the text of a verification; anything else is none. */
export function parseVerification(text: string | null): Verification | null {
  if (text === null) return null
  try {
    const parsed = Verification.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/** The same as words for one line, as in `9 pass, 1 warn`. */
export function verdictWords(proofs: readonly Proof[]): string {
  const counts = (['pass', 'warn', 'fail'] as const).map(verdict => ({
    verdict,
    count: proofs.filter(proof => proof.verdict === verdict).length,
  }))
  const words = counts.filter(({ count }) => count > 0).map(({ verdict, count }) => `${count} ${verdict}`)
  return words.length === 0 ? 'nothing was tried' : words.join(', ')
}
