import type { Source } from '../../answers/answers.ts'
import type { Plan } from '../../plan/plan.ts'
import { placeOf } from '../../plan/words.ts'
import { absentWords } from '../disk-words.ts'
import { field, type Form, mediaOf, sourceOf, sshKeysOf, valueOf } from '../form.ts'
import { button, gap, note, question } from '../items.ts'
import { obstacle, type Page, type RowItem } from '../page.ts'
import type { Choice } from '../rules.ts'
import { type StepId, steps, stepTitles } from '../steps.ts'
import { fateMark } from './agree.ts'
import type { Asked } from './asked.ts'
import { pageOf } from './page-of.ts'

/** Everything that was answered, section by section, and what will happen to the disks. */
export function reviewPage(asked: Asked, plan: Plan | null, problems: readonly string[]): Page {
  return {
    items: [
      question('Look it over. Nothing has been written to any disk yet.'),
      gap,
      ...steps.map(step => rowOf(step, asked, plan)),
      gap,
      ...problems.map(words => note(`! ${words}`)),
      button('go', 'This is right: go on'),
    ],
    help: [
      'Choose a section and press Enter to change it. You come back here afterwards.',
      'The words at the right say where each answer came from: yours is what you chose, usual was never touched, found came from looking at this machine, file is from mediaserver.yaml.',
      '[ERASE] disks lose everything. [KEEP] disks are used as they are. [LEAVE] disks are not touched.',
    ],
    problem: problems[0] ?? null,
  }
}

const origin: Readonly<Record<Source, string>> = { default: 'usual', probe: 'found', file: 'file', person: 'yours' }

function rowOf(step: StepId, asked: Asked, plan: Plan | null): RowItem {
  const obstructed = obstacle(pageOf(step, asked))
  const lines = fateWords(step, asked, plan) ?? describe[step](asked)
  return {
    type: 'row',
    step,
    label: stepTitles[step],
    lines:
      obstructed?.kind === 'open'
        ? ['! not answered yet']
        : [...lines, ...(obstructed === null ? [] : [`! ${obstructed.words}`])],
    from: origin[sourceOf(asked.form, leading[step](asked.form))],
  }
}

// What happens to the disks, once it is decided: the system disk in its section, all others among the films.
function fateWords(step: StepId, { form }: Asked, plan: Plan | null): string[] | null {
  if (plan === null || (step !== 'system' && step !== 'media')) return null
  const fates = plan.disks.filter(fate => (fate.disk === valueOf(form, 'systemDisk')) === (step === 'system'))
  const lines = fates.map(fate => {
    const place = placeOf(fate)
    const known = `${fate.model || 'unnamed disk'} ...${(fate.serial || fate.disk).slice(-4)}`
    return `${fateMark[fate.fate]} ${known}${place === '' ? '' : ` at ${place}`}`
  })
  return lines.length === 0 ? null : lines
}

// The field that says most about where the answers of a section came from.
const leading: Readonly<Record<StepId, (form: Form) => string>> = {
  language: form => first(form, ['timezone', 'language', 'keyboard']),
  network: form => first(form, ['network', 'wifi']),
  system: () => 'systemDisk',
  media: form =>
    first(
      form,
      Object.keys(form.texts).filter(name => name.startsWith('media:')),
    ),
  name: form => first(form, ['hostname', 'user']),
  keys: () => 'sshKeys',
  vpn: () => 'vpn',
  domain: () => 'domain',
  services: form =>
    first(
      form,
      Object.keys(form.texts).filter(name => name.startsWith('service:')),
    ),
  plex: () => 'plex',
}

const first = (form: Form, names: readonly string[]): string =>
  names.find(name => sourceOf(form, name) !== 'default') ?? names[0] ?? ''

const wordsOf = (choices: readonly Choice[], value: string): string =>
  choices.find(choice => choice.value === value)?.words ?? value

const describe: Readonly<Record<StepId, (asked: Asked) => string[]>> = {
  language: ({ form, lists }) => [
    `${wordsOf(lists.languages, valueOf(form, 'language'))}, keyboard ${wordsOf(lists.keyboards, valueOf(form, 'keyboard'))}`,
    valueOf(form, 'timezone'),
  ],
  network: ({ form }) => [
    valueOf(form, 'network') === 'static'
      ? `${valueOf(form, 'interface')}  ${valueOf(form, 'address')}  router ${valueOf(form, 'gateway')}`
      : 'address from the router',
    ...(valueOf(form, 'wifi') === 'yes' ? [`Wi-Fi "${valueOf(form, 'wifi.name')}"`] : []),
  ],
  system: ({ form, known }) => [diskWords(known.disks, valueOf(form, 'systemDisk')) || 'not chosen yet'],
  media: ({ form, known }) => {
    const installed = known.role === 'installed'
    // What was done when it was set up is not done again.
    const uses = installed
      ? ({ keep: 'used', erase: 'used', ignore: 'left alone' } as const)
      : ({ keep: 'kept', erase: 'erased, then used', ignore: 'left alone' } as const)
    const lines = mediaOf(form)
      .filter(([disk]) => disk !== valueOf(form, 'systemDisk'))
      .map(([disk, use]) => `${diskWords(known.disks, disk)}: ${uses[use as keyof typeof uses]}`)
    return [
      ...(lines.length === 0 ? ['films lie on the system disk'] : lines),
      ...(installed ? ['chosen when it is set up from the stick'] : []),
    ]
  },
  name: ({ form }) => [`${valueOf(form, 'hostname')}.local, user ${valueOf(form, 'user')}`],
  keys: ({ form, rules }) => {
    const keys = sshKeysOf(form).map(line => rules.describeKey(line))
    return keys.length === 0
      ? ['none: logging in from another computer is not possible yet']
      : keys.map(key => (key === null ? 'a key' : `${key.type}  ${key.comment || key.fingerprint}`))
  },
  vpn: ({ form, checks }) => {
    const ways: Readonly<Record<string, string>> = {
      token: 'NordVPN with a token',
      'wireguard-key': 'NordVPN with a WireGuard key',
      later: 'later; torrents stay off until then',
    }
    const way = ways[valueOf(form, 'vpn')]
    if (way === undefined) return ['not answered yet']
    if (valueOf(form, 'vpn') === 'later') return [way]
    const checked = valueOf(form, 'vpn') === 'token' ? checks.vpn?.result : undefined
    return [
      `${way}, country: ${valueOf(form, 'vpn.country') || 'the nearest one'}`,
      ...(checked === undefined || checked === null || checked.verdict === 'good' ? [] : [`! ${checked.words}`]),
    ]
  },
  domain: ({ form, rules }) =>
    valueOf(form, 'domain') === 'yes'
      ? [
          `${valueOf(form, 'domain.name')} at ${rules.providers.find(each => each.id === valueOf(form, 'domain.provider'))?.name ?? 'no provider yet'}`,
        ]
      : ['none, only at home'],
  services: ({ form, rules }) => {
    const off = rules.services.filter(each => valueOf(form, field.service(each.name)) === 'no')
    return [off.length === 0 ? 'all of them' : `all but ${off.map(each => each.name).join(', ')}`]
  },
  plex: ({ form }) => [valueOf(form, 'plex') === 'claim' ? 'sign in now, with a claim code' : 'sign in later'],
}

function diskWords(disks: Asked['known']['disks'], id: string): string {
  if (id === '') return ''
  const disk = (disks ?? []).find(
    each => each.serial === id || each.byPath === id || id === `${each.serial}@${each.byPath}`,
  )
  return disk === undefined ? absentWords(id) : `${disk.model || disk.name} ...${id.slice(-4)}`
}
