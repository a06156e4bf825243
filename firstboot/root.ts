import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** A view on a file system tree that gives null or nothing instead of throwing: every fact of a machine may be absent. */
export interface Root {
  /** The folder that stands for `/`; empty on the machine itself. */
  readonly prefix: string
  /** A text file, or null. */
  text(path: string): string | null
  /** A binary file, or null. */
  bytes(path: string): Uint8Array | null
  /** The names in a folder, sorted. */
  list(path: string): readonly string[]
  /** Where a link points to, or null. */
  link(path: string): string | null
}

/** Opens the tree below `prefix`. Tests and development give a recorded tree. */
export function openRoot(prefix: string): Root {
  const at = (path: string) => (prefix ? join(prefix, path) : path)
  const orNull = <T>(read: () => T): T | null => {
    try {
      return read()
    } catch {
      return null
    }
  }
  return {
    prefix,
    text: path => orNull(() => readFileSync(at(path), 'utf8')),
    bytes: path => orNull(() => readFileSync(at(path))),
    list: path => orNull(() => readdirSync(at(path)).sort()) ?? [],
    link: path => orNull(() => readlinkSync(at(path))),
  }
}
