import * as z from 'zod/mini'
import { didYouMean } from './nearest.ts'
import { type Position, positionOf, positionOfKey, type YamlText } from './yaml-text.ts'

/** One fault of a text: where it is, and what is wrong with the mend. */
export interface Fault {
  readonly position: Position
  readonly words: string
}

/** `show` repeats what is written, for programmers; `hide` never does, for files of everybody that may hold secrets. */
export type Quoting = 'show' | 'hide'

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly additionalProperties?: JsonSchema | boolean
  readonly anyOf?: readonly JsonSchema[]
}

const jsonSchemas = new WeakMap<z.core.$ZodType, JsonSchema>()

function jsonSchemaOf(schema: z.core.$ZodType): JsonSchema {
  const made = jsonSchemas.get(schema) ?? (z.toJSONSchema(schema, { io: 'input' }) as JsonSchema)
  jsonSchemas.set(schema, made)
  return made
}

// What may be left empty is a choice between its shape and null.
const shapeOf = (schema: JsonSchema | undefined): JsonSchema | undefined =>
  schema?.anyOf?.find(choice => choice.properties ?? choice.items ?? choice.additionalProperties) ?? schema

function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  let at = shapeOf(jsonSchemaOf(schema))
  for (const key of path) {
    const other = typeof at?.additionalProperties === 'object' ? at.additionalProperties : undefined
    at = shapeOf(typeof key === 'number' ? at?.items : (at?.properties?.[String(key)] ?? other))
  }
  return Object.keys(at?.properties ?? {})
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
}

function nameOf(path: readonly PropertyKey[]): string {
  const key = path.findLast(part => typeof part === 'string')
  return key === undefined ? '' : `"${key}": `
}

/** What is written, in words. */
function found(value: unknown, quoting: Quoting): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map of keys'
  if (quoting === 'hide') return `a ${typeof value === 'string' ? 'text' : typeof value}`
  if (typeof value === 'string') return `"${value}"`
  return typeof value === 'number' ? `the number ${value}` : JSON.stringify(value)
}

// For people who do not know YAML.
const MENDS: Readonly<Record<string, string>> = {
  string: '; write one value behind the colon',
  array: '; begin a line for each of them with "- "',
  object: '; give each key a line of its own below this one, two spaces further in',
  record: '; give each key a line of its own below this one, two spaces further in',
}

function expectation(issue: z.core.$ZodIssue, value: unknown, quoting: Quoting): string {
  const but = `, found ${found(value, quoting)}`
  if (issue.code === 'invalid_type')
    return `expected ${TYPES[issue.expected] ?? issue.expected}${but}${quoting === 'hide' ? (MENDS[issue.expected] ?? '') : ''}`
  if (issue.code === 'invalid_value') {
    const known = issue.values.map(String)
    const list = known.map(name => `"${name}"`).join(', ')
    if (known.length === 1) return `expected ${list}${but}`
    return `expected one of ${list}${quoting === 'hide' ? '' : but}${didYouMean(String(value), known)}`
  }
  if (issue.code === 'too_small') {
    return issue.origin === 'number' || issue.origin === 'int'
      ? `expected at least ${issue.minimum}${but}`
      : 'must not be empty'
  }
  if (issue.code === 'too_big') return `expected at most ${issue.maximum}${but}`
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.flat()[0]
    return inner === undefined ? issue.message : expectation(inner, value, quoting)
  }
  if (issue.code === 'invalid_key') {
    const message = issue.issues[0]?.message ?? 'not a valid key'
    return quoting === 'hide' ? message : `${message}, found "${String(issue.path.at(-1))}"`
  }
  return issue.message.startsWith('expected ') ? `${issue.message}${but}` : issue.message
}

/** Says that a key is not known: with the one that was meant, else with all that may stand there. */
function unknownKey(key: string, known: readonly string[], quoting: Quoting): string {
  const meant = didYouMean(key, known)
  if (quoting === 'show') return `unknown key "${key}"${meant}`
  if (meant !== '') return `unknown key${meant}`
  return `unknown key; here may stand ${known.map(name => `"${name}"`).join(', ')}`
}

function faultsOf(
  source: YamlText,
  schema: z.core.$ZodType,
  value: unknown,
  issue: z.core.$ZodIssue,
  quoting: Quoting,
): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path)
    return issue.keys.map(key => ({
      position: positionOfKey(source, issue.path, key),
      words: unknownKey(key, known, quoting),
    }))
  }
  const written = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  )
  if (written === undefined && issue.path.length > 0) {
    const position = positionOf(source, issue.path.slice(0, -1))
    return [{ position, words: `missing key "${String(issue.path.at(-1))}"` }]
  }
  const words = `${nameOf(issue.path)}${expectation(issue, written, quoting)}`
  return [{ position: positionOf(source, issue.path), words }]
}

/** What a schema found wrong with the value of a text, each with its place. */
export function schemaFaults(
  source: YamlText,
  schema: z.core.$ZodType,
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
  quoting: Quoting,
): Fault[] {
  return issues.flatMap(issue => faultsOf(source, schema, value, issue, quoting))
}
