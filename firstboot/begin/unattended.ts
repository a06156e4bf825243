import { isFailing } from '../disks/cautions.ts'
import { diskId, findDisk } from '../disks/identity.ts'
import { FILMS_LABEL } from '../disks/labels.ts'
import type { Disk, Machine } from '../machine.ts'
import { type AnswersProblem, type AnswersSource, type ReadAnswers, readAnswers } from '../answers/file.ts'
import { toAnswers } from '../answers/complete.ts'
import type { Answers } from '../answers/answers.ts'
import type { Plan } from '../plan/plan.ts'
import { planSetup, type SetupFacts } from '../plan/plan-setup.ts'
import { answersToJson } from '../answers/json.ts'
import { isFromStick, type Request } from '../apply/request.ts'
import { diskSize } from '../screens/words.ts'
import type { Earlier } from './earlier.ts'

/** What an answers file means on this machine. */
export type Decision =
  /**
   * A person has to answer; `read` fills in what the file says, when it could be read, and `answers` are there when it is
   * whole, and something else is in the way.
   */
  | {
      readonly kind: 'ask'
      readonly read: ReadAnswers | null
      readonly problems: readonly string[]
      readonly answers?: Answers
    }
  | { readonly kind: 'go'; readonly answers: Answers; readonly plan: Plan }

const describe: Readonly<Record<keyof Answers, string>> = {
  language: 'language',
  keyboard: 'keyboard',
  timezone: 'timezone',
  network: 'network',
  wifi: 'wifi',
  systemDisk: 'disks.system',
  media: 'disks.media',
  hostname: 'hostname',
  user: 'user',
  sshKeys: 'sshKeys',
  vpn: 'vpn',
  domain: 'domain',
  services: 'services',
  plexClaim: 'plexClaim',
}

// For somebody who looks at the stick and has never met a compiler: the line, and the key on it where words lack it. What
// is longer than any key may be a secret that was pasted to the wrong place, and is not repeated.
const plainly =
  (text: string) =>
  ({ file, line, words }: AnswersProblem): string => {
    const key = /^[\s-]*([A-Za-z]{2,20})\s*:/.exec(text.split('\n')[line - 1] ?? '')?.[1]
    const named =
      key === undefined || words.startsWith(`"${key}"`) || file.startsWith('authorized') ? '' : ` ("${key}")`
    return `${file}, line ${line}${named}: ${words}`
  }

/**
 * Decides what to do with the answers file of the stick. Only a whole and faultless one starts by itself, and never over
 * the media server that it has made before: a stick that was left in must not erase what it has set up. Pure.
 */
export function decideUnattended(
  source: AnswersSource,
  machine: Machine,
  facts: SetupFacts,
  { finished, unknown }: Pick<Earlier, 'finished' | 'unknown'>,
): Decision {
  const disks = machine.disks.map(disk => ({ id: diskId(disk, machine.disks), serial: disk.serial }))
  const read = readAnswers(source, { disks })
  if ('problems' in read) return { kind: 'ask', read: null, problems: read.problems.map(plainly(source.answers.text)) }
  if (!read.unattended) return { kind: 'ask', read, problems: [] }
  const { file } = source.answers
  const ask = (problems: readonly string[]): Decision => ({
    kind: 'ask',
    read,
    problems: problems.map(words => `${file}: ${words}`),
  })
  if (read.missing.length > 0)
    return ask([`"unattended: true" needs these answers too: ${read.missing.map(key => describe[key]).join(', ')}.`])
  const complete = toAnswers(read.draft, { disks })
  if ('problems' in complete)
    return ask(complete.problems.map(({ question, words }) => `${describe[question]}: ${words}`))
  const { answers } = complete
  const refuse = (problems: readonly string[]): Decision => ({ ...ask(problems), answers })
  const system = findDisk(machine, answers.systemDisk)
  const standing = system.ok ? standingWords(system.disk, answers, { finished, unknown }) : null
  if (standing !== null) return refuse([standing])
  const plan = planSetup(machine, answers, facts)
  if ('problems' in plan) return refuse(plan.problems)
  const unasked = plan.disks.filter(({ fate, disk }) => fate === 'erase' && !read.eraseConsent.includes(disk))
  if (unasked.length > 0)
    return refuse(
      unasked.map(
        ({ model, serial }) =>
          `${model} (serial ${serial}) would be erased. If you want that, write "erase: true" beside its serial.`,
      ),
    )
  const forAPerson = machine.disks
    .filter(disk => isErased(plan, diskId(disk, machine.disks)))
    .flatMap(disk => forAPersonWords(disk) ?? [])
  if (forAPerson.length > 0) return refuse(forAPerson)
  return { kind: 'go', answers, plan }
}

