import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Places } from './build.ts'

/** The project this code belongs to, and its store: `.build/` or the folder named by MEDIASERVER_STORE. */
export function places(env: NodeJS.ProcessEnv = process.env): Places {
  const project = dirname(dirname(fileURLToPath(import.meta.url)))
  return { project, store: resolve(env['MEDIASERVER_STORE'] ?? join(project, '.build')) }
}
