import { createHash } from 'node:crypto'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'

/**
 * What is remembered of one file on a disk that is kept: size in bytes, time of the last change, and a sample of it, which
 * is empty for most of very many files, and null where it could not be read.
 */
const FilmFile = z.object({ size: z.number(), changed: z.number(), sample: z.nullable(z.string()) })
type FilmFile = z.infer<typeof FilmFile>

/** All files of a disk by their path; null for a file or a folder that could not be looked at. */
export const FilmList = z.record(z.string(), z.nullable(FilmFile))
export type FilmList = z.infer<typeof FilmList>

const SAMPLE = 64 * 1024

// The first and the last part: whole films would take hours, and what a wrong write destroys are beginnings.
async function sampleOf(path: string, size: number): Promise<string> {
  const hash = createHash('sha256')
  await using file = await open(path, 'r')
  const buffer = Buffer.alloc(Math.min(SAMPLE, size))
  for (const at of size > SAMPLE ? [0, size - SAMPLE] : [0]) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
    hash.update(buffer.subarray(0, bytesRead))
  }
  return hash.digest('hex')
}

const isGone = (error: NodeJS.ErrnoException): boolean => error.code === 'ENOENT'

// Disks grow old, and Windows encrypts: what cannot be read keeps nobody from a set-up that leaves the disk as it is.
const unlessUnreadable = (error: NodeJS.ErrnoException): null => {
  if (isGone(error)) throw error
  return null
}

/** The files below a folder, and the folders among them that could not be opened. */
async function walk(root: string): Promise<{ readonly files: string[]; readonly shut: string[] }> {
  const files: string[] = []
  const shut: string[] = []
  const folders = [root]
  const unlessShut = (folder: string) => (error: NodeJS.ErrnoException) => {
    // A disk that cannot be looked at all is not one with a fault somewhere.
    if (folder === root) throw error
    // On a system that runs, people may delete what is being looked at.
    if (!isGone(error)) shut.push(folder)
    return []
  }
  // It grows while it is walked.
  for (const folder of folders)
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(unlessShut(folder))) {
      const path = join(folder, entry.name)
      if (entry.isFile()) files.push(path)
      if (entry.isDirectory()) folders.push(path)
    }
  return { files: files.sort(), shut }
}

async function lookAtFile(path: string, sampled: boolean): Promise<FilmFile | null> {
  const found = await stat(path).catch(unlessUnreadable)
  if (found === null) return null
  const { size, mtimeMs } = found
  return {
    size,
    changed: Math.floor(mtimeMs),
    sample: sampled ? await sampleOf(path, size).catch(unlessUnreadable) : '',
  }
}

/** Looks at every file below a folder; up to `samples` of them are also read in part. Changes nothing. */
export async function listFilms(root: string, samples: number, onFile: (count: number) => void): Promise<FilmList> {
  const { files, shut } = await walk(root)
  const nameOf = (path: string) => path.slice(root.length + 1)
  const list: FilmList = Object.fromEntries(shut.map(path => [nameOf(path), null]))
  const every = Math.max(1, Math.ceil(files.length / samples))
  for (const [index, path] of files.entries()) {
    const film = await lookAtFile(path, index % every === 0).catch((error: NodeJS.ErrnoException) => {
      if (isGone(error)) return undefined
      throw error
    })
    if (film !== undefined) list[nameOf(path)] = film
    onFile(index + 1)
  }
  return list
}

/** Whether a file, or a folder above it, could not be looked at. Pure. */
function isHidden(path: string, list: FilmList): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1))
    if (list[path.slice(0, end)] === null) return true
  return false
}

/** The files that could be looked at then and now, or are gone. Pure. */
export const comparedFilms = (before: FilmList, after: FilmList): string[] =>
  Object.keys(before).filter(path => before[path] !== null && !isHidden(path, after))

/** The files that are gone or different; new ones do not matter. Pure. */
export function lostFilms(before: FilmList, after: FilmList): string[] {
  return comparedFilms(before, after).flatMap(path => {
    const [was, is] = [before[path], after[path]]
    if (!was || !is) return [`${path} is gone`]
    if (is.size !== was.size || is.changed !== was.changed) return [`${path} has changed`]
    // What cannot be read, before or now, is the disk's doing: a write of ours would be readable.
    return was.sample && is.sample && is.sample !== was.sample ? [`${path} has other contents`] : []
  })
}

/** The files that can be looked at. Pure. */
export const knownFilms = (list: FilmList): string[] => Object.keys(list).filter(path => list[path] !== null)

/** The files and folders of which not all that is wanted could be read. Pure. */
export const unreadableFilms = (list: FilmList): string[] =>
  Object.keys(list).filter(path => list[path] === null || list[path]?.sample === null)