// A set-up that did not come to its end has made folders there, and no films.
const FILMS_BYTES = 1e9

/** Why nobody but a person may have this disk erased, whatever the answers on a stick say; null when they may. */
function forAPersonWords(disk: Disk): string | null {
  const name = `${disk.model} (serial ${disk.serial})`
  if (isFailing(disk))
    return `${name} says that it is about to fail. Put another one in its place, or answer on the screen to use it all the same.`
  const ours = disk.partitions.filter(({ partlabel }) => partlabel === FILMS_LABEL).map(({ path }) => path)
  const films = disk.fileSystems.find(fs => ours.includes(fs.path) && (fs.usedBytes ?? 0) > FILMS_BYTES)
  if (films === undefined) return null
  return `${name} is the film disk of a media server, ${diskSize(films.usedBytes ?? 0)} used. To keep the films, write "use: keep" beside its serial; to erase them, answer on the screen.`
}

const isErased = ({ disks }: Plan, id: string): boolean =>
  disks.some(({ disk, fate }) => disk === id && fate === 'erase')

/** Why nobody but a person may set this disk up again; null when anybody may. */
function standingWords(
  disk: Disk,
  { hostname }: Answers,
  { finished, unknown }: Pick<Earlier, 'finished' | 'unknown'>,
): string | null {
  // In place there is no stick that could be pulled out; the menu starts the installed system by itself.
  const start = disk.bootMedium ? 'Restart the machine' : 'Pull out the stick and restart the machine'
  if (finished.some(one => one.disk === disk.path && one.hostnames.includes(hostname)))
    return `${hostname} is set up already. ${start}. To set it up anew, answer on the screen.`
  if (!unknown.includes(disk.path)) return null
  return `A media server is on ${disk.model || disk.path}, and cannot be looked at: it may be complete. ${start} to see. To set it up anew, answer on the screen.`
}

/** What the live system does next; `resume` goes on with a set-up that did not come to its end. */
export type Next = Decision | { readonly kind: 'resume'; readonly request: Request }

const NOBODY: Decision = { kind: 'ask', read: null, problems: [] }

/** The image that a plan copies. */
const imageOf = ({ changes }: Plan): unknown => changes.find(({ id }) => id === 'copy-system')?.params['image']

// Half of one image and half of another would start nothing: their kernels have different modules.
const OTHER_STICK =
  'A set-up was begun with another stick, and did not come to its end. Start from that stick to go on with it, or answer on the screen to set the machine up anew with this one.'

/**
 * Decides between the answers on the stick, if there are any, and what earlier set-ups have left. One that did not come to
 * its end goes on, unless it began with another image, or with answers of the stick that somebody has changed there since:
 * without a screen that is the only way to correct them. Pure.
 */
export function decideNext(source: AnswersSource | null, machine: Machine, facts: SetupFacts, earlier: Earlier): Next {
  const decision = source === null ? NOBODY : decideUnattended(source, machine, facts, earlier)
  const [request, ...others] = earlier.unfinished
  if (request === undefined || others.length > 0) return decision
  if (imageOf(request.plan) !== facts.image)
    return decision.kind === 'go' ? decision : { ...decision, problems: [...decision.problems, OTHER_STICK] }
  const corrected =
    isFromStick(request) &&
    decision.answers !== undefined &&
    answersToJson(decision.answers) !== answersToJson(request.answers)
  return corrected ? decision : { kind: 'resume', request }
}
