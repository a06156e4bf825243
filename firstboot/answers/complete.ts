import type { Answers, Draft, Source } from './answers.ts'
import type { Known } from './known.ts'
import { hostnameFault } from './rules/hostname.ts'
import { keyboardFault, languageFault, timezoneFault } from './rules/place.ts'
import { plexClaimFault } from './rules/plex.ts'
import { serviceFault } from './rules/services.ts'
import { sshKeyFault } from './rules/ssh-key.ts'
import { userFault } from './rules/user.ts'
import { tokenFault, vpnCountryFault, wireguardKeyFault } from './rules/vpn.ts'
import { wifiCountryFault, wifiNameFault, wifiPasswordFault } from './rules/wifi.ts'
import { domainFaults, networkFaults } from './sections.ts'

/** A fault of an answer, in a sentence with the mend. */
export interface AnswerFault {
  readonly question: keyof Answers
  readonly words: string
}

/** What an answer is when nobody gives it. */
export const defaultAnswers = {
  language: 'en_US.UTF-8',
  keyboard: 'us',
  timezone: 'Etc/UTC',
  network: { mode: 'dhcp' },
  wifi: null,
  media: [],
  hostname: 'mediaserver',
  vpn: null,
  domain: null,
  services: [],
  plexClaim: null,
} as const satisfies Partial<Answers>

/** Puts defaults where nothing was answered and judges everything once more; what cannot be guessed is a fault. */
export function toAnswers(
  draft: Draft,
  known: Known = {},
): { readonly answers: Answers } | { readonly problems: readonly AnswerFault[] } {
  const given = Object.fromEntries(Object.entries(draft.answers).filter(([, value]) => value !== undefined))
  const answers: Partial<Answers> = { ...defaultAnswers, ...given }
  const problems = answerFaults(answers, known)
  if (answers.systemDisk === undefined)
    problems.push({ question: 'systemDisk', words: 'No disk is chosen for the system. Choose one.' })
  if (answers.user === undefined) problems.push({ question: 'user', words: userFault('') ?? '' })
  if ((answers.sshKeys ?? []).length === 0)
    problems.push({
      question: 'sshKeys',
      words: 'There is no SSH key, and nobody could log in. Give at least one public key.',
    })
  if (problems.length > 0) return { problems }
  // In one order whatever the order of the questions was, so that equal answers are equal texts.
  const ordered = Object.fromEntries(questions.map(question => [question, answers[question]]))
  return { answers: ordered as unknown as Answers }
}

/** All answers as a draft, to be looked at and changed. */
export const wholeDraft = (answers: Answers, source: Source): Draft => ({
  answers,
  sources: Object.fromEntries(questions.map(question => [question, source])),
})

type Judge<Answer> = (answer: Answer, all: Partial<Answers>, known: Known) => readonly (string | null)[]

const judges: { readonly [Key in keyof Answers]: Judge<Answers[Key]> } = {
  language: (answer, _all, known) => [languageFault(answer, known.languages)],
  keyboard: (answer, _all, known) => [keyboardFault(answer, known.keyboards)],
  timezone: (answer, _all, known) => [timezoneFault(answer, known.timezones)],
  network: answer => networkFaults(answer).map(fault => fault.words),
  wifi: answer =>
    answer === null
      ? []
      : [wifiNameFault(answer.name), wifiPasswordFault(answer.password.reveal()), wifiCountryFault(answer.country)],
  systemDisk: (answer, _all, known) => [unknownDisk(answer, known)],
  media: (answer, all, known) =>
    answer.flatMap(({ disk }, index) => [
      unknownDisk(disk, known),
      disk === all.systemDisk ? 'The disk of the system cannot be a disk for films too. Choose another one.' : null,
      answer.findIndex(other => other.disk === disk) < index ? 'A disk for films is named twice. Name it once.' : null,
    ]),
  hostname: answer => [hostnameFault(answer)],
  user: answer => [userFault(answer)],
  sshKeys: answer => answer.map(sshKeyFault),
  vpn: answer =>
    answer === null
      ? []
      : [
          answer.credential.kind === 'token'
            ? tokenFault(answer.credential.value.reveal())
            : wireguardKeyFault(answer.credential.value.reveal()),
          vpnCountryFault(answer.country),
        ],
  domain: answer => (answer === null ? [] : domainFaults(answer).map(fault => fault.words)),
  services: answer => answer.map(serviceFault),
  plexClaim: answer => [answer === null ? null : plexClaimFault(answer.reveal())],
}

const questions = Object.keys(judges) as (keyof Answers)[]

function unknownDisk(disk: string, { disks }: Known): string | null {
  return disks === undefined || disks.some(each => each.id === disk)
    ? null
    : 'A chosen disk is no longer there. Connect it again, or choose another one.'
}

/** Everything that is wrong with the answers that are there, by the same rules that judge a file. */
export function answerFaults(answers: Partial<Answers>, known: Known = {}): AnswerFault[] {
  return questions.flatMap(question => {
    const answer = answers[question]
    if (answer === undefined) return []
    // The compiler does not see that both belong to the same question.
    const judge = judges[question] as Judge<typeof answer>
    return judge(answer, answers, known).flatMap(words => (words === null ? [] : { question, words }))
  })
}
