import { diskId } from '../disks/identity.ts'
import type { Machine } from '../machine.ts'
import { type AnswersSource, problemLine, type ReadAnswers, readAnswers } from '../answers/file.ts'
import { toAnswers } from '../answers/complete.ts'
import type { Answers } from '../answers/answers.ts'
import type { Plan } from '../plan/plan.ts'
import { planSetup, type SetupFacts } from '../plan/plan-setup.ts'

/** What an answers file means on this machine. */
export type Decision =
  /** A person has to answer; `read` fills in what the file says, when it could be read. */
  | { readonly kind: 'ask'; readonly read: ReadAnswers | null; readonly problems: readonly string[] }
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

/** Decides what to do with the answers file of the stick. Only a whole and faultless one starts by itself. Pure. */
export function decideUnattended(source: AnswersSource, machine: Machine, facts: SetupFacts): Decision {
  const disks = machine.disks.map(disk => ({ id: diskId(disk, machine.disks), serial: disk.serial }))
  const read = readAnswers(source, { disks })
  if ('problems' in read) return { kind: 'ask', read: null, problems: read.problems.map(problemLine) }
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
  const plan = planSetup(machine, complete.answers, facts)
  if ('problems' in plan) return ask(plan.problems)
  const unasked = plan.disks.filter(({ fate, disk }) => fate === 'erase' && !read.eraseConsent.includes(disk))
  if (unasked.length > 0)
    return ask(
      unasked.map(
        ({ model, serial }) =>
          `${model} (serial ${serial}) would be erased. If you want that, write "erase: true" beside its serial.`,
      ),
    )
  return { kind: 'go', answers: complete.answers, plan }
}
