import type { Start } from '../core/environment.ts'
import { type Asked, type Answered, jsonOf, type Running, serve } from '../core/server.ts'
import { bare, series as known, type Series } from '../core/titles.ts'
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
  readonly tvdbId: number
  title: string
  path: string
  qualityProfileId: number
  monitored: boolean
  seasonFolder: boolean
  seriesType: string
  seasons: { seasonNumber: number; monitored: boolean }[]
  tags: number[]
}

interface Episode {
  readonly id: number
  readonly seriesId: number
  readonly seasonNumber: number
  readonly episodeNumber: number
  monitored: boolean
  hasFile: boolean
  path: string
}

const naming = {
  renameEpisodes: false,
  replaceIllegalCharacters: true,
  colonReplacementFormat: 4,
  customColonReplacementFormat: '',
  multiEpisodeStyle: 5,
  standardEpisodeFormat: '{Series Title} - S{season:00}E{episode:00} - {Episode Title} {Quality Full}',
  dailyEpisodeFormat: '{Series Title} - {Air-Date} - {Episode Title} {Quality Full}',
  animeEpisodeFormat: '{Series Title} - S{season:00}E{episode:00} - {Episode Title} {Quality Full}',
  seriesFolderFormat: '{Series Title}',
  seasonFolderFormat: 'Season {season}',
  specialsFolderFormat: 'Specials',
}

function namingFaults(value: Record<string, unknown>): Failure[] {
  const text = (name: string) => String(value[name] ?? '')
  const failures: Failure[] = []
  const demand = (name: string, good: boolean, errorMessage: string) => {
    if (!good) failures.push({ propertyName: `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`, errorMessage })
  }
  const numbers = /\{season(:0+)?\}.*\{episode(:0+)?\}/i
  demand(
    'standardEpisodeFormat',
    numbers.test(text('standardEpisodeFormat')) || /\{Air-?\s?Date\}/i.test(text('standardEpisodeFormat')),
    'Must contain season and episode numbers OR Original Title',
  )
  demand(
    'dailyEpisodeFormat',
    /\{Air-?\s?Date\}/i.test(text('dailyEpisodeFormat')) || numbers.test(text('dailyEpisodeFormat')),
    'Must contain Air Date OR Season and Episode OR Original Title',
  )
  demand(
    'animeEpisodeFormat',
    numbers.test(text('animeEpisodeFormat')) || /\{absolute(:0+)?\}/i.test(text('animeEpisodeFormat')),
    'Must contain Absolute Episode number OR Season and Episode OR Original Title',
  )
  demand('seriesFolderFormat', /\{Series .*Title.*\}/i.test(text('seriesFolderFormat')), 'Must contain series title')
  demand('seasonFolderFormat', /\{season(:0+)?\}/i.test(text('seasonFolderFormat')), 'Must contain season number')
  const style = Number(value['multiEpisodeStyle'])
  demand('multiEpisodeStyle', style >= 0 && style <= 5, "'Multi Episode Style' must be between 0 and 5.")
  return failures
}

const management = {
  autoUnmonitorPreviouslyDownloadedEpisodes: false,
  recycleBin: '',
  recycleBinCleanupDays: 7,
  downloadPropersAndRepacks: 'preferAndUpgrade',
  createEmptySeriesFolders: false,
  deleteEmptyFolders: false,
  fileDate: 'none',
  rescanAfterRefresh: 'always',
  setPermissionsLinux: false,
  chmodFolder: '755',
  chownGroup: '',
  episodeTitleRequired: 'always',
  skipFreeSpaceCheckWhenImporting: false,
  minimumFreeSpaceWhenImporting: 100,
  copyUsingHardlinks: true,
  useScriptImport: false,
  scriptImportPath: '',
  importExtraFiles: false,
  extraFileExtensions: 'srt',
  enableMediaInfo: true,
}

const two = (number: number): string => String(number).padStart(2, '0')

