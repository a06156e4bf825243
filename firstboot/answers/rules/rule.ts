/**
 * Judges one answer: null when it is good, else a sentence that says what is wrong and what to do. It gets the text
 * without blanks around it, and never repeats the text, which may be a secret that was put into the wrong field.
 */
export type Rule = (text: string) => string | null

/** The first fault that any rule of a list finds. */
export function firstFault(text: string, ...rules: readonly Rule[]): string | null {
  for (const rule of rules) {
    const fault = rule(text)
    if (fault !== null) return fault
  }
  return null
}
