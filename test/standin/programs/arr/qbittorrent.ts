import { ask } from '../core/out.ts'
import type { Failure } from '../core/validation.ts'
import { type FieldSpec, type ProviderType, textOf, type Values } from './providers.ts'

/** A torrent as qBittorrent lists it. */
export interface Torrent {
  readonly hash: string
  readonly name: string
  readonly progress: number
  readonly state: string
  readonly content_path: string
  readonly save_path: string
  readonly size: number
  readonly category: string
}

/** qBittorrent's own interface, as Sonarr and Radarr use it. Every method throws an `Error` that says why it failed. */
export class Qbittorrent {
  readonly #base: string
  readonly #login: URLSearchParams
  #cookie = ''

  constructor(values: Values) {
    this.#base = `http${values['useSsl'] === true ? 's' : ''}://${textOf(values, 'host')}:${textOf(values, 'port')}/api/v2`
    this.#login = new URLSearchParams({ username: textOf(values, 'username'), password: textOf(values, 'password') })
  }

  async #logIn(): Promise<void> {
    const answer = await ask(`${this.#base}/auth/login`, { method: 'POST', body: this.#login })
    const text = await answer.text()
    // 5.2 answers 204 and 401; older ones answer 200 and say what it means.
    if (answer.status === 401 || answer.status === 403 || text.trim() === 'Fails.')
      throw new Refused('Authentication failure')
    if (!answer.ok) throw new Error(`code ${answer.status}`)
    this.#cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
  }

  async #call(path: string, body?: URLSearchParams | FormData): Promise<string> {
    if (this.#cookie === '') await this.#logIn()
    const once = async () =>
      await ask(`${this.#base}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { cookie: this.#cookie },
        ...(body === undefined ? {} : { body }),
      })
    let answer = await once()
    if (answer.status === 403) {
      await this.#logIn()
      answer = await once()
    }
    const text = await answer.text()
    if (!answer.ok) throw new Error(`code ${answer.status} to ${path}`)
    return text
  }

  async version(): Promise<string> {
    return await this.#call('/app/webapiVersion')
  }

  async preferences(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.#call('/app/preferences')) as Record<string, unknown>
  }

  async categories(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.#call('/torrents/categories')) as Record<string, unknown>
  }

  async addCategory(category: string): Promise<void> {
    await this.#call('/torrents/createCategory', new URLSearchParams({ category }))
  }

  async torrents(category: string): Promise<readonly Torrent[]> {
    return JSON.parse(await this.#call(`/torrents/info?category=${encodeURIComponent(category)}`)) as Torrent[]
  }

  async add(torrent: Buffer, name: string, category: string): Promise<void> {
    const form = new FormData()
    form.set('torrents', new Blob([new Uint8Array(torrent)]), `${name}.torrent`)
    form.set('category', category)
    form.set('contentLayout', 'Original')
    if ((await this.#call('/torrents/add', form)).trim() === 'Fails.')
      throw new Error('Download client failed to add torrent')
  }

  async remove(hash: string, deleteFiles: boolean): Promise<void> {
    await this.#call('/torrents/delete', new URLSearchParams({ hashes: hash, deleteFiles: String(deleteFiles) }))
  }
}

/** The login is wrong. */
class Refused extends Error {}

const MINIMUM_RETENTION = 60 * 24 * 14

const removes = (shown: Record<string, unknown>): boolean =>
  (shown['max_ratio_enabled'] === true ||
    (shown['max_seeding_time_enabled'] === true && Number(shown['max_seeding_time']) < MINIMUM_RETENTION)) &&
  [1, 3].includes(Number(shown['max_ratio_act']))

/** Tries a client out, in the order in which the real programs do. */
async function test(values: Values, categoryField: string): Promise<Failure[]> {
  const client = new Qbittorrent(values)
  const category = textOf(values, categoryField)
  try {
    await client.version()
    if (category === '')
      return [{ propertyName: categoryField, errorMessage: 'Category is recommended', isWarning: true }]
    if (removes(await client.preferences()))
      return [
        {
          propertyName: '',
          errorMessage: 'qBittorrent is configured to remove torrents when they reach their Share Ratio Limit',
        },
      ]
    if (!Object.hasOwn(await client.categories(), category)) await client.addCategory(category)
    await client.torrents(category)
    return []
  } catch (error) {
    const [propertyName, errorMessage] =
      error instanceof Refused ? ['Username', 'Authentication failure'] : ['Host', 'Unable to connect to qBittorrent']
    return [{ propertyName: propertyName ?? '', errorMessage: errorMessage ?? '' }]
  }
}

/** The client in the lists of Sonarr, Radarr and Prowlarr; each has its own fields besides. */
export function qbittorrentType(
  categoryField: string,
  besides: readonly FieldSpec[],
  firstCategory: string,
  hasApiKey: boolean,
): ProviderType {
  return {
    implementation: 'QBittorrent',
    contract: 'QBittorrentSettings',
    extra: { protocol: 'torrent' },
    fields: [
      { name: 'host', value: 'localhost' },
      { name: 'port', value: 8080 },
      { name: 'useSsl', value: false },
      { name: 'urlBase', value: '' },
      ...(hasApiKey ? [{ name: 'apiKey', value: '', secret: true } as const] : []),
      { name: 'username', value: '' },
      { name: 'password', value: '', secret: true },
      { name: categoryField, value: firstCategory },
      ...besides,
      { name: 'initialState', value: 0 },
      { name: 'sequentialOrder', value: false },
      { name: 'firstAndLast', value: false },
      { name: 'contentLayout', value: 0 },
    ],
    check(values) {
      const failures: Failure[] = []
      const port = values['port']
      if (textOf(values, 'host') === '' || /[\s/:]/.test(textOf(values, 'host')))
        failures.push({ propertyName: 'Host', errorMessage: 'must be valid Host without http://' })
      if (typeof port !== 'number' || port < 1 || port > 65_535)
        failures.push({ propertyName: 'Port', errorMessage: "'Port' must be between 1 and 65535." })
      if (textOf(values, 'apiKey') !== '' && textOf(values, 'username') !== '')
        failures.push({ propertyName: 'Username', errorMessage: 'Username must be empty when using API Key.' })
      if (!/^([^\\/](\/?[^\\/])*)?$/.test(textOf(values, categoryField)))
        failures.push({
          propertyName: categoryField,
          errorMessage: "Can not contain '\\', '//', or start/end with '/'",
        })
      return failures
    },
    test: async values => await test(values, categoryField),
  }
}
