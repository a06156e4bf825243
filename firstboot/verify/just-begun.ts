import type { Result } from './verification.ts'

const SHORT_MILLISECONDS = 30 * 60_000

/**
 * Whether something that needs its time, as name servers do, was well at the time before, or is not well for a short while
 * only. `before` is what the same check came to then. Pure; `now` in Unix milliseconds.
 */
export function hasJustBegun(before: Pick<Result, 'verdict' | 'since'> | undefined, now: number): boolean {
  if (before === undefined || before.verdict === 'pass' || before.verdict === 'none') return true
  return before.verdict === 'warn' && now >= before.since && now - before.since < SHORT_MILLISECONDS
}
