import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Check } from './types.ts'

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/**
 * Optional packages that a lock of npm (version 3) wants and does not hold. "npm install" leaves out those of other
 * machines when node_modules is there already, and "npm ci" then refuses the whole lock on a fresh checkout.
 */
export function lackingOptionals(lockText: string): string[] {
  const { packages } = JSON.parse(lockText) as { packages: Record<string, LockedPackage> }
  const held = new Set(Object.keys(packages).map(path => path.slice(path.lastIndexOf('node_modules/') + 13)))
  const wanted = Object.values(packages).flatMap(entry => Object.keys(entry.optionalDependencies ?? {}))
  return [...new Set(wanted)].filter(name => !held.has(name)).sort()
}

export const npmLock: Check = {
  name: 'npm lock',
  mend: 'Write it anew with: rm -r node_modules package-lock.json && npm install --package-lock-only',
  look: async ({ project }) => {
    const lacking = lackingOptionals(await readFile(join(project, 'package-lock.json'), 'utf8'))
    return { faults: lacking.map(name => `package-lock.json does not hold ${name}, so "npm ci" refuses it`) }
  },
}
