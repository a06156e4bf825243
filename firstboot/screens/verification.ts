import { ageWords, isStale } from '../verify/age.ts'
import { SECTIONS } from '../verify/check.ts'
import type { Progress } from '../verify/run-checks.ts'
import { type Result, verdictWords, type Verification } from '../verify/verification.ts'
import { toldBefore } from '../verify/words.ts'
import { cell, line, type Line } from '../terminal/lines.ts'
import { wrap } from './applying-page.ts'

/** What is known of the proofs of this machine; `now` in Unix milliseconds. */
export interface Proven {
  readonly verification: Verification | null
  readonly verifying: Progress | null
  readonly now: number
}

/** Said when somebody has asked for a verification; it goes when there is a new one. */
export const verifyingNotice = 'Verifying; this takes about a minute ...'

const isBad = ({ verdict }: Result) => verdict === 'fail' || verdict === 'warn'

/** What is most important, for a page that shows other things too: how old it is, and everything that is not well. */
export function summaryLines({ verification, verifying, now }: Proven, columns: number): Line[] {
  const width = columns - 1
  const part = (words: string, style: 'normal' | 'strong' = 'normal') =>
    wrap(words, width, '   ').map(row => line(row, style))
  const going = verifying === null ? [] : part(progressWords(verifying))
  if (verification === null) return going.length > 0 ? going : part('nothing has been verified yet; it comes by itself')
  const { at, results } = verification
  const bad = worstFirst(results.filter(isBad))
  return [
    ...going,
    ...part(`${ageWords(at, now)}: ${verdictWords(results)}`),
    ...(verifying === null && isStale(at, now)
      ? part('It is made every hour, and was not: this may be wrong by now.', 'strong')
      : []),
    // One line for each: the whole of it is one key away.
    ...bad
      .slice(0, MOST_IN_SHORT)
      .map(({ verdict, title, words }) => line(`   ${verdict}  ${title}: ${words}`, 'strong')),
    ...(bad.length === 0 ? [] : part(moreWords(bad.length - MOST_IN_SHORT))),
  ]
}

// More would push everything else out of sight.
const MOST_IN_SHORT = 3

const moreWords = (more: number): string =>
  more > 0 ? `and ${more} more; what to do about it: press V` : 'what to do about it: press V'

const progressWords = ({ done, total, now: [title] }: Progress): string =>
  `being verified right now: ${done} of ${total}${title === undefined ? '' : ` (${title})`}`

const worstFirst = (results: readonly Result[]): Result[] => [
  ...results.filter(({ verdict }) => verdict === 'fail'),
  ...results.filter(({ verdict }) => verdict === 'warn'),
]

/** All results: first what is not well with its mend, then the rest by section. `explained`: how each was found out, too. */
export function verificationBody(
  { verification, verifying, now }: Proven,
  columns: number,
  explained: boolean,
): Line[] {
  const width = columns - 1
  const head = verifying === null ? [] : wrap(progressWords(verifying), width, ' ').map(row => line(row, 'strong'))
  if (verification === null)
    return [...head, ...(verifying === null ? [line(' Nothing has been verified yet. Choose "Verify now".')] : [])]
  const { at, results } = verification
  const bad = worstFirst(results.filter(isBad))
  const oldest = Math.min(at, ...results.map(result => result.at))
  return [
    ...head,
    line(` ${verdictWords(results)}, ${ageWords(oldest, now)}`, 'strong'),
    ...bad.flatMap(result => [
      ...resultLines(result, columns, explained),
      ...mendLines(result, toldBefore(bad, result), width),
    ]),
    ...SECTIONS.flatMap(section => {
      const inside = results.filter(result => result.section === section && !isBad(result))
      // What does not exist here is of interest only to who asks about everything.
      const shown = inside.filter(({ verdict }) => explained || verdict === 'pass')
      return shown.length === 0
        ? []
        : [line(''), line(` ${section}`, 'strong'), ...shown.flatMap(result => resultLines(result, columns, explained))]
    }),
  ]
}

const WIDTH = 43

function resultLines(result: Result, columns: number, explained: boolean): Line[] {
  const { verdict, title, words, how, detail, at, since } = result
  const style = verdict === 'fail' || verdict === 'warn' ? 'strong' : 'normal'
  const mark = verdict === 'none' ? '-   ' : verdict
  const wide = columns >= 76
  const first = wide
    ? wrap(words, columns - WIDTH - 2).map((row, index) =>
        line(`${cell(index === 0 ? ` ${mark}   ${title}` : '', WIDTH)} ${row}`, style),
      )
    : wrap(`${mark}  ${title}: ${words}`, columns - 1, ' ').map(row => line(row, style))
  if (!explained) return first
  const lasts =
    verdict === 'fail' && at - since > 60_000
      ? [`It is so since ${new Date(since).toISOString().slice(0, 16).replace('T', ' ')} UTC.`]
      : []
  return [
    ...first,
    ...[how, ...detail, ...lasts].flatMap(text => wrap(text, columns - 1, '        ').map(row => line(row))),
  ]
}

function mendLines({ way }: Result, told: string | null, width: number): Line[] {
  if (way === null) return []
  if (told !== null) return wrap(`The same as "${told}".`, width, '        ').map(row => line(row))
  const byItself = way.remedy ? [`Or have it done: "sudo mediaserver doctor ${way.id}".`] : []
  return [way.cause, ...way.mend, ...byItself].flatMap((text, index) =>
    wrap(index === 0 ? text : `- ${text}`, width, '        ').map(row => line(row)),
  )
}
