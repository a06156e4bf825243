import { type FilmFolders, noFilmFolders } from './film-folders.ts'

/** One library of the running server. */
export interface ServerLibrary {
  readonly key: string
  readonly title: string
  readonly folders: readonly string[]
}

/** What is asked of the server for a new library. */
export interface LibraryRequest {
  readonly name: string
  readonly type: 'movie' | 'show'
  readonly agent: string
  readonly scanner: string
  readonly language: string
  /** Folders; the first is our own. */
  readonly locations: readonly string[]
}

/** One library as it shall be, with the ways to ask for it: the first that the server takes is right. */
export interface LibraryWish {
  readonly folder: string
  readonly requests: readonly LibraryRequest[]
}

/** Language as Plex names it, from a locale as in `de_DE.UTF-8`. */
export const plexLanguage = (locale: string): string =>
  /^([a-z]{2,3})_([A-Z]{2})/.exec(locale)?.slice(1).join('-') ?? 'en-US'

/** The three libraries of the media server; those of movies and series have the folders of kept disks as well. Pure. */
export function libraryWishes(locale: string, found: FilmFolders = noFilmFolders): readonly LibraryWish[] {
  const language = plexLanguage(locale)
  const wish = (
    folder: string,
    name: string,
    type: 'movie' | 'show',
    ways: readonly (readonly [agent: string, scanner: string])[],
    others: readonly string[] = [],
  ): LibraryWish => ({
    folder,
    // A folder that Plex does not take, because it may not read it, keeps nobody from having the library.
    requests: [...(others.length === 0 ? [] : [[folder, ...others]]), [folder]].flatMap(locations =>
      ways.map(([agent, scanner]) => ({ name, type, agent, scanner, language, locations })),
    ),
  })
  return [
    wish('/data/media/movies', 'Movies', 'movie', [['tv.plex.agents.movie', 'Plex Movie']], found.movies),
    wish('/data/media/tv', 'TV Shows', 'show', [['tv.plex.agents.series', 'Plex TV Series']], found.shows),
    // Own films have no entry in any database. Versions of Plex disagree on what goes with that agent.
    wish('/data/media/homevideo', 'Home Videos', 'movie', [
      ['tv.plex.agents.none', 'Plex Video Files'],
      ['tv.plex.agents.none', 'Plex Movie'],
      ['com.plexapp.agents.none', 'Plex Video Files Scanner'],
    ]),
  ]
}

/** The libraries to make: not those that are there under any name, nor those that were made once and taken away. Pure. */
export function librariesToMake(
  wishes: readonly LibraryWish[],
  found: readonly ServerLibrary[],
  made: readonly string[],
): readonly LibraryWish[] {
  const tidy = (path: string) => path.replace(/\/+$/, '')
  const there = new Set(found.flatMap(library => library.folders.map(tidy)))
  return wishes.filter(({ folder }) => !there.has(folder) && !made.includes(folder))
}
