import type { Check } from './check.ts'
import type { Found } from './run-checks.ts'
import type { Verification } from './verification.ts'

/**
 * How long after the first look nobody asked for comes the second one, in milliseconds: a container that is started anew, a
 * tunnel that changes its server, or a router that takes a breath is well again by then.
 */
export const secondLookAfter = 90_000

/** Waits until it is time for the second look; ends early with the signal. */
export type SecondLook = (signal: AbortSignal) => Promise<void>

/**
 * The checks that did not fail the time before and do now: a moment may have been at fault. What has failed already, or was
 * never looked at, is believed at once: nobody is woken by it. Pure.
 */
export function doubtful(found: readonly Found[], before: Verification | null): Check[] {
  const known = new Map(before?.results.map(({ id, verdict }) => [id, verdict]))
  return found.flatMap(({ check, finding }) => {
    const last = known.get(check.id)
    return finding.verdict === 'fail' && last !== undefined && last !== 'fail' ? [check] : []
  })
}

/** What was found, with what the second look found in its place; tells what only the first one saw. Pure. */
export function withSecondLook(first: readonly Found[], second: readonly Found[]): Found[] {
  return first.map(each => {
    const again = second.find(({ check }) => check === each.check)
    if (again === undefined) return each
    const { finding } = again
    if (finding.verdict === 'fail') return again
    const seen = `At first it failed: ${each.finding.words}`
    return { ...again, finding: { ...finding, detail: [...(finding.detail ?? []), seen] } }
  })
}
