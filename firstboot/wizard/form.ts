import type { Source } from '../answers/answers.ts'
import { Secret } from '../answers/secret.ts'

/**
 * What was typed and chosen, field by field, also what is not a valid answer yet: nothing that a person typed is lost.
 * Fields are named by `field` below. Secrets are kept apart, so that no printing of a form can show one.
 */
export interface Form {
  readonly texts: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, Secret>>
  /** Where each value came from; a field that is missing here has its usual value. */
  readonly sources: Readonly<Record<string, Source>>
}

/** The names of fields that depend on a disk, a provider or a service. */
export const field = {
  media: (disk: string): string => `media:${disk}`,
  credential: (name: string): string => `domain.credential:${name}`,
  service: (name: string): string => `service:${name}`,
} as const

const secretFields = ['wifi.password', 'vpn.token', 'vpn.key', 'plex.claim']

/** True for fields whose value must not be seen. */
export const isSecret = (name: string): boolean => secretFields.includes(name) || name.startsWith('domain.credential:')

/** The form before anybody answered: usual values, and nothing where there is no usual one. */
export const usualForm: Form = {
  texts: {
    language: 'en_US.UTF-8',
    keyboard: 'us',
    timezone: 'Etc/UTC',
    network: 'dhcp',
    wifi: 'no',
    hostname: 'mediaserver',
    user: 'media',
    domain: 'no',
    plex: 'later',
  },
  secrets: {},
  sources: {},
}

/** The value of a field as it was typed; empty when there is none. The only place where the screens see a secret. */
export const valueOf = (form: Form, name: string): string =>
  isSecret(name) ? (form.secrets[name]?.reveal() ?? '') : (form.texts[name] ?? '')

/** The form with another value in one field. */
export function withValue(form: Form, name: string, value: string, source: Source): Form {
  const sources = { ...form.sources, [name]: source }
  return isSecret(name)
    ? { ...form, sources, secrets: { ...form.secrets, [name]: new Secret(value) } }
    : { ...form, sources, texts: { ...form.texts, [name]: value } }
}

/** Where the value of a field came from. */
export const sourceOf = (form: Form, name: string): Source => form.sources[name] ?? 'default'

/** The SSH keys that were taken so far, one line each. */
export const sshKeysOf = (form: Form): string[] => valueOf(form, 'sshKeys').split('\n').filter(Boolean)

/** The disks that have a use for films, as `[identity, use]`. */
export const mediaOf = (form: Form): [disk: string, use: string][] =>
  Object.entries(form.texts).flatMap(([name, use]) =>
    name.startsWith('media:') && use !== '' ? [[name.slice('media:'.length), use] as [string, string]] : [],
  )
