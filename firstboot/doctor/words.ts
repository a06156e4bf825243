import type { Trouble } from '../verify/trouble.ts'
import type { Result } from '../verify/verification.ts'
import type { Case } from './diagnose.ts'

const body = ({ cause, mend }: Trouble): string[] => [
  `  Why: ${cause}`,
  ...mend.map((step, index) => `  ${index + 1}. ${step}`),
]

/** A trouble for people: what it is like, what it comes from, and what to do. Pure. */
export const troubleLines = (trouble: Trouble): string[] => [
  `${trouble.symptom} [${trouble.id}]`,
  ...body(trouble),
  ...(trouble.remedy === undefined ? [] : [`  Or have it done: sudo mediaserver doctor ${trouble.id}`]),
]

/** A trouble that this machine has, with what shows it. Pure. */
export const caseLines = ({ trouble, results }: Case): string[] => [
  `${trouble.symptom} [${trouble.id}]`,
  ...results.map(({ verdict, title, words }) => `  Seen: ${verdict}, ${title}: ${words}`),
  ...body(trouble),
]

/** Results that are not well, and no trouble is known for. Pure. */
export const unexplainedLines = (results: readonly Result[]): string[] =>
  results.flatMap(({ verdict, title, words }) => [
    `${verdict}, ${title}: ${words}`,
    '  For this there is no advice. Save a report for others to look at: "sudo mediaserver diagnostics".',
  ])

/** All troubles that are known, in one line each. Pure. */
export const listLines = (troubles: readonly Trouble[]): string[] =>
  troubles.map(({ id, symptom }) => `${id.padEnd(28)} ${symptom}`)
