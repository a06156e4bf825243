import { createHash } from 'node:crypto'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'

/**
 * What is remembered of one file on a disk that is kept: size in bytes, time of the last change, and a sample of it, which
 * is empty for most of very many files, and null where the disk could not read it.
 */
export const FilmFile = z.object({ size: z.number(), changed: z.number(), sample: z.nullable(z.string()) })
export type FilmFile = z.infer<typeof FilmFile>

/** All files of a disk by their path. */
export const FilmList = z.record(z.string(), FilmFile)
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

// Disks grow old: one bad sector shall not keep anybody from a set-up that leaves the disk as it is.
const unlessUnreadable = (error: NodeJS.ErrnoException): null => {
  if (error.code === 'EIO') return null
  throw error
}

// On a system that runs, people may delete what is being looked at.
const unlessGone = <T>(error: NodeJS.ErrnoException, instead: T): T => {
  if (error.code === 'ENOENT') return instead
  throw error
}

async function filesBelow(root: string): Promise<string[]> {
  const found: string[] = []
  const folders = [root]
  // It grows while it is walked.
  for (const folder of folders) {
    const reading = readdir(folder, { withFileTypes: true })
    for (const entry of folder === root ? await reading : await reading.catch(error => unlessGone(error, []))) {
      const path = join(folder, entry.name)
      if (entry.isFile()) found.push(path)
      if (entry.isDirectory()) folders.push(path)
    }
  }
  return found.sort()
}

async function lookAtFile(path: string, sampled: boolean): Promise<FilmFile> {
  const { size, mtimeMs } = await stat(path)
  return {
    size,
    changed: Math.floor(mtimeMs),
    sample: sampled ? await sampleOf(path, size).catch(unlessUnreadable) : '',
  }
}

/** Looks at every file below a folder; up to `samples` of them are also read in part. Changes nothing. */
export async function listFilms(root: string, samples: number, onFile: (count: number) => void): Promise<FilmList> {
  const list: FilmList = {}
  const paths = await filesBelow(root)
  const every = Math.max(1, Math.ceil(paths.length / samples))
  for (const [index, path] of paths.entries()) {
    const film = await lookAtFile(path, index % every === 0).catch(error => unlessGone(error, null))
    if (film !== null) list[path.slice(root.length + 1)] = film
    onFile(index + 1)
  }
  return list
}

/** The files that are gone or different; new ones do not matter. Pure. */
export function lostFilms(before: FilmList, after: FilmList): string[] {
  return Object.entries(before).flatMap(([path, was]) => {
    const is = after[path]
    if (is === undefined) return [`${path} is gone`]
    if (is.size !== was.size || is.changed !== was.changed) return [`${path} has changed`]
    // What cannot be read, before or now, is the disk's doing: a write of ours would be readable.
    return was.sample && is.sample && is.sample !== was.sample ? [`${path} has other contents`] : []
  })
}

/** The files of which the disk could not read a sample. Pure. */
export const unreadableFilms = (list: FilmList): string[] =>
  Object.keys(list).filter(path => list[path]?.sample === null)
