import { chmod, chown, lstat, mkdir, readFile, rename } from 'node:fs/promises'
import { writeDurably } from '../apply/durable.ts'
import type { Site } from './change.ts'

/** A file that is rendered from the answers, and belongs to the appliance. */
export interface OwnFile {
  readonly path: string
  readonly text: string
  /** Default: everybody may read it. */
  readonly mode?: number
  readonly uid?: number
  readonly gid?: number
}

/** Whether every file is there with its text, permissions and owner. */
export async function filesAreThere(files: readonly OwnFile[], site: Site): Promise<boolean> {
  for (const file of files) {
    const path = site.path(file.path)
    const found = await lstat(path).catch(() => null)
    if (found === null || !found.isFile()) return false
    if ((found.mode & 0o777) !== (file.mode ?? 0o644)) return false
    if (found.uid !== (file.uid ?? 0) || found.gid !== (file.gid ?? 0)) return false
    if ((await readFile(path, 'utf8')) !== file.text) return false
  }
  return true
}

/** Writes files, each in one move. */
export async function writeFiles(files: readonly OwnFile[], site: Site): Promise<void> {
  for (const { path, text, mode = 0o644, ...owner } of files)
    await writeDurably(site.path(path), text, { mode, ...owner })
}

/**
 * Makes a folder with its owner if it is not there; one that is there stays as it is. It shows up with its owner or not at
 * all: a power cut between the two would leave one that nobody may write to.
 */
export async function makeFolder(path: string, { uid, gid, mode }: { uid: number; gid: number; mode: number }) {
  if ((await lstat(path).catch(() => null)) !== null) return
  const unfinished = `${path}.new`
  await mkdir(unfinished, { recursive: true })
  await chown(unfinished, uid, gid)
  await chmod(unfinished, mode)
  await rename(unfinished, path)
}
