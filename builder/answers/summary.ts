import type { Answers } from '../../firstboot/answers/answers.ts'
import type { ReadAnswers } from '../../firstboot/answers/file.ts'
import { readSshKey } from '../../firstboot/answers/rules/ssh-key.ts'

const words: { readonly [Key in keyof Answers]: (answer: Answers[Key]) => string } = {
  language: answer => answer,
  keyboard: answer => answer,
  timezone: answer => answer,
  network: answer => (answer.mode === 'dhcp' ? 'by itself (DHCP)' : `${answer.interface}, fixed at ${answer.address}`),
  wifi: answer => (answer === null ? 'none' : `"${answer.name}", with a password`),
  systemDisk: answer => `serial ${answer}`,
  media: answer => (answer.length === 0 ? 'none' : answer.map(({ disk, use }) => `${use} ${disk}`).join(', ')),
  hostname: answer => answer,
  user: answer => answer,
  sshKeys: answer => answer.map(keyWords).join(', '),
  vpn: answer => (answer === null ? 'none' : `by a ${answer.credential.kind === 'token' ? 'token' : 'WireGuard key'}`),
  domain: answer => (answer === null ? 'none' : `${answer.name}, at ${answer.provider}`),
  services: answer => (answer.length === 0 ? 'no optional ones' : answer.join(', ')),
  plexClaim: answer => (answer === null ? 'none' : 'given; it is good for 4 minutes only'),
}

const names: { readonly [Key in keyof Answers]: string } = {
  language: 'language',
  keyboard: 'keyboard',
  timezone: 'time zone',
  network: 'network',
  wifi: 'Wi-Fi',
  systemDisk: 'system disk',
  media: 'disks for films',
  hostname: 'host name',
  user: 'user',
  sshKeys: 'SSH keys',
  vpn: 'VPN',
  domain: 'domain',
  services: 'services',
  plexClaim: 'Plex claim',
}

function keyWords(line: string): string {
  const read = readSshKey(line)
  return 'key' in read ? `${read.key.fingerprint} ${read.key.comment}`.trim() : line
}

function row(key: keyof Answers, answers: Partial<Answers>): string[] {
  const answer = answers[key]
  if (answer === undefined) return []
  // The compiler does not see that both belong to the same key.
  const say = words[key] as (given: typeof answer) => string
  return [`  ${names[key].padEnd(16)}${say(answer)}`]
}

/** What a good file says, for people and without secrets. */
export function summaryOf(file: string, { draft, unattended, eraseConsent, missing }: ReadAnswers): string {
  const keys = Object.keys(names) as (keyof Answers)[]
  const asked = missing.map(key => names[key]).join(', ')
  const lines = [
    `${file} is good.`,
    ...keys.flatMap(key => row(key, draft.answers)),
    eraseConsent.length === 0 ? 'It agrees to erase no disk.' : `It agrees to erase: ${eraseConsent.join(', ')}.`,
    ...(asked === '' ? [] : [`It leaves open: ${asked}.`]),
    unattended
      ? asked === ''
        ? 'The set-up will run without asking.'
        : 'It wants a set-up without asking, which is not possible while something is open.'
      : 'The set-up will show these answers and ask for agreement.',
  ]
  return `${lines.join('\n')}\n`
}
