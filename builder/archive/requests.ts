import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChosenPackage } from '../recipe/packages.ts'
import type { Base } from '../recipe/schema.ts'
import { UserError } from '../shared/errors.ts'
import { exists } from '../shared/files.ts'
import { findProgram } from '../tools.ts'
import type { LockFiles } from './choose-lock.ts'
import { sourceLines } from './mirrors.ts'
import type { ResolveOptions } from './resolve.ts'

/** Root builds as root; everybody else in a user namespace. */
export function buildMode(): 'root' | 'unshare' {
  return process.getuid?.() === 0 ? 'root' : 'unshare'
}

/** Where the locks of a project lie. */
export function lockFiles(project: string, store: string): LockFiles {
  return { committed: join(project, 'image/appliance.lock.yaml'), local: join(store, 'lock.yaml') }
}

/** What to ask the archive of a base for; throws `UserError` when its keys are not on this machine. */
export async function resolveOptions(
  base: Base,
  chosen: readonly ChosenPackage[],
  override?: string,
): Promise<ResolveOptions> {
  if (!(await exists(base.keyring))) {
    throw new UserError(
      `The keys of the archive of ${base.title} are not on this machine (${base.keyring}).`,
      'Run "npm run doctor" for the package that brings them.',
    )
  }
  const mmdebstrap = await findProgram('mmdebstrap')
  const mirror = sourceLines(base, mmdebstrap === undefined ? '' : await readFile(mmdebstrap, 'utf8'), override)
  return {
    title: base.title,
    request: { suite: base.suite, components: base.components, packages: chosen.map(entry => entry.name) },
    mode: buildMode(),
    keyring: base.keyring,
    ...(mirror === undefined ? {} : { mirror }),
  }
}
