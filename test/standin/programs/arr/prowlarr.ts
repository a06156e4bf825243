import type { Start } from '../core/environment.ts'
import { ask } from '../core/out.ts'
import { type Asked, type Answered, type Running, serve } from '../core/server.ts'
import { askFeed, parseFeed, renderCapabilities, renderError, renderFeed } from '../core/torznab.ts'
import type { Failure } from '../core/validation.ts'
import { type ArrApp, openArr } from './app.ts'
import {
  addProviders,
  entriesOf,
  type FieldSpec,
  type ProviderType,
  type StoredProvider,
  textOf,
  type Values,
} from './providers.ts'
import { qbittorrentType } from './qbittorrent.ts'

const isUrl = (text: string): boolean => /^https?:\/\/[^/\s]+/.test(text)
const trimmed = (url: string): string => url.replace(/\/+$/, '')

/** What an indexer looks like to Sonarr and Radarr. */
const forApplication = (
  id: number,
  name: string,
  implementation: 'Torznab' | 'Newznab',
  values: Values,
  apiKey: string,
) => ({
  name: `${name} (Prowlarr)`,
  enableRss: true,
  enableAutomaticSearch: true,
  enableInteractiveSearch: true,
  priority: 25,
  implementation,
  configContract: `${implementation}Settings`,
  tags: [],
  fields: [
    { name: 'baseUrl', value: `${trimmed(textOf(values, 'prowlarrUrl'))}/${id}/` },
    { name: 'apiPath', value: '/api' },
    { name: 'apiKey', value: apiKey },
    { name: 'categories', value: values['syncCategories'] },
    ...(values['animeSyncCategories'] === undefined
      ? []
      : [{ name: 'animeCategories', value: values['animeSyncCategories'] }]),
    ...(implementation === 'Torznab' ? [{ name: 'minimumSeeders', value: 1 }] : []),
  ],
})

