import { z } from 'zod'
import { LockFile } from '../archive/lock.ts'
import { applianceSchema, baseSchema, packageGroupSchema } from './schema.ts'
import { serviceSchema } from './service-schema.ts'

const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  'image/schema/appliance.schema.json': applianceSchema,
  'image/schema/base.schema.json': baseSchema,
  'image/schema/packages.schema.json': packageGroupSchema,
  'image/schema/service.schema.json': serviceSchema,
  'image/schema/lock.schema.json': LockFile,
}

/** The JSON schemas that editors check the recipe with: file path to file text. */
export function generateSchemas(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(SCHEMAS).map(([file, schema]) => [
      file,
      `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`,
    ]),
  )
}
