import type { CheckResult } from '../wizard/checks.ts'

/** The result when something could not be checked, with the reason in a few words. */
export const notChecked = (reason: string): CheckResult => ({
  verdict: 'unknown',
  words: `could not be checked: ${reason}`,
})

/** A JSON text as a value; an empty object for anything else. */
export function parsed(text: string): unknown {
  try {
    return (JSON.parse(text) as unknown) ?? {}
  } catch {
    return {}
  }
}
