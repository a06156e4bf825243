import { z } from 'zod'
import { mayBeNone } from '../../firstboot/answers/from-tree.ts'
import { AnswersFile } from '../../firstboot/answers/schema.ts'

/** The parts of a JSON schema that the answers file needs. */
export interface AnswersJsonSchema {
  readonly type?: string
  readonly description?: string
  readonly examples?: readonly (string | boolean)[]
  readonly properties?: Readonly<Record<string, AnswersJsonSchema>>
  readonly items?: AnswersJsonSchema
  readonly anyOf?: readonly AnswersJsonSchema[]
  readonly const?: string
}

/** What editors check `mediaserver.yaml` with. */
export function answersJsonSchema(): AnswersJsonSchema {
  const schema = z.toJSONSchema(AnswersFile, {
    io: 'input',
    override: ({ jsonSchema }) => {
      // Every value is a text to our reader; to an editor, true is none.
      if (jsonSchema.enum?.join() !== 'true,false') return
      delete jsonSchema.enum
      jsonSchema.type = 'boolean'
    },
  }) as AnswersJsonSchema
  const properties = Object.entries(schema.properties ?? {}).map(([key, property]) => [
    key,
    property.anyOf !== undefined && (mayBeNone as readonly string[]).includes(key)
      ? { ...property, anyOf: [...property.anyOf, { const: 'none' }] }
      : property,
  ])
  return { ...schema, properties: Object.fromEntries(properties) as AnswersJsonSchema['properties'] & object }
}
