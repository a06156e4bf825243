import * as z from 'zod/mini'
import { firstBootPath } from '../apply/places.ts'
import { defineChange } from './change.ts'
import { filesAreThere, type OwnFile, writeFiles } from './files.ts'

const files: readonly OwnFile[] = [
  { path: firstBootPath, text: 'The services are set up when this system starts for the first time.\n', mode: 0o600 },
]

/** Hands over to the new system: when it starts, it brings up what only a running system can. */
export const firstBoot = defineChange<object>({
  id: 'first-boot',
  where: 'target',
  parse: params => z.strictObject({}).parse(params),
  check: async (_, site) =>
    (await filesAreThere(files, site)) ? 'the services come up when the machine starts again' : null,
  apply: async (_, site) => await writeFiles(files, site),
})
