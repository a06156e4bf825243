import type { Answers, Draft, MediaUse, Source } from '../answers/answers.ts'
import { Secret } from '../answers/secret.ts'
import { field, type Form, mediaOf, sourceOf, sshKeysOf, usualForm, valueOf, withValue } from './form.ts'

/**
 * The answers that a form holds so far. What is not answered is left out; values are not checked here.
 * `services` are the names of all optional services; one that was never touched is wanted.
 */
export function draftOf(form: Form, services: readonly string[]): Draft {
  const text = (name: string) => valueOf(form, name).trim()
  const answers: { -readonly [K in keyof Answers]?: Answers[K] } = {
    network:
      text('network') === 'static'
        ? {
            mode: 'static',
            interface: text('interface'),
            address: text('address'),
            gateway: text('gateway'),
            dns: text('dns')
              .split(/[\s,]+/)
              .filter(Boolean),
          }
        : { mode: 'dhcp' },
    wifi:
      text('wifi') === 'yes'
        ? { name: valueOf(form, 'wifi.name'), password: secret(form, 'wifi.password'), country: text('wifi.country') }
        : null,
    media: mediaOf(form)
      .filter(([disk]) => disk !== text('systemDisk'))
      .map(([disk, use]) => ({ disk, use: use as MediaUse })),
    sshKeys: sshKeysOf(form),
    domain: text('domain') === 'yes' ? domainOf(form) : null,
    services: services.filter(name => valueOf(form, field.service(name)) !== 'no'),
    plexClaim: text('plex') === 'claim' ? secret(form, 'plex.claim') : null,
  }
  for (const name of ['language', 'keyboard', 'timezone', 'systemDisk', 'hostname', 'user'] as const)
    if (text(name) !== '') answers[name] = text(name)
  const vpn = text('vpn')
  if (vpn === 'later') answers.vpn = null
  if (vpn === 'token' || vpn === 'wireguard-key') {
    const value = secret(form, vpn === 'token' ? 'vpn.token' : 'vpn.key')
    answers.vpn = { credential: { kind: vpn, value }, country: text('vpn.country') }
  }
  return { answers, sources: sourcesOf(form, services) }
}

const secret = (form: Form, name: string): Secret => new Secret(valueOf(form, name).trim())

function domainOf(form: Form): NonNullable<Answers['domain']> {
  const provider = valueOf(form, 'domain.provider')
  const prefix = field.credential(`${provider}.`)
  const credentials = Object.keys(form.secrets)
    .filter(name => name.startsWith(prefix) && valueOf(form, name).trim() !== '')
    .map(name => [name.slice(prefix.length), secret(form, name)])
  return {
    name: valueOf(form, 'domain.name').trim(),
    provider,
    credentials: Object.fromEntries(credentials) as Record<string, Secret>,
    email: valueOf(form, 'domain.email').trim(),
  }
}

// Which fields make up an answer; the strongest of their sources is the answer's.
function fieldsOf(name: keyof Answers, form: Form, services: readonly string[]): string[] {
  const all = [...Object.keys(form.texts), ...Object.keys(form.secrets)]
  const below = (prefix: string) => all.filter(each => each.startsWith(prefix))
  switch (name) {
    case 'network':
      return ['network', 'interface', 'address', 'gateway', 'dns']
    case 'wifi':
    case 'vpn':
    case 'domain':
      return [name, ...below(`${name}.`)]
    case 'media':
      return below('media:')
    case 'services':
      return services.map(field.service)
    case 'plexClaim':
      return ['plex', 'plex.claim']
    case 'language':
    case 'keyboard':
    case 'timezone':
    case 'systemDisk':
    case 'hostname':
    case 'user':
    case 'sshKeys':
      return [name]
  }
}

const answerNames: readonly (keyof Answers)[] = [
  'language',
  'keyboard',
  'timezone',
  'network',
  'wifi',
  'systemDisk',
  'media',
  'hostname',
  'user',
  'sshKeys',
  'vpn',
  'domain',
  'services',
  'plexClaim',
]

function sourcesOf(form: Form, services: readonly string[]): Record<keyof Answers, Source> {
  const strongest = (sources: readonly Source[]): Source =>
    (['person', 'file', 'probe'] as const).find(source => sources.includes(source)) ?? 'default'
  return Object.fromEntries(
    answerNames.map(name => [name, strongest(fieldsOf(name, form, services).map(each => sourceOf(form, each)))]),
  ) as Record<keyof Answers, Source>
}

/**
 * The form that says the same as a draft, for instance one that was read from a file; `services` as in `draftOf`. What is
 * `missing` has no usual value in it: a section that is there in part must not become one that nobody wants.
 */
export function formOf(draft: Draft, services: readonly string[], missing: readonly (keyof Answers)[] = []): Form {
  const { answers, sources } = draft
  let form = usualForm
  const put = (name: string, value: string | Secret, from: keyof Answers) => {
    form = withValue(form, name, value instanceof Secret ? value.reveal() : value, sources[from] ?? 'file')
  }
  for (const name of missing) put(name === 'plexClaim' ? 'plex' : name, '', name)
  for (const name of ['language', 'keyboard', 'timezone', 'systemDisk', 'hostname', 'user'] as const) {
    const value = answers[name]
    if (value !== undefined) put(name, value, name)
  }
  if (answers.network !== undefined) {
    put('network', answers.network.mode, 'network')
    if (answers.network.mode === 'static') {
      put('interface', answers.network.interface, 'network')
      put('address', answers.network.address, 'network')
      put('gateway', answers.network.gateway, 'network')
      put('dns', answers.network.dns.join(', '), 'network')
    }
  }
  if (answers.wifi !== undefined) {
    put('wifi', answers.wifi === null ? 'no' : 'yes', 'wifi')
    if (answers.wifi !== null) {
      put('wifi.name', answers.wifi.name, 'wifi')
      put('wifi.password', answers.wifi.password, 'wifi')
      put('wifi.country', answers.wifi.country, 'wifi')
    }
  }
  for (const { disk, use } of answers.media ?? []) put(field.media(disk), use, 'media')
  if (answers.sshKeys !== undefined) put('sshKeys', answers.sshKeys.join('\n'), 'sshKeys')
  if (answers.vpn !== undefined) {
    put('vpn', answers.vpn === null ? 'later' : answers.vpn.credential.kind, 'vpn')
    if (answers.vpn !== null) {
      const { kind, value } = answers.vpn.credential
      put(kind === 'token' ? 'vpn.token' : 'vpn.key', value, 'vpn')
      put('vpn.country', answers.vpn.country, 'vpn')
    }
  }
  if (answers.domain !== undefined) {
    put('domain', answers.domain === null ? 'no' : 'yes', 'domain')
    if (answers.domain !== null) {
      const { name, provider, credentials, email } = answers.domain
      put('domain.name', name, 'domain')
      put('domain.provider', provider, 'domain')
      put('domain.email', email, 'domain')
      for (const [key, value] of Object.entries(credentials))
        put(field.credential(`${provider}.${key}`), value, 'domain')
    }
  }
  for (const name of answers.services === undefined ? [] : services)
    put(field.service(name), answers.services?.includes(name) ? 'yes' : 'no', 'services')
  if (answers.plexClaim !== undefined) {
    put('plex', answers.plexClaim === null ? 'later' : 'claim', 'plexClaim')
    if (answers.plexClaim !== null) put('plex.claim', answers.plexClaim, 'plexClaim')
  }
  return form
}
