import { readdir } from 'node:fs/promises'

/** Folders on film disks whose names say what is in them. */
export interface FilmFolders {
  readonly movies: readonly string[]
  readonly shows: readonly string[]
}

/** Nothing was found, or nobody has looked. */
export const noFilmFolders: FilmFolders = { movies: [], shows: [] }

// As people call them in the languages of the set-up, without accents, blanks and signs.
const MOVIES = 'movies movie films film filme filmer filmy filmes spielfilme peliculas pelis cine elokuvat'.split(' ')
const SHOWS = 'tv tvshows tvseries shows series serie serien serier seriale seriaali sarjat televisio'.split(' ')
// What others keep such folders in; one level of these is looked through.
const AROUND = 'media video videos plex multimedia'.split(' ')

const plain = (name: string): string =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')

/** Our own folders have libraries anyway. */
const isOurs = (path: string): boolean => /^\/data\/media\/(?:movies|tv|homevideo)$/.test(path)

/**
 * The folders below the places of film disks that hold films or series by their names, at the top or in one that is made
 * for such. `at` says where a path of the system is found.
 */
export async function findFilmFolders(
  places: readonly string[],
  at: (path: string) => string = path => path,
): Promise<FilmFolders> {
  const movies: string[] = []
  const shows: string[] = []
  const look = async (folder: string, deeper: boolean): Promise<void> => {
    for (const name of await foldersIn(at(folder))) {
      const path = `${folder}/${name}`
      if (isOurs(path)) continue
      if (MOVIES.includes(plain(name))) movies.push(path)
      else if (SHOWS.includes(plain(name))) shows.push(path)
      else if (deeper && AROUND.includes(plain(name))) await look(path, false)
    }
  }
  for (const place of places) await look(place, true)
  return { movies, shows }
}

// What cannot be read by us cannot be played either.
const foldersIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort()
}
