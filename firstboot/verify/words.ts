import { ageWords } from './age.ts'
import { SECTIONS, type Section } from './check.ts'
import { type Result, verdictWords, type Verification } from './verification.ts'

const MARKS = { pass: 'pass', warn: 'warn', fail: 'FAIL', none: '-' } as const
const LABEL = 6
const TITLE = 36

/** What a section is called on the command line: `hardware-video`, `vpn`. */
export const shortName = (section: Section): string => section.toLowerCase().replaceAll(' ', '-')

/** The section that somebody means; null when there is none, or several begin like that. */
export function sectionNamed(word: string): Section | null {
  const wanted = word.toLowerCase().replaceAll(/[\s_]+/g, '-')
  const exact = SECTIONS.find(section => shortName(section) === wanted)
  if (exact !== undefined) return exact
  const alike = SECTIONS.filter(section => wanted !== '' && shortName(section).startsWith(wanted))
  return alike.length === 1 ? (alike[0] ?? null) : null
}

/**
 * One result: what was measured; and where it is not well, what was seen and what to do. `told` is the title of an earlier
 * result that told the same way out.
 */
export function resultLines({ verdict, title, words, detail, way, since, at }: Result, told: string | null): string[] {
  const lasts = verdict === 'fail' && at - since > 60_000 ? ` (for ${ageWords(since, at).replace(/ ago$/, '')})` : ''
  const first = `  ${MARKS[verdict].padEnd(LABEL)}${title.padEnd(TITLE)} ${words}${lasts}`
  if (verdict === 'pass' || verdict === 'none') return [first.trimEnd()]
  const indent = ' '.repeat(2 + LABEL)
  if (told !== null) return [first, ...detail.map(row => `${indent}${row}`), `${indent}Mend: as for "${told}".`]
  const steps = (way?.mend ?? []).map((step, index) => `${indent}${index === 0 ? 'Mend:' : '     '} ${step}`)
  const help = way?.remedy === true ? [`${indent}It can be mended by itself: sudo mediaserver doctor ${way.id}`] : []
  return [first, ...detail.map(row => `${indent}${row}`), ...steps, ...help]
}

/** A verification for people, section by section. Pure. */
export function verificationLines({ at, results }: Verification, now: number): string[] {
  const parts = SECTIONS.flatMap(section => {
    const inside = results.filter(result => result.section === section)
    return inside.length === 0
      ? []
      : [section.toUpperCase(), ...inside.flatMap(result => resultLines(result, toldBefore(results, result))), '']
  })
  const oldest = Math.min(at, ...results.map(result => result.at))
  const age = now - oldest < 120_000 ? '' : ` The oldest result is from ${ageWords(oldest, now)}.`
  return [...parts, `${verdictWords(results)}.${age}`]
}

/** The title of the first result that leads to the same way out as a later one; null for the first itself. Pure. */
export function toldBefore(results: readonly Result[], result: Result): string | null {
  if (result.way === null) return null
  const first = results.find(({ way }) => way?.id === result.way?.id)
  return first === undefined || first.id === result.id ? null : first.title
}
