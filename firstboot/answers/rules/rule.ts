/**
 * Judges one answer: null when it is good, else a sentence that says what is wrong and what to do. It gets the text
 * without blanks around it, and never repeats the text, which may be a secret that was put into the wrong field.
 */
export type Rule = (text: string) => string | null
