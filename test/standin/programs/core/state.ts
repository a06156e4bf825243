import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** What a program knows, kept in one file so that it is there again after a restart. */
export interface State<T> {
  readonly value: T
  save(): void
}

/** Opens such a file, or begins with `first`; members that a newer version has besides come from there too. */
export function openState<T extends object>(path: string, first: T): State<T> {
  let value = first
  try {
    value = { ...first, ...(JSON.parse(readFileSync(path, 'utf8')) as Partial<T>) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return {
    value,
    save() {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(`${path}.new`, JSON.stringify(value, null, 2), { mode: 0o600 })
      renameSync(`${path}.new`, path)
    },
  }
}
