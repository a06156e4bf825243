import { answersJsonSchema } from './answers/json-schema.ts'
import { answersTemplate } from './answers/template.ts'
import { generateSchemas } from './recipe/json-schema.ts'

/** Every committed file that is written by the program from its schemas: file path to file text. */
export function generatedFiles(): Record<string, string> {
  const schema = answersJsonSchema()
  return {
    ...generateSchemas(),
    'overlays/config/mediaserver.schema.json': `${JSON.stringify(schema, null, 2)}\n`,
    'overlays/config/mediaserver.yaml': answersTemplate(schema),
  }
}
