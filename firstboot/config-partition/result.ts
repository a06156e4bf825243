import type { Progress } from '../progress/reduce.ts'
import type { Link } from '../status/links.ts'
import type { Verification } from '../verify/verification.ts'
import type { Changes } from './folder.ts'

/** All that is told about a set-up to somebody who only has the stick. No secret is in it. */
export interface Outcome {
  readonly product: string
  readonly version: string
  /** Unix time in milliseconds. */
  readonly at: number
  readonly progress: Progress
  readonly links: readonly Link[]
  /** As in `ssh anna@192.168.1.57`; null for none. */
  readonly ssh: string | null
  readonly verification: Verification | null
  /** What else a person should know, as sentences. */
  readonly notes: readonly string[]
}

/**
 * What is written back to the stick. `answers` is the file with the answers after its secrets were taken out; it comes
 * first, because it matters most that they are gone.
 */
export function writeBack(outcome: Outcome, answers: { readonly name: string; readonly text: string } | null): Changes {
  const failed = outcome.progress.phase === 'failed'
  const { verification } = outcome
  return {
    files: [
      ...(answers === null ? [] : [{ name: answers.name, data: answers.text, scrub: true }]),
      { name: 'RESULT.txt', data: resultText(outcome) },
      ...(failed ? [{ name: 'ERROR.txt', data: errorText(outcome) }] : []),
      ...(verification === null ? [] : [{ name: 'verify.json', data: `${JSON.stringify(verification, null, 2)}\n` }]),
    ],
    remove: failed ? [] : ['ERROR.txt'],
  }
}

/** The report in plain words, with line ends that every editor knows. */
export function resultText(outcome: Outcome): string {
  const { progress, links, ssh, verification, notes } = outcome
  const changes = progress.changes.map(
    ({ state, title, evidence }) => `${words[state]}  ${title}${evidence === '' ? '' : `: ${evidence}`}`,
  )
  const places = [
    ...links.map(({ name, byNumber, byName }) => `${name}: ${byNumber === null ? byName : `${byNumber} or ${byName}`}`),
    ...(ssh === null ? [] : [`SSH: ${ssh}`]),
  ]
  const proofs = (verification?.results ?? []).flatMap(({ verdict, title, words: found, detail, way }) => [
    `${verdict}  ${title}: ${found}`,
    ...(verdict === 'pass' || verdict === 'none' ? [] : [...detail, ...(way?.mend ?? [])].map(row => `      ${row}`)),
  ])
  return text(outcome, [
    section('WHAT IS WRONG', failureRows(progress)),
    section('WHAT WAS DONE', changes),
    section('WHERE IT IS', progress.phase === 'finished' ? places : []),
    section('WHAT WAS TRIED OUT', proofs),
    section('GOOD TO KNOW', notes),
  ])
}

/** What went wrong and how to mend it, alone. */
export const errorText = (outcome: Outcome): string =>
  text(outcome, [section('WHAT IS WRONG', failureRows(outcome.progress)), section('GOOD TO KNOW', outcome.notes)])

const words = { done: 'done   ', now: 'begun  ', next: 'not yet', failed: 'WRONG  ' } as const

function failureRows({ phase, failure }: Progress): string[] {
  if (phase !== 'failed') return []
  return [
    `${failure === null || failure.title === '' ? 'Setting up' : `"${failure.title}"`} did not work.`,
    failure?.message ?? 'There is no word on what went wrong.',
    failure?.mend ?? 'Start the machine again; if it happens again, save a report on its screen.',
    'Nothing that was done is lost: start the machine again, and it goes on from there.',
  ]
}

const section = (title: string, rows: readonly string[]): string[] =>
  rows.length === 0 ? [] : ['', title, ...rows.map(row => `  ${row}`)]

function text({ product, version, at, progress }: Outcome, sections: readonly string[][]): string {
  const [day, time] = new Date(at).toISOString().split('T')
  const how = {
    finished: 'finished',
    failed: 'stopped',
    running: 'was still running',
    waiting: 'had not begun',
  } as const
  const rows = [
    `${product.toUpperCase()} ${version}`,
    '',
    `The set-up ${how[progress.phase]} on ${day} at ${time?.slice(0, 5)} UTC.`,
    ...sections.flat(),
    '',
  ]
  return rows.map(row => row.replaceAll(/[\r\n]+/g, ' ').trimEnd()).join('\r\n')
}
