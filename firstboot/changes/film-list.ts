import { createHash } from 'node:crypto'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'

/** What is remembered of one file on a disk that is kept: size in bytes, time of the last change, and a sample of it. */
export const FilmFile = z.object({ size: z.number(), changed: z.number(), sample: z.string() })
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

/** Looks at every file below a folder; up to `samples` of them are also read in part. Changes nothing. */
export async function listFilms(root: string, samples: number, onFile: (count: number) => void): Promise<FilmList> {
  const list: FilmList = {}
  const paths = (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
  const every = Math.max(1, Math.ceil(paths.length / samples))
  for (const [index, path] of paths.entries()) {
    const { size, mtimeMs } = await stat(join(root, path))
    const sample = index % every === 0 ? await sampleOf(join(root, path), size) : ''
    list[path] = { size, changed: Math.floor(mtimeMs), sample }
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
    const sampled = was.sample !== '' && is.sample !== ''
    return sampled && is.sample !== was.sample ? [`${path} has other contents`] : []
  })
}