const asProgram = async (values: Values, path: string, method = 'GET', body?: unknown) =>
  await ask(`${trimmed(textOf(values, 'baseUrl'))}/api/v3${path}`, {
    method,
    headers: { 'X-Api-Key': textOf(values, 'apiKey'), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

/** Asks the program to call Prowlarr back: so both addresses and the key are proven. */
async function testApplication(name: string, values: Values, apiKey: string): Promise<Failure[]> {
  const unreachable = (why: string): Failure[] => [
    { propertyName: 'BaseUrl', errorMessage: `Unable to complete application test, cannot connect to ${name}. ${why}` },
  ]
  try {
    const schema = await asProgram(values, '/indexer/schema')
    if (schema.status === 401) return [{ propertyName: 'ApiKey', errorMessage: 'API Key is invalid' }]
    const answer = await asProgram(
      values,
      '/indexer/test',
      'POST',
      forApplication(0, 'Test', 'Newznab', values, apiKey),
    )
    if (answer.status === 401) return [{ propertyName: 'ApiKey', errorMessage: 'API Key is invalid' }]
    if (answer.status === 400)
      return [
        { propertyName: 'ProwlarrUrl', errorMessage: `Prowlarr URL is invalid, ${name} cannot connect to Prowlarr` },
      ]
    if (answer.status === 404)
      return [{ propertyName: 'BaseUrl', errorMessage: `${name} URL is invalid, Prowlarr cannot connect to ${name}.` }]
    if (!answer.ok) return unreachable(`code ${answer.status}`)
    return answer.headers.get('X-Application-Version') === null
      ? [{ propertyName: '', errorMessage: `Failed to fetch ${name} version` }]
      : []
  } catch (error) {
    return unreachable((error as Error).message)
  }
}

const application = (
  name: 'Sonarr' | 'Radarr',
  port: number,
  categories: readonly FieldSpec[],
  app: ArrApp,
): ProviderType => ({
  implementation: name,
  contract: `${name}Settings`,
  fields: [
    { name: 'prowlarrUrl', value: 'http://localhost:9696' },
    { name: 'baseUrl', value: `http://localhost:${port}` },
    { name: 'apiKey', value: '', secret: true },
    ...categories,
    { name: 'syncRejectBlocklistedTorrentHashesWhileGrabbing', value: false },
  ],
  check(values) {
    const failures: Failure[] = []
    for (const field of ['baseUrl', 'prowlarrUrl'])
      if (!isUrl(textOf(values, field)))
        failures.push({ propertyName: field, errorMessage: 'must be valid URL that starts with http(s)://' })
    if (textOf(values, 'apiKey') === '')
      failures.push({ propertyName: 'ApiKey', errorMessage: "'Api Key' must not be empty." })
    return failures
  },
  test: async values => await testApplication(name, values, app.apiKey()),
})

/** The one kind of indexer that needs no definition of a site: any feed of Torznab. */
const torznab: ProviderType = {
  implementation: 'Torznab',
  contract: 'TorznabSettings',
  extra: { definitionName: 'Torznab', protocol: 'torrent', privacy: 'private', language: 'en-US' },
  fields: [
    { name: 'baseUrl', value: '' },
    { name: 'apiPath', value: '/api' },
    { name: 'apiKey', value: '', secret: true },
  ],
  check: values =>
    isUrl(textOf(values, 'baseUrl'))
      ? []
      : [{ propertyName: 'BaseUrl', errorMessage: 'must be valid URL that starts with http(s)://' }],
  async test(values) {
    try {
      const caps = await askFeed(textOf(values, 'baseUrl'), textOf(values, 'apiPath'), {
        t: 'caps',
        apikey: textOf(values, 'apiKey'),
      })
      return /<caps\b/.test(caps) ? [] : [{ propertyName: 'BaseUrl', errorMessage: 'Unable to connect to indexer' }]
    } catch (error) {
      return [{ propertyName: 'BaseUrl', errorMessage: `Unable to connect to indexer: ${(error as Error).message}` }]
    }
  },
}

/** Starts the stand-in for Prowlarr. The variable `STANDIN_TORZNAB` names a feed that it begins with, as if a person had added it. */
export async function startProwlarr(start: Start): Promise<Running> {
  const { log } = start
  const app = openArr({ name: 'Prowlarr', version: '2.5.2.5401', port: 9696, api: '/api/v1' }, start)
  let syncing = Promise.resolve()
  const sync = () => {
    syncing = syncing.then(syncAll).catch((error: unknown) => log(`not synced: ${(error as Error).message}`))
  }
  const feeds = () => entriesOf(app, 'indexer').filter(each => each.settings['enable'] === true)

  async function syncAll(): Promise<void> {
    for (const entry of entriesOf(app, 'applications'))
      if (entry.settings['syncLevel'] !== 'disabled')
        await syncOne(entry).catch((error: unknown) => log(`${entry.name}: ${(error as Error).message}`))
  }
  async function syncOne({ values, name, settings }: StoredProvider): Promise<void> {
    const answer = await asProgram(values, '/indexer')
    if (!answer.ok) throw new Error(`code ${answer.status}`)
    const theirs = (await answer.json()) as { id: number; fields: { name: string; value?: unknown }[] }[]
    const numberOf = (each: (typeof theirs)[number]) =>
      /\/(\d+)\/?$/.exec(String(each.fields.find(field => field.name === 'baseUrl')?.value ?? ''))?.[1]
    for (const feed of feeds()) {
      if (theirs.some(each => numberOf(each) === String(feed.id))) continue
      const added = await asProgram(
        values,
        '/indexer',
        'POST',
        forApplication(feed.id, feed.name, 'Torznab', values, app.apiKey()),
      )
      log(added.ok ? `${name} knows ${feed.name}` : `${name} does not take ${feed.name}: code ${added.status}`)
    }
    if (settings['syncLevel'] !== 'fullSync') return
    for (const each of theirs) {
      const number = numberOf(each)
      if (number !== undefined && !feeds().some(feed => String(feed.id) === number))
        await asProgram(values, `/indexer/${each.id}`, 'DELETE')
    }
  }

  addProviders(app, {
    list: 'applications',
    shape: { syncLevel: 'fullSync', tags: [], testCommand: '' },
    types: [
      application(
        'Sonarr',
        8989,
        [
          { name: 'syncCategories', value: [5000, 5010, 5020, 5030, 5040, 5045, 5050, 5090] },
          { name: 'animeSyncCategories', value: [5070] },
          { name: 'syncAnimeStandardFormatSearch', value: true },
        ],
        app,
      ),
      application(
        'Radarr',
        7878,
        [{ name: 'syncCategories', value: [2000, 2010, 2020, 2030, 2040, 2045, 2050, 2060, 2070, 2080, 2090] }],
        app,
      ),
    ],
    isEnabled: entry => entry.settings['syncLevel'] !== 'disabled',
    changed: sync,
  })
  addProviders(app, {
    list: 'downloadclient',
    shape: { enable: false, protocol: 'torrent', priority: 1, categories: [], tags: [] },
    types: [qbittorrentType('category', [{ name: 'priority', value: 0 }], 'prowlarr', false)],
    isEnabled: entry => entry.settings['enable'] === true,
  })
  addProviders(app, {
    list: 'indexer',
    shape: {
      enable: false,
      redirect: false,
      appProfileId: 1,
      priority: 25,
      downloadClientId: 0,
      tags: [],
      definitionName: '',
      protocol: 'torrent',
      privacy: 'public',
      language: 'en-US',
    },
    types: [torznab],
    isEnabled: entry => entry.settings['enable'] === true,
    changed: sync,
  })

  const xml = (text: string, status = 200): Answered => ({
    status,
    text,
    headers: { 'content-type': 'application/rss+xml' },
  })
  const own = (asked: Asked) => `http://${asked.headers.host ?? ''}`
  const protect = (link: string) => Buffer.from(link).toString('base64url')

  async function newznab(asked: Asked): Promise<Answered> {
    const id = Number(asked.caught[0])
    const t = asked.query.get('t') ?? ''
    if (t === '') return xml(renderError(200, 'Missing parameter (t)'), 400)
    if (!['caps', 'search', 'tvsearch', 'movie', 'music', 'book'].includes(t))
      return xml(renderError(202, `No such function (${t})`), 400)
    // What programs try the connection with.
    if (id === 0) {
      if (t === 'caps') return xml(renderCapabilities('Prowlarr'))
      return xml(
        renderFeed('Prowlarr', [
          {
            title: 'Test Release',
            guid: 'https://prowlarr.com',
            link: 'https://prowlarr.com',
            size: 0,
            seeders: 1,
            categories: [5000, 2000],
            infoHash: '',
          },
        ]),
      )
    }
    const feed = entriesOf(app, 'indexer').find(each => each.id === id)
    if (feed === undefined) return { status: 404, json: { message: 'Indexer Not Found' } }
    if (feed.settings['enable'] !== true) return xml(renderError(410, 'Indexer is disabled'), 410)
    const { apikey: _, ...query } = Object.fromEntries(asked.query)
    try {
      const text = await askFeed(textOf(feed.values, 'baseUrl'), textOf(feed.values, 'apiPath'), {
        ...query,
        apikey: textOf(feed.values, 'apiKey'),
      })
      if (t === 'caps') return xml(text)
      const releases = parseFeed(text).map(each => ({
        ...each,
        link: `${own(asked)}/${id}/download?apikey=${app.apiKey()}&link=${protect(each.link)}&file=${encodeURIComponent(each.title)}`,
      }))
      return xml(renderFeed(feed.name, releases))
    } catch (error) {
      return xml(renderError(900, (error as Error).message), 503)
    }
  }

  async function download(asked: Asked): Promise<Answered> {
    const feed = entriesOf(app, 'indexer').find(each => each.id === Number(asked.caught[0]))
    if (feed === undefined) return { status: 404, json: { message: 'Indexer Not Found' } }
    const [link, file] = [asked.query.get('link') ?? '', asked.query.get('file') ?? '']
    if (link === '' || file === '') return { status: 400, json: { message: 'Invalid Prowlarr link' } }
    const url = Buffer.from(link, 'base64url').toString('utf8')
    if (!isUrl(url)) return { status: 400, json: { message: 'Invalid Prowlarr link' } }
    const answer = await ask(url)
    if (!answer.ok) return { status: 500, json: { message: `the indexer answers with code ${answer.status}` } }
    return {
      status: 200,
      text: Buffer.from(await answer.arrayBuffer()),
      headers: {
        'content-type': 'application/x-bittorrent',
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file)}.torrent`,
      },
    }
  }

  app.routes.push(
    { method: 'GET', path: /^\/(\d+)\/api$/, answer: newznab },
    { method: 'GET', path: /^\/api\/v1\/indexer\/(\d+)\/newznab$/, answer: newznab },
    { method: 'GET', path: /^\/(\d+)\/download$/, answer: download },
    {
      method: 'GET',
      path: /^\/api\/v1\/appprofile$/,
      answer: () => ({
        status: 200,
        json: [
          {
            id: 1,
            name: 'Standard',
            enableRss: true,
            enableAutomaticSearch: true,
            enableInteractiveSearch: true,
            minimumSeeders: 1,
          },
        ],
      }),
    },
    {
      method: 'POST',
      path: /^\/api\/v1\/command$/,
      body: 'json',
      answer() {
        sync()
        return { status: 201, json: { id: 1, name: 'ApplicationIndexerSync', status: 'started' } }
      },
    },
  )
  const running = await serve(app.port, app.routes, app.gate)
  const feed = start.env['STANDIN_TORZNAB']
  if (feed !== undefined && feed !== '' && entriesOf(app, 'indexer').length === 0) {
    const { origin, pathname, searchParams } = new URL(feed)
    const values = { baseUrl: origin, apiPath: pathname, apiKey: searchParams.get('apikey') ?? '' }
    app.state.value.providers['indexer'] = [
      {
        id: app.id(),
        name: 'Test feed',
        implementation: 'Torznab',
        settings: { enable: true, appProfileId: 1, definitionName: 'Torznab', protocol: 'torrent' },
        values,
      },
    ]
    app.state.save()
    sync()
  }
  return running
}
