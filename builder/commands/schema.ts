import { join } from 'node:path'
import type { CommandFunction } from './command.ts'
import { places } from '../places.ts'
import { generatedFiles } from '../generated.ts'
import { writeFileAtomically } from '../shared/files.ts'

/** `npm run schema`: writes what is generated from schemas: JSON Schemas for editors, the template of the answers. */
export const schema: CommandFunction = async () => {
  const { project } = places()
  for (const [file, text] of Object.entries(generatedFiles())) {
    await writeFileAtomically(join(project, file), text)
    process.stdout.write(`${file}\n`)
  }
  return 0
}
