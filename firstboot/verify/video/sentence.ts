import type { Finding } from '../check.ts'
import * as plain from '../finding.ts'

/** Ends words with a full stop, where they have none: they are often put together from several. */
const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`)

/** As in `finding.ts`, with words that are made a sentence. */
export const passed = (words: string, detail?: readonly string[]): Finding => plain.passed(sentence(words), detail)

/** As in `finding.ts`, with words that are made a sentence. */
export const warned = (trouble: string, words: string, detail?: readonly string[]): Finding =>
  plain.warned(trouble, sentence(words), detail)

/** As in `finding.ts`, with words that are made a sentence. */
export const failed = (trouble: string, words: string, detail?: readonly string[]): Finding =>
  plain.failed(trouble, sentence(words), detail)

/** As in `finding.ts`, with words that are made a sentence. */
export const nothing = (words: string): Finding => plain.nothing(sentence(words))
