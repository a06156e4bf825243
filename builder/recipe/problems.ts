import type { z } from 'zod'
import { schemaFaults } from '../../firstboot/text/schema-faults.ts'
import type { Position } from '../../firstboot/text/yaml-text.ts'
import { UserError } from '../shared/errors.ts'
import type { YamlFile } from './yaml-file.ts'

/** One fault with its place, in the form that editors make a link of. */
export function problem(file: string, position: Position, text: string): UserError {
  return new UserError(`${file}:${position.line}:${position.col}: ${text}`)
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
  return {
    problems: schemaFaults(source, schema, value, result.error.issues, 'show').map(fault =>
      problem(source.file, fault.position, fault.words),
    ),
  }
}
