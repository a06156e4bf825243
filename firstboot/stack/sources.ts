import { readFile } from 'node:fs/promises'
import type { Site } from '../changes/change.ts'
import type { OwnFile } from '../changes/files.ts'
import { USER_ID } from '../changes/user.ts'
import type { Catalogue } from './catalogue.ts'
import { hashPassword } from '../domain/password-hash.ts'
import { domainSeeds } from '../domain/seeds.ts'
import { wiringSeeds } from '../wiring/seed-source.ts'
import { configsFolder } from './folders.ts'
import { parseStackKeys, type StackKeys, stackKeysPath } from './keys.ts'
import { type Values, valuesOfAnswers } from './values.ts'

/** A file that a service begins with; written only where there is none, so that what people change stays. */
export type SeedFile = OwnFile

/** What the files of the stack are made from besides the catalogue. */
export interface StackSource {
  /** Values for `{{name}}`, by name. */
  readonly values?: (site: Site) => Promise<Values>
  /** Files that services begin with. */
  readonly seeds?: (site: Site, services: Catalogue) => Promise<readonly SeedFile[]>
}

const keysOf = async (site: Site): Promise<StackKeys | null> =>
  parseStackKeys(await readFile(site.path(stackKeysPath), 'utf8').catch(() => ''))

/** API keys, as they were made up once. */
async function apiKeys(site: Site): Promise<Values> {
  const keys = await keysOf(site)
  return Object.fromEntries(Object.entries(keys?.apiKeys ?? {}).map(([service, key]) => [`keys.${service}`, key]))
}

/** What is open under an own domain, and who is asked for a password there. */
async function seedsOfDomain(site: Site): Promise<readonly SeedFile[]> {
  const { domain, services, user } = site.answers
  const login = (await keysOf(site))?.logins.domain
  if (domain === null || login === undefined) return []
  const hash = await hashPassword(login.password, site)
  return domainSeeds({ domain, services, configFolder: configsFolder(user), login: { user: login.user, hash } })
}

/** Everything that has a say in the files of the stack: one line each. */
const sources: readonly StackSource[] = [
  { values: async site => valuesOfAnswers(site.answers, USER_ID) },
  { values: apiKeys },
  { seeds: wiringSeeds },
  { seeds: seedsOfDomain },
]

/** The values of all sources. */
export async function stackValues(site: Site): Promise<Values> {
  const all = await Promise.all(sources.map(async source => (await source.values?.(site)) ?? {}))
  return Object.assign({}, ...all) as Values
}

/** The seeds of all sources. */
export async function stackSeeds(site: Site, services: Catalogue): Promise<readonly SeedFile[]> {
  return (await Promise.all(sources.map(async source => (await source.seeds?.(site, services)) ?? []))).flat()
}
