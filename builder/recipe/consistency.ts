import type { z } from 'zod'
import { didYouMean } from '../../firstboot/text/nearest.ts'
import { positionOf, positionOfKey } from '../../firstboot/text/yaml-text.ts'
import type { UserError } from '../shared/errors.ts'
import { problem } from './problems.ts'
import { nameFor } from './packages.ts'
import type { applianceSchema, Base, baseSchema, packageGroupSchema } from './schema.ts'
import type { CheckedService } from './service-consistency.ts'
import type { YamlFile } from './yaml-file.ts'

interface Checked<Schema extends z.ZodType> {
  readonly source: YamlFile
  readonly value: z.output<Schema>
}

/** The files of a recipe, each correct in itself. */
export interface Sources {
  readonly appliance: Checked<typeof applianceSchema> | undefined
  readonly bases: readonly Checked<typeof baseSchema>[]
  readonly groups: readonly Checked<typeof packageGroupSchema>[]
  readonly services: readonly CheckedService[]
}

function stem(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1, -'.yaml'.length)
}

/** Faults between files: names that point nowhere, and packages that are named twice. */
export function consistencyProblems({ appliance, bases, groups, services }: Sources): UserError[] {
  const problems: UserError[] = []
  const ids = bases.map(({ value }) => value.id)
  const unknown = (source: YamlFile, position: ReturnType<typeof positionOf>, id: string, known: readonly string[]) => {
    if (!known.includes(id))
      problems.push(problem(source.file, position, `there is no base "${id}"${didYouMean(id, known)}`))
  }
  if (appliance !== undefined) {
    unknown(appliance.source, positionOf(appliance.source, ['defaultBase']), appliance.value.defaultBase, ids)
  }
  for (const { source, key, name } of [
    ...bases.map(base => ({ source: base.source, key: 'id', name: base.value.id })),
    ...groups.map(group => ({ source: group.source, key: 'group', name: group.value.group })),
    ...services.map(service => ({ source: service.source, key: 'name', name: service.value.name })),
  ]) {
    const wanted = stem(source.file)
    if (name !== wanted)
      problems.push(
        problem(
          source.file,
          positionOf(source, [key]),
          `"${key}": expected "${wanted}" as the file is named, found "${name}"`,
        ),
      )
  }
  const selectors = [...ids, 'debian', 'ubuntu']
  for (const { source, value } of groups) {
    for (const [index, entry] of value.packages.entries()) {
      const path = ['packages', index] as const
      entry.only?.forEach((id, at) => unknown(source, positionOf(source, [...path, 'only', at]), id, selectors))
      for (const id of Object.keys(entry.names ?? {}))
        unknown(source, positionOfKey(source, [...path, 'names'], id), id, selectors)
    }
  }
  for (const { value: base } of bases) problems.push(...duplicates(base, groups))
  return uniqueByMessage(problems)
}

function duplicates(base: Base, groups: Sources['groups']): UserError[] {
  const seen = new Map([
    [base.kernel.package, `image/bases/${base.id}.yaml`],
    [base.initrd.package, `image/bases/${base.id}.yaml`],
  ])
  const problems: UserError[] = []
  for (const { source, value } of groups) {
    for (const [index, entry] of value.packages.entries()) {
      const name = nameFor(entry, base)
      if (name === undefined) continue
      const position = positionOf(source, ['packages', index, 'name'])
      const before = seen.get(name)
      if (before !== undefined)
        problems.push(problem(source.file, position, `package "${name}" is named already, in ${before}`))
      else seen.set(name, `${source.file}:${position.line}`)
    }
  }
  return problems
}

function uniqueByMessage(problems: readonly UserError[]): UserError[] {
  return [...new Map(problems.map(error => [error.message, error])).values()]
}
