import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { didYouMean } from '../../firstboot/text/nearest.ts'
import { positionOf } from '../../firstboot/text/yaml-text.ts'
import { UserError, UserErrors } from '../shared/errors.ts'
import { consistencyProblems, type Sources } from './consistency.ts'
import { checkYaml } from './problems.ts'
import { applianceSchema, baseSchema, packageGroupSchema, type Base, type Recipe } from './schema.ts'
import { serviceProblems } from './service-consistency.ts'
import { serviceSchema } from './service-schema.ts'
import { readYaml, type YamlFile } from './yaml-file.ts'

async function yamlFilesIn(root: string, folder: string): Promise<string[]> {
  const names = await readdir(join(root, folder)).catch(() => [])
  return names
    .filter(name => name.endsWith('.yaml'))
    .sort()
    .map(name => `${folder}/${name}`)
}

/** Reads the whole recipe below `<root>/image`; every fault of every file is in the one error that it throws. */
export async function loadRecipe(root: string): Promise<Recipe> {
  const problems: UserError[] = []

  async function read<Schema extends z.ZodType>(
    file: string,
    schema: Schema,
  ): Promise<{ source: YamlFile; value: z.output<Schema> } | undefined> {
    const source = await readYaml(root, file).catch((error: NodeJS.ErrnoException) => {
      problems.push(
        new UserError(
          `${file}: cannot be read: ${error.code === 'ENOENT' ? 'the file does not exist' : error.message}`,
        ),
      )
    })
    if (source === undefined) return undefined
    const checked = checkYaml(source, schema)
    if ('value' in checked) return { source, value: checked.value }
    problems.push(...checked.problems)
    return undefined
  }

  async function readAll<Schema extends z.ZodType>(folder: string, schema: Schema) {
    const files = await yamlFilesIn(root, folder)
    if (files.length === 0) problems.push(new UserError(`${folder}: has no .yaml file`))
    const read_ = await Promise.all(files.map(file => read(file, schema)))
    return read_.filter(entry => entry !== undefined)
  }

  const appliance = await read('image/appliance.yaml', applianceSchema)
  const bases = await readAll('image/bases', baseSchema)
  const groups = await readAll('image/packages', packageGroupSchema)
  const services = await readAll('image/services', serviceSchema)
  const sources: Sources = { appliance, bases, groups, services }
  // Names are compared across files only when every file could be read: else one fault would be told many times.
  if (problems.length === 0) problems.push(...consistencyProblems(sources), ...serviceProblems(services))
  if (problems.length > 0 || appliance === undefined) throw new UserErrors(problems)

  return {
    appliance: appliance.value,
    bases: Object.fromEntries(bases.map(({ value }) => [value.id, value])),
    packageGroups: groups.map(({ source, value }) => ({
      ...value,
      file: source.file,
      packages: value.packages.map((entry, index) => ({
        ...entry,
        file: source.file,
        line: positionOf(source, ['packages', index]).line,
      })),
    })),
    services: services.map(({ value }) => value),
  }
}

/** The base with an id; without an id, the product's default. Throws a `UserError` that names the known ones. */
export function findBase(recipe: Pick<Recipe, 'appliance' | 'bases'>, id: string = recipe.appliance.defaultBase): Base {
  const base = Object.hasOwn(recipe.bases, id) ? recipe.bases[id] : undefined
  if (base !== undefined) return base
  const known = Object.keys(recipe.bases)
  const meant = didYouMean(id, known)
  throw new UserError(`There is no base "${id}"${meant === '' ? '.' : meant}`, `Known bases: ${known.join(', ')}.`)
}
