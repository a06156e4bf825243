import { join } from 'node:path'
import type { CommandFunction } from '../cli.ts'
import { places } from '../places.ts'
import { generateSchemas } from '../recipe/json-schema.ts'
import { writeFileAtomically } from '../shared/files.ts'

/** `npm run schema`: writes the JSON Schemas that editors use from the schemas that the builder checks with. */
export const schema: CommandFunction = async () => {
  const { project } = places()
  for (const [file, text] of Object.entries(generateSchemas())) {
    await writeFileAtomically(join(project, file), text)
    process.stdout.write(`${file}\n`)
  }
  return 0
}
