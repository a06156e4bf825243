import { optionalServices } from '../../firstboot/answers/rules/services.ts'
import { folderNames, hostFolder } from '../../firstboot/stack/folders.ts'
import { namesIn, valueNames } from '../../firstboot/stack/values.ts'
import { didYouMean } from '../../firstboot/text/nearest.ts'
import { positionOf } from '../../firstboot/text/yaml-text.ts'
import type { UserError } from '../shared/errors.ts'
import { problem } from './problems.ts'
import type { ServiceRecipe } from './service-schema.ts'
import type { YamlFile } from './yaml-file.ts'

/** A service that is correct in itself, and where it is written. */
export interface CheckedService {
  readonly source: YamlFile
  readonly value: ServiceRecipe
}

/** Faults between services, and names in them that point nowhere. */
export function serviceProblems(services: readonly CheckedService[]): UserError[] {
  const gates = services.filter(({ value }) => value.when === 'vpn' && value.network === 'own')
  return [
    ...services.flatMap(service => [
      ...unknownNames(service, services),
      ...gateProblems(service, gates),
      ...choiceProblems(service),
    ]),
    ...portClashes(services),
    ...circles(services),
  ]
}

function unknownNames({ source, value }: CheckedService, services: readonly CheckedService[]): UserError[] {
  const names = services.map(service => service.value.name)
  const at = (path: readonly PropertyKey[], words: string) => problem(source.file, positionOf(source, path), words)
  const problems: UserError[] = []
  for (const [index, other] of value.after.entries())
    if (!names.includes(other))
      problems.push(at(['after', index], `there is no service "${other}"${didYouMean(other, names)}`))
  for (const [index, { from }] of value.volumes.entries())
    if (hostFolder(from, 'user', value.name) === null)
      problems.push(at(['volumes', index, 'from'], `there is no folder "${from}"${didYouMean(from, folderNames)}`))
  const texts: [PropertyKey[], string][] = [
    ...Object.entries(value.environment).map(([key, text]): [PropertyKey[], string] => [['environment', key], text]),
    ...value.health.map((text, index): [PropertyKey[], string] => [['health', index], text]),
    [['options'], JSON.stringify(value.options)],
  ]
  for (const [path, text] of texts)
    for (const name of namesIn(text))
      if (!valueNames.includes(name))
        problems.push(at(path, `there is no value "${name}"${didYouMean(name, valueNames)}`))
  return problems
}

// Whoever goes through the VPN goes through the one container that is the VPN.
function gateProblems({ source, value }: CheckedService, gates: readonly CheckedService[]): UserError[] {
  if (value.network !== 'vpn') return []
  const [gate] = gates
  const at = (key: string, words: string) => [problem(source.file, positionOf(source, [key]), words)]
  if (gate === undefined || gates.length > 1)
    return at('network', `"network": vpn needs exactly one service with "when: vpn" and a network of its own`)
  if (!value.after.includes(gate.value.name))
    return at('after', `"after": must name ${gate.value.name}, whose network this service uses`)
  return []
}

// The wizard and the answers file offer these by name.
function choiceProblems({ source, value }: CheckedService): UserError[] {
  const offered = Object.hasOwn(optionalServices, value.name)
  if ((value.when === 'chosen') === offered) return []
  const words = offered
    ? `"when": expected chosen, for the questions offer ${value.name}`
    : `"when": chosen needs a line for ${value.name} in firstboot/answers/rules/services.ts`
  return [problem(source.file, positionOf(source, ['when']), words)]
}

function portClashes(services: readonly CheckedService[]): UserError[] {
  const owners = new Map<string, string>()
  const problems: UserError[] = []
  for (const { source, value } of services)
    for (const [index, { port, protocol }] of value.ports.entries()) {
      const key = `${port}/${protocol}`
      const owner = owners.get(key)
      if (owner === undefined) owners.set(key, value.name)
      else {
        const position = positionOf(source, ['ports', index, 'port'])
        problems.push(problem(source.file, position, `port ${key} is taken already, by ${owner}`))
      }
    }
  return problems
}

function circles(services: readonly CheckedService[]): UserError[] {
  const after = new Map(services.map(({ value }) => [value.name, value.after]))
  const reaches = (from: string, to: string, seen: Set<string>): boolean =>
    (after.get(from) ?? []).some(next => {
      if (next === to) return true
      if (seen.has(next)) return false
      seen.add(next)
      return reaches(next, to, seen)
    })
  return services
    .filter(({ value }) => reaches(value.name, value.name, new Set()))
    .map(({ source, value }) =>
      problem(source.file, positionOf(source, ['after']), `"after": ${value.name} would wait for itself`),
    )
}