/** Starts the stand-in for Sonarr. */
export async function startSonarr(start: Start): Promise<Running & { check: () => Promise<void> }> {
  const app = openArr({ name: 'Sonarr', version: '4.0.19.2979', port: 8989, api: '/api/v3' }, start)
  const all = keptList<Kept>(app, 'series')
  const episodes = keptList<Episode>(app, 'episodes')
  const find = (tvdbId: number): Series | undefined => known.find(each => each.tvdbId === tvdbId)
  const formats = () => ({ ...naming, ...app.state.value.pages['naming'] })

  const folderName = ({ title, year, imdbId }: Series): string =>
    fileName(
      String(formats().seriesFolderFormat)
        .replace(/\{Series TitleYear\}/g, `${title} (${year})`)
        .replace(/\{Series (Clean)?Title\}/g, title)
        .replace(/\{imdb-\{ImdbId\}\}/g, `{imdb-${imdbId}}`),
    )
  const shelf: Shelf = {
    categoryField: 'tvCategory',
    plexKind: 'show',
    queue: () => keptList<Queued>(app, 'queue'),
    history: () => keptList<Event>(app, 'history'),
    wanted(id): Wanted | null {
      const episode = episodes.find(each => each.id === id)
      const entry = all.find(each => each.id === episode?.seriesId)
      if (episode === undefined || entry === undefined || episode.hasFile) return null
      const { seasonNumber, episodeNumber } = episode
      const code = `S${two(seasonNumber)}E${two(episodeNumber)}`
      const season = `Season ${two(seasonNumber)}`
      return {
        id,
        query: { t: 'tvsearch', q: entry.title, season: String(seasonNumber), ep: String(episodeNumber) },
        matches: title => bare(title).startsWith(bare(entry.title)) && bare(title).includes(code.toLowerCase()),
        destination: `${entry.path}/${entry.seasonFolder ? `${season}/` : ''}${fileName(entry.title)} - ${code}`,
        folder: `${entry.path}/${entry.seasonFolder ? season : ''}`.replace(/\/$/, ''),
      }
    },
    arrived(id, path) {
      const episode = episodes.find(each => each.id === id)
      if (episode !== undefined) Object.assign(episode, { hasFile: true, path })
    },
  }
  const downloads = new Downloads(app, shelf)

  const shownKnown = (found: Series) => ({
    title: found.title,
    sortTitle: bare(found.title),
    status: 'ended',
    ended: true,
    year: found.year,
    tvdbId: found.tvdbId,
    tmdbId: found.tmdbId,
    imdbId: found.imdbId,
    titleSlug: bare(found.title).replace(/ /g, '-'),
    seasons: found.seasons.map((_, index) => ({ seasonNumber: index + 1, monitored: true })),
    images: [],
    genres: [],
    tags: [],
    seriesType: 'standard',
    folder: folderName(found),
  })
  const shown = (entry: Kept) => {
    const own = episodes.filter(each => each.seriesId === entry.id)
    const files = own.filter(each => each.hasFile).length
    const found = find(entry.tvdbId)
    return {
      ...(found === undefined ? {} : shownKnown(found)),
      ...entry,
      statistics: {
        seasonCount: entry.seasons.length,
        episodeFileCount: files,
        episodeCount: own.length,
        totalEpisodeCount: own.length,
        percentOfEpisodes: own.length === 0 ? 0 : (files / own.length) * 100,
      },
    }
  }
  const searchable = (seriesId: number): number[] => {
    const entry = all.find(each => each.id === seriesId)
    if (entry === undefined || !entry.monitored) return []
    const seasons = new Set(entry.seasons.filter(each => each.monitored).map(each => each.seasonNumber))
    return episodes
      .filter(each => each.seriesId === seriesId && each.monitored && !each.hasFile && seasons.has(each.seasonNumber))
      .map(each => each.id)
  }

  const shape = {
    tvdbId: 0,
    title: '',
    path: '',
    rootFolderPath: '',
    qualityProfileId: 0,
    monitored: true,
    seasonFolder: true,
    seriesType: 'standard',
    seasons: [] as { seasonNumber: number; monitored: boolean }[],
    tags: [] as number[],
    addOptions: null as Record<string, unknown> | null,
  }

  function add(asked: Asked): Answered {
    const bound = bind(jsonOf(asked), shape)
    if ('wrong' in bound) return malformed(bound.wrong, 'The JSON value could not be converted.')
    const value = bound.value
    const found = find(value.tvdbId)
    const failures: Failure[] = []
    if (value.tvdbId <= 0)
      failures.push({ propertyName: 'TvdbId', errorMessage: "'Tvdb Id' must be greater than '0'." })
    if (all.some(each => each.tvdbId === value.tvdbId))
      failures.push({ propertyName: 'TvdbId', errorMessage: 'This series has already been added' })
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
      failures.push({ propertyName: 'TvdbId', errorMessage: `A series with this ID was not found` })
    if (failures.length > 0 || found === undefined) return invalid(failures)
    const { addOptions, rootFolderPath, ...rest } = value
    const entry: Kept = {
      ...rest,
      id: app.id(),
      title: found.title,
      path: rest.path || `${rootFolderPath.replace(/\/+$/, '')}/${folderName(found)}`,
      seasons:
        rest.seasons.length > 0
          ? rest.seasons
          : found.seasons.map((_, index) => ({ seasonNumber: index + 1, monitored: true })),
    }
    all.push(entry)
    for (const [season, count] of found.seasons.entries())
      for (let episodeNumber = 1; episodeNumber <= count; episodeNumber += 1)
        episodes.push({
          id: app.id(),
          seriesId: entry.id,
          seasonNumber: season + 1,
          episodeNumber,
          monitored: true,
          hasFile: false,
          path: '',
        })
    app.state.save()
    if (addOptions?.['searchForMissingEpisodes'] === true) void downloads.search(searchable(entry.id))
    return { status: 201, json: shown(entry) }
  }

  function change(asked: Asked): Answered {
    const body = (jsonOf(asked) ?? {}) as {
      id?: number
      monitored?: boolean
      seasons?: Kept['seasons']
      tags?: number[]
      qualityProfileId?: number
    }
    const entry = all.find(each => each.id === Number(asked.caught[0] ?? body.id))
    if (entry === undefined) return { status: 404, json: { message: 'NotFound' } }
    if (typeof body.monitored === 'boolean') entry.monitored = body.monitored
    if (Array.isArray(body.seasons))
      entry.seasons = body.seasons.map(({ seasonNumber, monitored }) => ({ seasonNumber, monitored }))
    if (Array.isArray(body.tags)) entry.tags = body.tags
    if (profiles.some(each => each.id === body.qualityProfileId)) entry.qualityProfileId = body.qualityProfileId ?? 0
    app.state.save()
    return { status: 202, json: shown(entry) }
  }

  function lookUp({ query }: Asked): Answered {
    const term = (query.get('term') ?? '').trim()
    const number = /^tvdb(?:id)?:\s?(\d+)$/i.exec(term)?.[1]
    const found = known.filter(each =>
      number === undefined ? term !== '' && bare(each.title).includes(bare(term)) : each.tvdbId === Number(number),
    )
    return {
      status: 200,
      json: found.map(each => {
        const kept = all.find(entry => entry.tvdbId === each.tvdbId)
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
        'tvCategory',
        [
          { name: 'tvImportedCategory', value: '' },
          { name: 'recentTvPriority', value: 0 },
          { name: 'olderTvPriority', value: 0 },
          { name: 'addSeriesTags', value: false },
        ],
        'tv-sonarr',
        true,
      ),
    ],
    isEnabled: entry => entry.settings['enable'] === true,
  })
  const occasions = [
    'onGrab',
    'onDownload',
    'onUpgrade',
    'onImportComplete',
    'onRename',
    'onSeriesAdd',
    'onSeriesDelete',
    'onEpisodeFileDelete',
    'onEpisodeFileDeleteForUpgrade',
    'onHealthIssue',
    'onHealthRestored',
    'onApplicationUpdate',
    'onManualInteractionRequired',
  ]
  addProviders(app, {
    list: 'notification',
    shape: { ...Object.fromEntries(occasions.map(name => [name, false])), includeHealthWarnings: false, tags: [] },
    types: [plexType('show')],
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
    types: indexerTypes(
      [
        { name: 'animeCategories', value: [] },
        { name: 'animeStandardFormatSearch', value: false },
      ],
      [5030, 5040],
    ),
    isEnabled: entry =>
      ['enableRss', 'enableAutomaticSearch', 'enableInteractiveSearch'].some(name => entry.settings[name] === true),
  })
  addCommon(app, downloads, shelf, command => {
    if (command['name'] === 'SeriesSearch') return searchable(Number(command['seriesId']))
    if (command['name'] === 'EpisodeSearch') return (command['episodeIds'] as number[] | undefined) ?? []
    return command['name'] === 'MissingEpisodeSearch' ? all.flatMap(each => searchable(each.id)) : []
  })
  const one =
    (list: readonly { id: number }[], show: (each: never) => unknown) =>
    ({ caught }: Asked): Answered => {
      const found = list.find(each => each.id === Number(caught[0]))
      return found === undefined
        ? { status: 404, json: { message: 'NotFound' } }
        : { status: 200, json: show(found as never) }
    }
  app.routes.push(
    { method: 'GET', path: /^\/api\/v3\/series$/, answer: () => ({ status: 200, json: all.map(shown) }) },
    { method: 'POST', path: /^\/api\/v3\/series$/, body: 'json', answer: add },
    { method: 'PUT', path: /^\/api\/v3\/series(?:\/(\d+))?$/, body: 'json', answer: change },
    { method: 'GET', path: /^\/api\/v3\/series\/lookup$/, answer: lookUp },
    { method: 'GET', path: /^\/api\/v3\/series\/(\d+)$/, answer: one(all, shown) },
    {
      method: 'GET',
      path: /^\/api\/v3\/episode$/,
      answer: ({ query }) => ({
        status: 200,
        json: episodes.filter(each => each.seriesId === Number(query.get('seriesId'))),
      }),
    },
    {
      method: 'GET',
      path: /^\/api\/v3\/languageprofile$/,
      answer: () => ({ status: 200, json: [{ id: 1, name: 'Deprecated' }] }),
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
