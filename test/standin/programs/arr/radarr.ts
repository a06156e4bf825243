import type { Start } from '../core/environment.ts'
import { type Asked, type Answered, jsonOf, type Running, serve } from '../core/server.ts'
import { bare, type Film, films as known } from '../core/titles.ts'
import { bind, type Failure, invalid, malformed } from '../core/validation.ts'
import { addPage, openArr } from './app.ts'
import { addCommon, fileName, keptList, profiles } from './common.ts'
import { Downloads, type Event, type Queued, type Shelf, type Wanted } from './downloads.ts'
import { indexerTypes } from './indexers.ts'
import { plexType } from './plex.ts'
import { addProviders } from './providers.ts'
import { qbittorrentType } from './qbittorrent.ts'

interface Kept {
  readonly id: number
  readonly tmdbId: number
  title: string
  path: string
  qualityProfileId: number
  monitored: boolean
  minimumAvailability: string
  tags: number[]
  hasFile: boolean
  file: string
}

const COLONS = ['delete', 'dash', 'spaceDash', 'spaceDashSpace', 'smart']
const AVAILABILITIES = ['tba', 'announced', 'inCinemas', 'released', 'deleted']

const naming = {
  renameMovies: false,
  replaceIllegalCharacters: true,
  colonReplacementFormat: 'delete',
  standardMovieFormat: '{Movie Title} ({Release Year}) {Quality Full}',
  movieFolderFormat: '{Movie Title} ({Release Year})',
}

