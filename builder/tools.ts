import { realpath, readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { sha256 } from './shared/hash.ts'
import { exists } from './shared/files.ts'
import { UserError, UserErrors } from './shared/errors.ts'

const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** Where a program lies, looked for in the system's folders and in PATH. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of [...FOLDERS, ...(process.env['PATH'] ?? '').split(delimiter)]) {
    if (await exists(join(folder, name))) return join(folder, name)
  }
  return undefined
}

/**
 * Digests of the programs that shape a build's bytes, by name; throws one error that names all that are missing.
 * The program file itself stands for its version: it needs no process, and a rebuilt package is another program.
 */
export async function toolVersions<Name extends string>(names: readonly Name[]): Promise<Record<Name, string>> {
  const found = await Promise.all(
    names.map(async name => {
      const path = await findProgram(name)
      return path === undefined ? undefined : ([name, sha256(await readFile(await realpath(path)))] as const)
    }),
  )
  const missing = names.filter((_, index) => found[index] === undefined)
  if (missing.length > 0) {
    throw new UserErrors(
      missing.map(
        name =>
          new UserError(
            `The program ${name} is not installed.`,
            'Run "npm run doctor" to see everything that is missing.',
          ),
      ),
    )
  }
  return Object.fromEntries(found.filter(entry => entry !== undefined)) as Record<Name, string>
}
