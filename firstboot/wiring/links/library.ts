import type { Link, Look, Wires } from '../link.ts'
import { lookAtPage } from '../own-settings.ts'
import { rememberSeen, type Settings } from '../settle.ts'
import { loginLink } from './login.ts'

/** Sonarr and Radarr, and what each has of its own. */
interface Library {
  readonly service: 'sonarr' | 'radarr'
  readonly title: string
  readonly what: string
  /** The folder inside its container. */
  readonly folder: string
  readonly naming: Settings
  readonly unmonitor: string
}

// Names that Plex recognises, with the number in the Internet Movie Database where there is one.
const libraries: readonly Library[] = [
  {
    service: 'sonarr',
    title: 'Sonarr',
    what: 'series',
    folder: '/tv',
    naming: {
      renameEpisodes: true,
      replaceIllegalCharacters: true,
      standardEpisodeFormat:
        '{Series TitleYear} - S{season:00}E{episode:00} - {Episode CleanTitle} [{Quality Full}]{-Release Group}',
      dailyEpisodeFormat: '{Series TitleYear} - {Air-Date} - {Episode CleanTitle} [{Quality Full}]{-Release Group}',
      animeEpisodeFormat:
        '{Series TitleYear} - S{season:00}E{episode:00} - {absolute:000} - {Episode CleanTitle} [{Quality Full}]{-Release Group}',
      seriesFolderFormat: '{Series TitleYear} {imdb-{ImdbId}}',
      seasonFolderFormat: 'Season {season:00}',
      specialsFolderFormat: 'Specials',
    },
    unmonitor: 'autoUnmonitorPreviouslyDownloadedEpisodes',
  },
  {
    service: 'radarr',
    title: 'Radarr',
    what: 'films',
    folder: '/movies',
    naming: {
      renameMovies: true,
      replaceIllegalCharacters: true,
      standardMovieFormat:
        '{Movie CleanTitle} ({Release Year}) {imdb-{ImdbId}} {edition-{Edition Tags}} [{Quality Full}]{-Release Group}',
      movieFolderFormat: '{Movie CleanTitle} ({Release Year}) {imdb-{ImdbId}}',
    },
    unmonitor: 'autoUnmonitorPreviouslyDownloadedMovies',
  },
]

const MEBIBYTES_LEFT_FREE = 1024

const management = (unmonitor: string): Settings => ({
  [unmonitor]: true,
  deleteEmptyFolders: true,
  copyUsingHardlinks: true,
  importExtraFiles: true,
  extraFileExtensions: 'srt',
  minimumFreeSpaceWhenImporting: MEBIBYTES_LEFT_FREE,
})

async function lookAtFolder({ service, folder }: Library, wires: Wires): Promise<Look> {
  const list = '/api/v3/rootfolder'
  const api = wires.api(service)
  const prefix = `${service}/rootfolder${folder}`
  const folders = await api.get<readonly { path: string }[]>(list)
  if (folders.some(({ path }) => path.replace(/\/+$/, '') === folder)) {
    rememberSeen(prefix, { there: true }, wires.memory)
    return { writes: [], theirs: [] }
  }
  if (wires.memory.get(`${prefix}/there`) !== undefined) return { writes: [], theirs: ['removed'] }
  const send = async () => void (await api.send('POST', list, { json: { path: folder } }))
  return { writes: [{ send }], theirs: [] }
}

/** Its id, for links that come after it. */
export const folderLink = (service: 'sonarr' | 'radarr'): string => `${service}-folder`

/** Where series and films go, how they are named, and how they are kept. */
export const libraryLinks: readonly Link[] = libraries.flatMap((library): Link[] => {
  const { service, title, what } = library
  const common = { needs: [service], after: [loginLink(service)] }
  return [
    {
      ...common,
      id: folderLink(service),
      title: `${title}: where ${what} go`,
      look: async wires => await lookAtFolder(library, wires),
    },
    {
      ...common,
      id: `${service}-naming`,
      title: `${title}: how ${what} are named`,
      look: async wires => await lookAtPage(wires, service, '/api/v3/config/naming', library.naming),
    },
    {
      ...common,
      id: `${service}-management`,
      title: `${title}: how ${what} are kept`,
      look: async wires =>
        await lookAtPage(wires, service, '/api/v3/config/mediamanagement', management(library.unmonitor)),
    },
  ]
})
