import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { run } from '../../builder/shared/run.ts'

const MEBIBYTE = 1024 * 1024
const START = MEBIBYTE

/** The files of somebody's film disk: some large ones, many small ones, and names that are hard to handle. */
function someFilms(): Record<string, Buffer> {
  const small = Array.from({ length: 150 }, (_, index) => [
    `tv/A Series/Season ${1 + (index % 5)}/episode ${index}.nfo`,
    randomBytes(index * 7),
  ])
  return {
    'movies/Metropolis (1927)/Metropolis (1927).mkv': randomBytes(12 * MEBIBYTE),
    'movies/Nosferatu (1922)/Nosferatu.mp4': randomBytes(5 * MEBIBYTE + 13),
    'movies/Das Cabinet des Dr. Caligari – ü, "quoted" & more/film.mkv': randomBytes(MEBIBYTE),
    'tv/empty.txt': Buffer.alloc(0),
    '.hidden/notes': Buffer.from('do not touch\n'),
    ...Object.fromEntries(small),
  }
}

/** A hash for each file below a folder, by its path. */
async function hashTree(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  const hashes = await Promise.all(
    files.map(async file => [
      file.slice(root.length + 1),
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    ]),
  )
  return Object.fromEntries(hashes)
}

/** A disk full of films in a file, as another computer left it: a GPT with one ext4. */
export interface FilmDisk {
  readonly path: string
  readonly uuid: string
  /** A hash for each file that was put on it. */
  readonly before: Readonly<Record<string, string>>
  /** The same for what is on it now; nothing is mounted for that. */
  now(): Promise<Record<string, string>>
}

/** Makes the disk as a sparse file. */
export async function makeFilmDisk(path: string, gibibytes: number): Promise<FilmDisk> {
  const folder = await mkdtemp(join(dirname(path), 'films-'))
  const tree = join(folder, 'tree')
  for (const [name, bytes] of Object.entries(someFilms())) {
    await mkdir(dirname(join(tree, name)), { recursive: true })
    await writeFile(join(tree, name), bytes)
  }
  const before = await hashTree(tree)
  await using file = await open(path, 'w')
  await file.truncate(gibibytes * 1024 * MEBIBYTE)
  const size = gibibytes * 1024 - 2
  await run({
    argv: ['sfdisk', '--quiet', path],
    input: `label: gpt\nstart=${START / 512}, size=${size * 2048}, name="media"\n`,
  })
  const uuid = '0f1a5c3e-7d2b-4c58-9a40-1b2c3d4e5f60'
  const options = `offset=${START},root_owner=1000:1000`
  const ext4 = ['-t', 'ext4', '-L', 'media', '-U', uuid, '-d', tree, '-E', options]
  await run({ argv: ['mke2fs', '-q', '-F', ...ext4, path, `${size}M`] })
  await rm(folder, { recursive: true })
  return {
    path,
    uuid,
    before,
    now: () => filmsOn(path),
  }
}

/** A hash for each file on a disk of films in a file; nothing is mounted for that. */
export async function filmsOn(path: string): Promise<Record<string, string>> {
  const out = await mkdtemp(join(dirname(path), 'films-now-'))
  try {
    await run({ argv: ['debugfs', '-R', `rdump / ${out}`, `${path}?offset=${START}`] })
    return await hashTree(out)
  } finally {
    await rm(out, { recursive: true, force: true })
  }
}
