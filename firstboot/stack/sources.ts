import { readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import { Secret } from '../answers/secret.ts'
import type { Site } from '../changes/change.ts'
import type { OwnFile } from '../changes/files.ts'
import { USER_ID } from '../changes/user.ts'
import type { Catalogue } from './catalogue.ts'
import { wiringSeeds } from '../wiring/seed-source.ts'
import { stackKeysPath } from './keys.ts'
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

const Keys = z.object({ apiKeys: z.record(z.string(), z.string()) })

/** API keys, as they were made up once. */
async function apiKeys(site: Site): Promise<Values> {
  const text = await readFile(site.path(stackKeysPath), 'utf8').catch(() => null)
  if (text === null) return {}
  const { apiKeys: keys } = Keys.parse(JSON.parse(text))
  return Object.fromEntries(Object.entries(keys).map(([service, key]) => [`keys.${service}`, new Secret(key)]))
}

/** Everything that has a say in the files of the stack: one line each. */
const sources: readonly StackSource[] = [
  { values: async site => valuesOfAnswers(site.answers, USER_ID) },
  { values: apiKeys },
  { seeds: wiringSeeds },
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
