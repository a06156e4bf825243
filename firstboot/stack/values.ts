import type { Answers } from '../answers/answers.ts'
import type { Secret } from '../answers/secret.ts'

/** What stands behind `{{name}}` in a service of the catalogue, by name. */
export type Values = Readonly<Record<string, string | Secret>>

/** Every name that a service of the catalogue may use. The builder refuses others. */
export const valueNames: readonly string[] = [
  'user.uid',
  'user.gid',
  'timezone',
  'hostname',
  'domain.name',
  'domain.email',
  ...['sonarr', 'radarr', 'prowlarr', 'bazarr', 'jellyseerr'].map(name => `keys.${name}`),
]

/** The values that the answers give. Containers run as the first user, whose number is fixed. Pure. */
export const valuesOfAnswers = ({ timezone, hostname, domain }: Answers, uid: number): Values => ({
  'user.uid': String(uid),
  'user.gid': String(uid),
  timezone,
  hostname,
  'domain.name': domain?.name ?? '',
  'domain.email': domain?.email ?? '',
})

const USE = /\{\{\s*([A-Za-z][\w.-]*)\s*\}\}/g

/** The names that a text uses, in its order. Pure. */
export const namesIn = (text: string): string[] => [...text.matchAll(USE)].map(match => match[1] ?? '')

/** The name of a value in a compose file, where a dot is not allowed. Pure. */
export const variableOf = (name: string): string => name.replaceAll(/[^A-Za-z0-9]/g, '_').toUpperCase()

/** A text as compose reads it: a dollar stands for itself, and a value for its variable. Pure. */
export const toCompose = (text: string): string =>
  text.replaceAll('$', '$$$$').replaceAll(USE, (_, name: string) => `\${${variableOf(name)}}`)

/** The same for every text inside a value of JSON. Pure. */
export function toComposeDeep(value: unknown): unknown {
  if (typeof value === 'string') return toCompose(value)
  if (Array.isArray(value)) return value.map(toComposeDeep)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toComposeDeep(inner)]))
}
