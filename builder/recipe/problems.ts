import { z } from 'zod'
import { UserError } from '../shared/errors.ts'
import { didYouMean } from './nearest.ts'
import { positionOf, positionOfKey, type Position, type YamlFile } from './yaml-file.ts'

/** One fault with its place, in the form that editors make a link of. */
export function problem(file: string, position: Position, text: string): UserError {
  return new UserError(`${file}:${position.line}:${position.col}: ${text}`)
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly additionalProperties?: JsonSchema | boolean
}

function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: JsonSchema | undefined = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema
  for (const key of path) {
    const other: JsonSchema | undefined =
      typeof at?.additionalProperties === 'object' ? at.additionalProperties : undefined
    at = typeof key === 'number' ? at?.items : (at?.properties?.[String(key)] ?? other)
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
function found(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map of keys'
  if (typeof value === 'string') return `"${value}"`
  return typeof value === 'number' ? `the number ${value}` : JSON.stringify(value)
}

function expectation(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'invalid_type') return `expected ${TYPES[issue.expected] ?? issue.expected}, found ${found(value)}`
  if (issue.code === 'invalid_value') {
    const known = issue.values.map(String)
    const list = known.map(name => `"${name}"`).join(', ')
    if (known.length === 1) return `expected ${list}, found ${found(value)}`
    return `expected one of ${list}, found ${found(value)}${didYouMean(String(value), known)}`
  }
  if (issue.code === 'too_small') {
    return issue.origin === 'number' || issue.origin === 'int'
      ? `expected at least ${issue.minimum}, found ${found(value)}`
      : 'must not be empty'
  }
  if (issue.code === 'too_big') return `expected at most ${issue.maximum}, found ${found(value)}`
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.flat()[0]
    return inner === undefined ? issue.message : expectation(inner, value)
  }
  if (issue.code === 'invalid_key')
    return `${issue.issues[0]?.message ?? 'not a valid key'}, found "${String(issue.path.at(-1))}"`
  return issue.message.startsWith('expected ') ? `${issue.message}, found ${found(value)}` : issue.message
}

function describeIssue(source: YamlFile, schema: z.ZodType, value: unknown, issue: z.core.$ZodIssue): UserError[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path)
    return issue.keys.map(key =>
      problem(source.file, positionOfKey(source, issue.path, key), `unknown key "${key}"${didYouMean(key, known)}`),
    )
  }
  const written = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  )
  if (written === undefined && issue.path.length > 0) {
    const parent = issue.path.slice(0, -1)
    return [problem(source.file, positionOf(source, parent), `missing key "${String(issue.path.at(-1))}"`)]
  }
  return [problem(source.file, positionOf(source, issue.path), `${nameOf(issue.path)}${expectation(issue, written)}`)]
}

/** Checks a file against its schema: the value, or every fault of it with its place. */
export function checkYaml<Schema extends z.ZodType>(
  source: YamlFile,
  schema: Schema,
): { value: z.output<Schema> } | { problems: UserError[] } {
  const faults = [...source.document.errors, ...source.document.warnings]
  if (faults.length > 0)
    return { problems: faults.map(fault => problem(source.file, source.lines.linePos(fault.pos[0]), fault.message)) }
  const value: unknown = source.document.toJS()
  const result = schema.safeParse(value)
  if (result.success) return { value: result.data }
  return { problems: result.error.issues.flatMap(issue => describeIssue(source, schema, value, issue)) }
}
