import { answersJsonSchema } from './answers/json-schema.ts'
import { answersTemplate } from './answers/template.ts'
import { renderGucTable } from '../firstboot/graphics/guc.ts'
import { generateSchemas } from './recipe/json-schema.ts'

/** Every committed file that is written by the program from its schemas and tables: file path to file text. */
export function generatedFiles(): Record<string, string> {
  const schema = answersJsonSchema()
  return {
    ...generateSchemas(),
    'overlays/config/mediaserver.schema.json': `${JSON.stringify(schema, null, 2)}\n`,
    'overlays/config/mediaserver.yaml': answersTemplate(schema),
    'overlays/firstboot/usr/lib/mediaserver/enable-guc.tsv': renderGucTable(),
  }
}
