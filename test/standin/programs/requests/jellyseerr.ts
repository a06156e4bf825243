import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Start } from '../core/environment.ts'
import { ask } from '../core/out.ts'
import { type Asked, type Answered, jsonOf, type Running, serve } from '../core/server.ts'
import { openState } from '../core/state.ts'
import { bare, type Film, films, type Series, series } from '../core/titles.ts'

const PORT = 5055
const ADMIN = 2
const REQUEST = 32

interface User {
  readonly id: number
  readonly email: string
  readonly plexId: number
  readonly plexUsername: string
  plexToken: string
  readonly permissions: number
}

interface Server extends Record<string, unknown> {
  readonly id: number
  readonly hostname: string
  readonly port: number
  readonly apiKey: string
  readonly useSsl: boolean
  readonly baseUrl?: string
  readonly is4k: boolean
  isDefault: boolean
}

interface Library {
  readonly id: string
  readonly name: string
  readonly type: string
  enabled: boolean
}

/** How a wish does: 2 approved, 4 failed, 5 completed. */
interface Wish {
  readonly id: number
  status: number
  readonly type: 'movie' | 'tv'
  readonly tmdbId: number
  readonly seasons: readonly number[]
  readonly requestedBy: number
  readonly createdAt: string
}

const first = () => ({
  main: {
    apiKey: '',
    applicationTitle: 'Seerr',
    applicationUrl: '',
    defaultPermissions: REQUEST,
    hideAvailable: false,
    localLogin: true,
    mediaServerLogin: true,
    newPlexLogin: true,
    // 1 is Plex, 4 none.
    mediaServerType: 4,
    locale: 'en',
  } as Record<string, unknown>,
  plex: { name: '', ip: '', port: 32_400, useSsl: false, machineId: '', libraries: [] as Library[] },
  sonarr: [] as Server[],
  radarr: [] as Server[],
  initialized: false,
  users: [] as User[],
  requests: [] as Wish[],
})

const DEMANDED = {
  sonarr: [
    'name',
    'hostname',
    'port',
    'apiKey',
    'useSsl',
    'activeProfileId',
    'activeProfileName',
    'activeDirectory',
    'is4k',
    'enableSeasonFolders',
    'isDefault',
  ],
  radarr: [
    'name',
    'hostname',
    'port',
    'apiKey',
    'useSsl',
    'activeProfileId',
    'activeProfileName',
    'activeDirectory',
    'is4k',
    'minimumAvailability',
    'isDefault',
  ],
} as const
type Program = keyof typeof DEMANDED

const fault = (status: number, message: string): Answered => ({ status, json: { status, message } })

