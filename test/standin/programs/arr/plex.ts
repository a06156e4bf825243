import { ask } from '../core/out.ts'
import { type ProviderType, textOf, type Values } from './providers.ts'

interface Section {
  readonly key: string
  readonly type: string
  readonly Location?: readonly { readonly path: string }[]
}

async function plex(values: Values, path: string, query: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const token = textOf(values, 'authToken')
  const parameters = new URLSearchParams({
    ...query,
    'X-Plex-Client-Identifier': 'standin',
    'X-Plex-Product': 'Sonarr',
    ...(token === '' ? {} : { 'X-Plex-Token': token }),
  })
  const scheme = values['useSsl'] === true ? 'https' : 'http'
  const answer = await ask(`${scheme}://${textOf(values, 'host')}:${textOf(values, 'port')}/${path}?${parameters}`, {
    headers: { accept: 'application/json' },
  })
  if (answer.status === 401) throw new Refused('Unauthorized - AuthToken is invalid')
  if (!answer.ok) throw new Error(`Status Code: ${answer.status}`)
  const text = await answer.text()
  return text === '' ? null : JSON.parse(text)
}

class Refused extends Error {}

async function sections(values: Values, type: string): Promise<readonly Section[]> {
  const { MediaContainer } = (await plex(values, 'library/sections')) as {
    MediaContainer: { Directory?: readonly Section[] }
  }
  return (MediaContainer.Directory ?? []).filter(each => each.type === type)
}

/** Tells Plex to look at a folder that something new is in; gives how many libraries it was told of. */
export async function tellPlex(values: Values, kind: 'show' | 'movie', folder: string): Promise<number> {
  if (values['updateLibrary'] !== true) return 0
  const [from, to] = [textOf(values, 'mapFrom'), textOf(values, 'mapTo')]
  const mapped = from !== '' && folder.startsWith(from) ? `${to}${folder.slice(from.length)}` : folder
  let told = 0
  for (const { key, Location = [] } of await sections(values, kind)) {
    if (!Location.some(({ path }) => mapped.startsWith(path))) continue
    await plex(values, `library/sections/${key}/refresh`, { path: mapped })
    told += 1
  }
  return told
}

/** Plex in the list of notifications. */
export const plexType = (kind: 'show' | 'movie'): ProviderType => ({
  implementation: 'PlexServer',
  contract: 'PlexServerSettings',
  fields: [
    { name: 'server', value: '' },
    { name: 'host', value: '' },
    { name: 'port', value: 32_400 },
    { name: 'useSsl', value: false },
    { name: 'urlBase', value: '' },
    { name: 'authToken', value: '', secret: true },
    { name: 'signIn', value: 'startOAuth' },
    { name: 'updateLibrary', value: true },
    { name: 'mapFrom', value: '' },
    { name: 'mapTo', value: '' },
  ],
  check(values) {
    if (textOf(values, 'host') === '') return [{ propertyName: 'Host', errorMessage: "'Host' must not be empty." }]
    if ((textOf(values, 'mapFrom') === '') !== (textOf(values, 'mapTo') === ''))
      return [{ propertyName: 'MapTo', errorMessage: "'Map To' must not be empty." }]
    return []
  },
  async test(values) {
    try {
      if ((await sections(values, kind)).length > 0) return []
      return [{ propertyName: 'Host', errorMessage: 'At least one library of this kind is required' }]
    } catch (error) {
      if (error instanceof Refused) return [{ propertyName: 'AuthToken', errorMessage: 'Invalid Auth Token' }]
      return [{ propertyName: 'Host', errorMessage: 'Unable to connect to Plex Server' }]
    }
  },
})