function namingFaults(value: Record<string, unknown>): Failure[] {
  const title = /\{Movie .*Title.*\}/i
  const failures: Failure[] = []
  for (const name of ['standardMovieFormat', 'movieFolderFormat'])
    if (!title.test(String(value[name] ?? '')))
      failures.push({
        propertyName: `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
        errorMessage: 'Must contain movie title',
      })
  if (!COLONS.includes(String(value['colonReplacementFormat'])))
    failures.push({ propertyName: '$.colonReplacementFormat', errorMessage: 'The JSON value could not be converted.' })
  return failures
}

const management = {
  autoUnmonitorPreviouslyDownloadedMovies: false,
  recycleBin: '',
  recycleBinCleanupDays: 7,
  downloadPropersAndRepacks: 'preferAndUpgrade',
  createEmptyMovieFolders: false,
  deleteEmptyFolders: false,
  fileDate: 'none',
  rescanAfterRefresh: 'always',
  autoRenameFolders: false,
  pathsDefaultStatic: false,
  setPermissionsLinux: false,
  chmodFolder: '755',
  chownGroup: '',
  skipFreeSpaceCheckWhenImporting: false,
  minimumFreeSpaceWhenImporting: 100,
  copyUsingHardlinks: true,
  useScriptImport: false,
  scriptImportPath: '',
  importExtraFiles: false,
  extraFileExtensions: 'srt',
  enableMediaInfo: true,
}

/** Starts the stand-in for Radarr. */
export async function startRadarr(start: Start): Promise<Running & { check: () => Promise<void> }> {
  const app = openArr({ name: 'Radarr', version: '6.3.0.10514', port: 7878, api: '/api/v3' }, start)
  const all = keptList<Kept>(app, 'movies')
  const find = (tmdbId: number): Film | undefined => known.find(each => each.tmdbId === tmdbId)
  const formats = () => ({ ...naming, ...app.state.value.pages['naming'] })

  const folderName = ({ title, year, imdbId }: Film): string =>
    fileName(
      String(formats().movieFolderFormat)
        .replace(/\{Movie (Clean)?Title\}/g, title)
        .replace(/\{Release Year\}/g, String(year))
        .replace(/\{imdb-\{ImdbId\}\}/g, `{imdb-${imdbId}}`),
    )
  const shelf: Shelf = {
    categoryField: 'movieCategory',
    plexKind: 'movie',
    queue: () => keptList<Queued>(app, 'queue'),
    history: () => keptList<Event>(app, 'history'),
    wanted(id): Wanted | null {
      const entry = all.find(each => each.id === id)
      const found = find(entry?.tmdbId ?? 0)
      if (entry === undefined || found === undefined || entry.hasFile) return null
      return {
        id,
        query: { t: 'movie', q: `${found.title} ${found.year}` },
        matches: title => bare(title).startsWith(bare(found.title)) && bare(title).includes(String(found.year)),
        destination: `${entry.path}/${fileName(`${found.title} (${found.year})`)}`,
        folder: entry.path,
      }
    },
    arrived(id, file) {
      const entry = all.find(each => each.id === id)
      if (entry !== undefined) Object.assign(entry, { hasFile: true, file })
    },
  }
  const downloads = new Downloads(app, shelf)

  const shownKnown = (found: Film) => ({
    title: found.title,
    originalTitle: found.title,
    sortTitle: bare(found.title),
    status: 'released',
    year: found.year,
    tmdbId: found.tmdbId,
    imdbId: found.imdbId,
    titleSlug: String(found.tmdbId),
    images: [],
    genres: [],
    tags: [],
    hasFile: false,
    isAvailable: true,
    folder: folderName(found),
  })
  const shown = (entry: Kept) => {
    const found = find(entry.tmdbId)
    const { file, ...rest } = entry
    return {
      ...(found === undefined ? {} : shownKnown(found)),
      ...rest,
      ...(entry.hasFile
        ? { movieFile: { id: entry.id, movieId: entry.id, path: file, relativePath: file.split('/').at(-1) } }
        : {}),
    }
  }
  const searchable = (ids: readonly number[]): number[] =>
    all.filter(each => ids.includes(each.id) && each.monitored && !each.hasFile).map(each => each.id)

  const shape = {
    tmdbId: 0,
    title: '',
    path: '',
    rootFolderPath: '',
    qualityProfileId: 0,
    monitored: true,
    minimumAvailability: 'released',
    tags: [] as number[],
    addOptions: null as Record<string, unknown> | null,
  }

  function add(asked: Asked): Answered {
    const bound = bind(jsonOf(asked), shape)
    if ('wrong' in bound) return malformed(bound.wrong, 'The JSON value could not be converted.')
    const value = bound.value
    if (!AVAILABILITIES.includes(value.minimumAvailability))
      return malformed('$.minimumAvailability', 'The JSON value could not be converted.')
    const found = find(value.tmdbId)
    const failures: Failure[] = []
    if (value.tmdbId <= 0)
      failures.push({ propertyName: 'TmdbId', errorMessage: "'Tmdb Id' must be greater than '0'." })
    if (all.some(each => each.tmdbId === value.tmdbId))
      failures.push({ propertyName: 'TmdbId', errorMessage: 'This movie has already been added' })
    if (value.title === '') failures.push({ propertyName: 'Title', errorMessage: "'Title' must not be empty." })
    if (value.rootFolderPath === '' && value.path === '')
      failures.push({ propertyName: 'RootFolderPath', errorMessage: "'Root Folder Path' must not be empty." })
    else if (
      value.path === '' &&
      !keptList<{ path: string }>(app, 'rootFolders').some(
        each => each.path.replace(/\/+$/, '') === value.rootFolderPath.replace(/\/+$/, ''),
      )
    )
      failures.push({
        propertyName: 'RootFolderPath',
        errorMessage: `Root folder '${value.rootFolderPath}' does not exist`,
      })
    if (!profiles.some(each => each.id === value.qualityProfileId))
      failures.push({ propertyName: 'QualityProfileId', errorMessage: 'Quality Profile does not exist' })
    if (failures.length === 0 && found === undefined)
      failures.push({ propertyName: 'TmdbId', errorMessage: 'A movie with this ID was not found' })
    if (failures.length > 0 || found === undefined) return invalid(failures)
    const { addOptions, rootFolderPath, ...rest } = value
    const entry: Kept = {
      ...rest,
      id: app.id(),
      title: found.title,
      hasFile: false,
      file: '',
      path: rest.path || `${rootFolderPath.replace(/\/+$/, '')}/${folderName(found)}`,
    }
    all.push(entry)
    app.state.save()
    if (addOptions?.['searchForMovie'] === true) void downloads.search(searchable([entry.id]))
    return { status: 201, json: shown(entry) }
  }

  function change(asked: Asked): Answered {
    const body = (jsonOf(asked) ?? {}) as {
      id?: number
      monitored?: boolean
      tags?: number[]
      qualityProfileId?: number
    }
    const entry = all.find(each => each.id === Number(asked.caught[0] ?? body.id))
    if (entry === undefined) return { status: 404, json: { message: 'NotFound' } }
    if (typeof body.monitored === 'boolean') entry.monitored = body.monitored
    if (Array.isArray(body.tags)) entry.tags = body.tags
    if (profiles.some(each => each.id === body.qualityProfileId)) entry.qualityProfileId = body.qualityProfileId ?? 0
    app.state.save()
    return { status: 202, json: shown(entry) }
  }

  function lookUp({ query }: Asked): Answered {
    const term = (query.get('term') ?? '').trim()
    const number = /^tmdb(?:id)?:\s?(\d+)$/i.exec(term)?.[1]
    const found = known.filter(each =>
      number === undefined ? term !== '' && bare(each.title).includes(bare(term)) : each.tmdbId === Number(number),
    )
    return {
      status: 200,
      json: found.map(each => {
        const kept = all.find(entry => entry.tmdbId === each.tmdbId)
        return kept === undefined ? shownKnown(each) : shown(kept)
      }),
    }
  }

  addPage(app, 'naming', { first: naming, check: namingFaults })
  addPage(app, 'mediamanagement', {
    first: management,
    check: value =>
      Number(value['minimumFreeSpaceWhenImporting']) >= 100
        ? []
        : [{ propertyName: 'MinimumFreeSpaceWhenImporting', errorMessage: 'must be greater than or equal to 100' }],
  })
  addProviders(app, {
    list: 'downloadclient',
    shape: {
      enable: false,
      protocol: 'torrent',
      priority: 1,
      removeCompletedDownloads: true,
      removeFailedDownloads: true,
      tags: [],
    },
    types: [
      qbittorrentType(
        'movieCategory',
        [
          { name: 'movieImportedCategory', value: '' },
          { name: 'recentMoviePriority', value: 0 },
          { name: 'olderMoviePriority', value: 0 },
        ],
        'radarr',
        true,
      ),
    ],
    isEnabled: entry => entry.settings['enable'] === true,
  })
  const occasions = [
    'onGrab',
    'onDownload',
    'onUpgrade',
    'onRename',
    'onMovieAdded',
    'onMovieDelete',
    'onMovieFileDelete',
    'onMovieFileDeleteForUpgrade',
    'onHealthIssue',
    'onHealthRestored',
    'onApplicationUpdate',
    'onManualInteractionRequired',
  ]
  addProviders(app, {
    list: 'notification',
    shape: { ...Object.fromEntries(occasions.map(name => [name, false])), includeHealthWarnings: false, tags: [] },
    types: [plexType('movie')],
    isEnabled: entry => occasions.some(name => entry.settings[name] === true),
  })
  addProviders(app, {
    list: 'indexer',
    shape: {
      enableRss: true,
      enableAutomaticSearch: true,
      enableInteractiveSearch: true,
      protocol: 'torrent',
      priority: 25,
      downloadClientId: 0,
      tags: [],
    },
    types: indexerTypes([], [2000, 2010, 2020, 2030, 2040, 2045, 2050, 2060]),
    isEnabled: entry =>
      ['enableRss', 'enableAutomaticSearch', 'enableInteractiveSearch'].some(name => entry.settings[name] === true),
  })
  addCommon(app, downloads, shelf, command => {
    if (command['name'] === 'MoviesSearch') return searchable((command['movieIds'] as number[] | undefined) ?? [])
    return command['name'] === 'MissingMoviesSearch' ? searchable(all.map(each => each.id)) : []
  })
  app.routes.push(
    {
      method: 'GET',
      path: /^\/api\/v3\/movie$/,
      answer: ({ query }) => ({
        status: 200,
        json: all.filter(each => !query.has('tmdbId') || each.tmdbId === Number(query.get('tmdbId'))).map(shown),
      }),
    },
    { method: 'POST', path: /^\/api\/v3\/movie$/, body: 'json', answer: add },
    { method: 'PUT', path: /^\/api\/v3\/movie(?:\/(\d+))?$/, body: 'json', answer: change },
    { method: 'GET', path: /^\/api\/v3\/movie\/lookup$/, answer: lookUp },
    {
      method: 'GET',
      path: /^\/api\/v3\/movie\/(\d+)$/,
      answer({ caught }) {
        const found = all.find(each => each.id === Number(caught[0]))
        return found === undefined
          ? { status: 404, json: { message: 'NotFound' } }
          : { status: 200, json: shown(found) }
      },
    },
  )
  const running = await serve(app.port, app.routes, app.gate)
  downloads.start()
  const { close } = running
  return Object.assign(running, {
    check: async () => await downloads.check(),
    close: async () => {
      await downloads.stop()
      await close()
    },
  })
}