/** Starts the stand-in for Seerr. `STANDIN_PLEX_TV` is where accounts of Plex are looked up. */
export async function startJellyseerr(start: Start): Promise<Running> {
  const { log } = start
  const state = openState(join(start.config, 'settings.standin.json'), first())
  const kept = state.value
  const key = start.env['API_KEY']
  if (key !== undefined && key !== '') kept.main['apiKey'] = key
  else if (kept.main['apiKey'] === '') kept.main['apiKey'] = randomBytes(34).toString('base64')
  state.save()
  const sessions = new Map<string, number>()
  const plexTv = start.env['STANDIN_PLEX_TV'] ?? 'https://plex.tv'

  function userOf({ headers }: Pick<Asked, 'headers'>): User | undefined {
    if (headers['x-api-key'] === kept.main['apiKey']) {
      const wanted = Number(headers['x-api-user'] ?? 1)
      return kept.users.find(each => each.id === wanted)
    }
    const session = /connect\.sid=([0-9a-f]+)/.exec(headers.cookie ?? '')?.[1]
    return kept.users.find(each => each.id === sessions.get(session ?? ''))
  }
  const shownUser = (user: User) => ({ ...user, plexToken: undefined })
  const may = (user: User | undefined, permission: number) =>
    user !== undefined && (user.permissions & (permission | ADMIN)) !== 0

  async function signIn(asked: Asked): Promise<Answered> {
    const { authToken } = (jsonOf(asked) ?? {}) as { authToken?: unknown }
    if (typeof authToken !== 'string' || authToken === '') return fault(500, 'Authentication token required.')
    if (kept.main['mediaServerType'] !== 4 && kept.main['mediaServerType'] !== 1)
      return { status: 500, json: { error: 'Plex login is disabled' } }
    try {
      const answer = await ask(`${plexTv}/users/account.json`, {
        headers: { 'X-Plex-Token': authToken, accept: 'application/json' },
      })
      if (!answer.ok) throw new Error('Invalid auth token')
      const { user: account } = (await answer.json()) as {
        user: { id: number; email: string; username: string; authToken?: string }
      }
      let user = kept.users.find(
        each => each.plexId === account.id || each.email.toLowerCase() === account.email.toLowerCase(),
      )
      if (user === undefined) {
        const isFirst = kept.users.length === 0
        if (!isFirst && kept.main['newPlexLogin'] !== true) return fault(403, 'Access denied.')
        user = {
          id: kept.users.length + 1,
          email: account.email,
          plexId: account.id,
          plexUsername: account.username,
          plexToken: authToken,
          permissions: isFirst ? ADMIN : Number(kept.main['defaultPermissions']),
        }
        kept.users.push(user)
        if (isFirst) kept.main['mediaServerType'] = 1
      }
      user.plexToken = authToken
      state.save()
      const session = randomBytes(24).toString('hex')
      sessions.set(session, user.id)
      return {
        status: 200,
        json: shownUser(user),
        headers: { 'set-cookie': `connect.sid=${session}; Path=/; HttpOnly` },
      }
    } catch (error) {
      log(`Something went wrong authenticating with Plex account: ${(error as Error).message}`)
      return fault(500, 'Unable to authenticate.')
    }
  }

  async function plex(path: string): Promise<Record<string, unknown>> {
    const { ip, port, useSsl } = kept.plex
    const token = kept.users.find(each => each.id === 1)?.plexToken ?? ''
    const answer = await ask(`http${useSsl ? 's' : ''}://${ip}:${port}${path}`, {
      headers: { accept: 'application/json', 'X-Plex-Token': token, 'X-Plex-Client-Identifier': 'standin' },
    })
    if (!answer.ok) throw new Error(`code ${answer.status}`)
    return ((await answer.json()) as { MediaContainer: Record<string, unknown> }).MediaContainer
  }

  async function savePlex(asked: Asked): Promise<Answered> {
    const body = (jsonOf(asked) ?? {}) as Record<string, unknown>
    if (typeof body['ip'] !== 'string' || typeof body['port'] !== 'number')
      return fault(400, 'request.body should have required properties ip and port')
    const readOnly = ['name', 'machineId', 'libraries'].find(name => Object.hasOwn(body, name))
    if (readOnly !== undefined) return fault(400, `request.body.${readOnly} is read-only`)
    const before = { ...kept.plex }
    Object.assign(kept.plex, { ip: body['ip'], port: body['port'], useSsl: body['useSsl'] === true })
    try {
      const status = await plex('/')
      if (typeof status['machineIdentifier'] !== 'string') throw new Error('Server not found')
      Object.assign(kept.plex, { machineId: status['machineIdentifier'], name: status['friendlyName'] ?? '' })
      state.save()
      return { status: 200, json: kept.plex }
    } catch (error) {
      Object.assign(kept.plex, before)
      log(`Something went wrong testing Plex connection: ${(error as Error).message}`)
      return fault(500, 'Unable to connect to Plex.')
    }
  }

  async function libraries({ query }: Asked): Promise<Answered> {
    if (query.has('sync')) {
      const found = ((await plex('/library/sections').catch((): Record<string, unknown> => ({})))['Directory'] ??
        []) as {
        key: string
        title: string
        type: string
        agent: string
      }[]
      kept.plex.libraries = found
        .filter(each => ['movie', 'show'].includes(each.type) && each.agent !== 'com.plexapp.agents.none')
        .map(each => ({
          id: each.key,
          name: each.title,
          type: each.type,
          enabled: kept.plex.libraries.find(old => old.id === each.key)?.enabled ?? false,
        }))
    }
    // What is not named is switched off, also when nothing is named at all.
    const enabled = (query.get('enable') ?? '').split(',')
    kept.plex.libraries = kept.plex.libraries.map(each => ({ ...each, enabled: enabled.includes(each.id) }))
    state.save()
    return { status: 200, json: kept.plex.libraries }
  }

  const urlOf = ({ hostname, port, useSsl, baseUrl = '' }: Pick<Server, 'hostname' | 'port' | 'useSsl' | 'baseUrl'>) =>
    `http${useSsl ? 's' : ''}://${hostname}:${port}${baseUrl}/api/v3`
  const program = async (
    server: Pick<Server, 'hostname' | 'port' | 'useSsl' | 'baseUrl' | 'apiKey'>,
    path: string,
    body?: unknown,
  ): Promise<unknown> => {
    const url = new URL(`${urlOf(server)}${path}`)
    url.searchParams.set('apikey', server.apiKey)
    const answer = await ask(
      url.href,
      body === undefined
        ? {}
        : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    )
    const text = await answer.text()
    if (!answer.ok) throw new Error(`code ${answer.status}: ${text.slice(0, 300)}`)
    return JSON.parse(text)
  }

  async function testServer(name: Program, asked: Asked): Promise<Answered> {
    const server = (jsonOf(asked) ?? {}) as Server
    try {
      const status = (await program(server, '/system/status')) as { urlBase: string }
      const profiles = (await program(server, '/qualityProfile')) as { id: number; name: string }[]
      const folders = (await program(server, '/rootfolder')) as { id: number; path: string }[]
      const tags = await program(server, '/tag')
      return {
        status: 200,
        json: {
          profiles,
          rootFolders: folders.map(({ id, path }) => ({ id, path })),
          languageProfiles: null,
          tags,
          urlBase: status.urlBase,
        },
      }
    } catch (error) {
      log(`Failed to test ${name}: ${(error as Error).message}`)
      return fault(500, `Failed to connect to ${name === 'sonarr' ? 'Sonarr' : 'Radarr'}`)
    }
  }

  function saveServer(name: Program, asked: Asked): Answered {
    const body = (jsonOf(asked) ?? {}) as Server
    if (Object.hasOwn(body, 'id')) return fault(400, 'request.body.id is read-only')
    const lacking = DEMANDED[name].find(each => !Object.hasOwn(body, each))
    if (lacking !== undefined) return fault(400, `request.body should have required property '${lacking}'`)
    const id = asked.caught[0] === undefined ? (kept[name].at(-1)?.id ?? -1) + 1 : Number(asked.caught[0])
    const index = kept[name].findIndex(each => each.id === id)
    if (asked.caught[0] !== undefined && index < 0)
      return { status: 404, json: { status: '404', message: 'Settings instance not found' } }
    if (body.isDefault) for (const each of kept[name]) if (each.is4k === body.is4k) each.isDefault = false
    const server = { ...body, id }
    if (index < 0) kept[name].push(server)
    else kept[name][index] = server
    state.save()
    return { status: index < 0 ? 201 : 200, json: server }
  }

  const title = (type: string, tmdbId: number): Film | Series | undefined =>
    type === 'movie' ? films.find(each => each.tmdbId === tmdbId) : series.find(each => each.tmdbId === tmdbId)

  async function hand({ type, tmdbId, seasons }: Wish): Promise<void> {
    if (type === 'movie') {
      const server = kept.radarr.find(each => each.isDefault && !each.is4k)
      const film = films.find(each => each.tmdbId === tmdbId)
      if (server === undefined || film === undefined) throw new Error('There is no default Radarr server configured.')
      const [there] = (await program(server, `/movie/lookup?term=tmdb:${tmdbId}`)) as { id?: number }[]
      if (there === undefined) throw new Error('Movie not found')
      if (there.id !== undefined)
        return void (await program(server, '/command', { name: 'MoviesSearch', movieIds: [there.id] }))
      await program(server, '/movie', {
        title: film.title,
        qualityProfileId: server['activeProfileId'],
        profileId: server['activeProfileId'],
        titleSlug: String(tmdbId),
        minimumAvailability: server['minimumAvailability'],
        tmdbId,
        year: film.year,
        rootFolderPath: server['activeDirectory'],
        monitored: true,
        tags: server['tags'] ?? [],
        addOptions: { searchForMovie: server['preventSearch'] !== true },
      })
      return
    }
    const server = kept.sonarr.find(each => each.isDefault && !each.is4k)
    const found = series.find(each => each.tmdbId === tmdbId)
    if (server === undefined || found === undefined) throw new Error('There is no default Sonarr server configured.')
    const [there] = (await program(server, `/series/lookup?term=tvdb:${found.tvdbId}`)) as {
      id?: number
      seasons: { seasonNumber: number }[]
    }[]
    if (there === undefined) throw new Error('Series not found')
    if (there.id !== undefined)
      return void (await program(server, '/command', { name: 'SeriesSearch', seriesId: there.id }))
    await program(server, '/series', {
      tvdbId: found.tvdbId,
      title: found.title,
      qualityProfileId: server['activeProfileId'],
      seasons: there.seasons.map(({ seasonNumber }) => ({ seasonNumber, monitored: seasons.includes(seasonNumber) })),
      tags: server['tags'] ?? [],
      seasonFolder: server['enableSeasonFolders'],
      monitored: true,
      rootFolderPath: server['activeDirectory'],
      seriesType: server['seriesType'] ?? 'standard',
      addOptions: { ignoreEpisodesWithFiles: true, searchForMissingEpisodes: server['preventSearch'] !== true },
    })
  }

  function request(asked: Asked): Answered {
    const user = userOf(asked)
    if (user === undefined) return fault(401, 'You must be logged in to request media.')
    const body = (jsonOf(asked) ?? {}) as { mediaType?: string; mediaId?: number; seasons?: number[] | 'all' }
    if (body.mediaType !== 'movie' && body.mediaType !== 'tv')
      return fault(400, 'request.body.mediaType should be equal to one of the allowed values: movie, tv')
    if (typeof body.mediaId !== 'number') return fault(400, "request.body should have required property 'mediaId'")
    if (!may(user, REQUEST)) return fault(403, `You do not have permission to make ${body.mediaType} requests.`)
    const found = title(body.mediaType, body.mediaId)
    if (found === undefined) return fault(500, 'Unable to retrieve this title.')
    if (kept.requests.some(each => each.type === body.mediaType && each.tmdbId === body.mediaId && each.status !== 4))
      return fault(409, 'Request for this media already exists.')
    const all = 'seasons' in found ? found.seasons.map((_, index) => index + 1) : []
    const seasons = body.seasons === 'all' ? all : (body.seasons ?? all)
    if (body.mediaType === 'tv' && seasons.length === 0) return fault(202, 'No seasons available to request')
    // Wishes of the owner are granted at once.
    const wish: Wish = {
      id: kept.requests.length + 1,
      status: may(user, 0) ? 2 : 1,
      type: body.mediaType,
      tmdbId: body.mediaId,
      seasons,
      requestedBy: user.id,
      createdAt: new Date().toISOString(),
    }
    kept.requests.push(wish)
    state.save()
    if (wish.status === 2) grant(wish)
    return { status: 201, json: shownWish(wish) }
  }
  function grant(wish: Wish): void {
    void hand(wish).catch((error: unknown) => {
      log(`Something went wrong sending the request: ${(error as Error).message}`)
      wish.status = 4
      state.save()
    })
  }
  const shownWish = ({ id, status, type, tmdbId, seasons, requestedBy, createdAt }: Wish) => ({
    id,
    status,
    type,
    createdAt,
    media: { tmdbId, mediaType: type, status: status === 5 ? 5 : 3 },
    seasons: seasons.map(seasonNumber => ({ seasonNumber, status })),
    requestedBy: kept.users.filter(each => each.id === requestedBy).map(shownUser)[0],
  })
  const answerWish = ({ caught: [number, verdict] }: Asked): Answered => {
    const wish = kept.requests.find(each => each.id === Number(number))
    if (wish === undefined) return fault(404, 'Request not found.')
    wish.status = verdict === 'decline' ? 3 : 2
    state.save()
    if (wish.status === 2) grant(wish)
    return { status: 200, json: shownWish(wish) }
  }
  const shownTitle = (each: Film | Series) => ({
    id: each.tmdbId,
    mediaType: 'seasons' in each ? 'tv' : 'movie',
    title: each.title,
    name: each.title,
    releaseDate: `${each.year}-01-01`,
    ...('seasons' in each ? { numberOfSeasons: each.seasons.length } : {}),
  })
  const search = ({ query }: Asked): Answered => {
    const results = [...films, ...series]
      .filter(each => bare(each.title).includes(bare(query.get('query') ?? '')))
      .map(shownTitle)
    return { status: 200, json: { page: 1, totalPages: 1, totalResults: results.length, results } }
  }
  const single =
    (type: 'movie' | 'tv') =>
    ({ caught }: Asked): Answered => {
      const found = title(type, Number(caught[0]))
      return found === undefined
        ? fault(500, 'Unable to retrieve this title.')
        : { status: 200, json: shownTitle(found) }
    }
  const publicSettings = () => ({
    initialized: kept.initialized,
    applicationTitle: kept.main['applicationTitle'],
    applicationUrl: kept.main['applicationUrl'],
    mediaServerType: kept.main['mediaServerType'],
    newPlexLogin: kept.main['newPlexLogin'],
  })

  const isOpen = (path: string) => /^\/api\/v1\/(status|settings\/public|auth\/(plex|logout))$/.test(path)
  const needs = (path: string) => (path.startsWith('/api/v1/settings') ? ADMIN : 0)
  return await serve(
    start.port ?? Number(start.env['PORT'] ?? PORT),
    [
      {
        method: 'GET',
        path: /^\/$/,
        answer: () =>
          kept.initialized
            ? { status: 200, text: '<title>Seerr</title>', headers: { 'content-type': 'text/html' } }
            : { status: 307, headers: { location: '/setup' } },
      },
      {
        method: 'GET',
        path: /^\/setup$/,
        answer: () => ({ status: 200, text: '<title>Setup</title>', headers: { 'content-type': 'text/html' } }),
      },
      {
        method: 'GET',
        path: /^\/api\/v1\/status$/,
        answer: () => ({
          status: 200,
          json: {
            version: '3.4.1',
            commitTag: 'standin',
            updateAvailable: false,
            commitsBehind: 0,
            restartRequired: false,
          },
        }),
      },
      { method: 'GET', path: /^\/api\/v1\/settings\/public$/, answer: () => ({ status: 200, json: publicSettings() }) },
      { method: 'POST', path: /^\/api\/v1\/auth\/plex$/, body: 'json', answer: signIn },
      {
        method: 'GET',
        path: /^\/api\/v1\/auth\/me$/,
        answer: asked => ({ status: 200, json: kept.users.filter(each => each === userOf(asked)).map(shownUser)[0] }),
      },
      {
        method: 'GET',
        path: /^\/api\/v1\/user$/,
        answer: () => ({
          status: 200,
          json: { pageInfo: { results: kept.users.length }, results: kept.users.map(shownUser) },
        }),
      },
      { method: 'GET', path: /^\/api\/v1\/settings\/main$/, answer: () => ({ status: 200, json: kept.main }) },
      {
        method: 'POST',
        path: /^\/api\/v1\/settings\/main$/,
        body: 'json',
        answer(asked) {
          Object.assign(kept.main, jsonOf(asked))
          state.save()
          return { status: 200, json: kept.main }
        },
      },
      { method: 'GET', path: /^\/api\/v1\/settings\/plex$/, answer: () => ({ status: 200, json: kept.plex }) },
      { method: 'POST', path: /^\/api\/v1\/settings\/plex$/, body: 'json', answer: savePlex },
      { method: 'GET', path: /^\/api\/v1\/settings\/plex\/library$/, answer: libraries },
      {
        method: 'GET',
        path: /^\/api\/v1\/settings\/plex\/sync$/,
        answer: () => ({ status: 200, json: { running: false } }),
      },
      {
        method: 'POST',
        path: /^\/api\/v1\/settings\/plex\/sync$/,
        body: 'json',
        answer: () => ({ status: 200, json: { running: true } }),
      },
      ...(['sonarr', 'radarr'] as const).flatMap(name => [
        {
          method: 'GET' as const,
          path: new RegExp(`^/api/v1/settings/${name}$`),
          answer: () => ({ status: 200, json: kept[name] }),
        },
        {
          method: 'POST' as const,
          path: new RegExp(`^/api/v1/settings/${name}$`),
          body: 'json' as const,
          answer: (asked: Asked) => saveServer(name, asked),
        },
        {
          method: 'PUT' as const,
          path: new RegExp(`^/api/v1/settings/${name}/(\\d+)$`),
          body: 'json' as const,
          answer: (asked: Asked) => saveServer(name, asked),
        },
        {
          method: 'POST' as const,
          path: new RegExp(`^/api/v1/settings/${name}/test$`),
          body: 'json' as const,
          harmless: true as const,
          answer: async (asked: Asked) => await testServer(name, asked),
        },
      ]),
      {
        method: 'POST',
        path: /^\/api\/v1\/settings\/initialize$/,
        answer() {
          kept.initialized = true
          state.save()
          return { status: 200, json: { initialized: true } }
        },
      },
      {
        method: 'GET',
        path: /^\/api\/v1\/request$/,
        answer: () => ({
          status: 200,
          json: { pageInfo: { results: kept.requests.length }, results: kept.requests.toReversed().map(shownWish) },
        }),
      },
      { method: 'POST', path: /^\/api\/v1\/request$/, body: 'json', answer: request },
      { method: 'POST', path: /^\/api\/v1\/request\/(\d+)\/(approve|decline|retry)$/, answer: answerWish },
      { method: 'GET', path: /^\/api\/v1\/search$/, answer: search },
      { method: 'GET', path: /^\/api\/v1\/movie\/(\d+)$/, answer: single('movie') },
      { method: 'GET', path: /^\/api\/v1\/tv\/(\d+)$/, answer: single('tv') },
    ],
    {
      refuse(asked) {
        if (!asked.path.startsWith('/api/') || isOpen(asked.path)) return null
        const user = userOf(asked)
        const allowed = user !== undefined && (needs(asked.path) === 0 || may(user, needs(asked.path)))
        return allowed
          ? null
          : { status: 403, json: { status: 403, error: 'You do not have permission to access this endpoint' } }
      },
      unknown: () => ({ status: 404, json: { message: 'not found', errors: [{ path: '', message: 'not found' }] } }),
    },
  )
}
