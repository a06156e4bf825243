import { stringify } from 'yaml'
import type { Answers } from './answers.ts'

const head = `# Answers of a media server, to be used again. Secrets are left out: fill them in, or be asked for them.
# To erase a disk without being asked, write "erase: true" below its serial number.
`

type Values = Record<string, unknown>

/** Empty for what is a secret: whoever uses the file is asked. */
const asked = null

const orNone = <Answer>(answer: Answer | null, render: (answer: Answer) => unknown): unknown =>
  answer === null ? 'none' : render(answer)

/** Answers as the text of `mediaserver.yaml`, without secrets and without any consent to erase. */
export function renderAnswersYaml(answers: Partial<Answers>): string {
  const { systemDisk, media, wifi, vpn, domain, plexClaim, ...plain } = answers
  const values: Values = { ...plain }
  if (wifi !== undefined) values['wifi'] = orNone(wifi, ({ name, country }) => ({ name, password: asked, country }))
  if (systemDisk !== undefined || media !== undefined) {
    values['disks'] = {
      ...(systemDisk === undefined ? {} : { system: { serial: systemDisk } }),
      ...(media === undefined ? {} : { media: media.map(({ disk, use }) => ({ serial: disk, use })) }),
    }
  }
  if (vpn !== undefined) {
    values['vpn'] = orNone(vpn, ({ credential, country }) => ({
      [credential.kind === 'token' ? 'token' : 'wireguardKey']: asked,
      country: country === '' ? asked : country,
    }))
  }
  if (domain !== undefined) {
    values['domain'] = orNone(domain, ({ name, provider, credentials, email }) => ({
      name,
      provider,
      credentials: Object.fromEntries(Object.keys(credentials).map(key => [key, asked])),
      email,
    }))
  }
  if (plexClaim !== undefined) values['plexClaim'] = orNone(plexClaim, () => asked)
  // A long line is folded otherwise, and a public key must stay one line.
  return `${head}${stringify(values, { lineWidth: 0, nullStr: '', aliasDuplicateObjects: false })}`
}
