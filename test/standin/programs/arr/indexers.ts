import { askFeed, parseFeed } from '../core/torznab.ts'
import type { Failure } from '../core/validation.ts'
import { type FieldSpec, type ProviderType, textOf, type Values } from './providers.ts'

async function test(values: Values): Promise<Failure[]> {
  const [base, path, apikey] = [textOf(values, 'baseUrl'), textOf(values, 'apiPath'), textOf(values, 'apiKey')]
  try {
    const capabilities = await askFeed(base, path, { t: 'caps', apikey })
    if (!/<caps\b/.test(capabilities))
      return [{ propertyName: 'BaseUrl', errorMessage: 'Indexer did not answer with its capabilities' }]
    const found = parseFeed(await askFeed(base, path, { t: 'search', apikey, limit: '100', offset: '0' }))
    if (found.length > 0) return []
    return [
      {
        propertyName: '',
        errorMessage: 'Query successful, but no results in the configured categories were returned from your indexer.',
        isWarning: true,
      },
    ]
  } catch (error) {
    const { message } = error as Error
    return [
      {
        propertyName: message === 'Invalid API Key' ? 'ApiKey' : 'BaseUrl',
        errorMessage: `Unable to connect to indexer: ${message}`,
      },
    ]
  }
}

const type = (
  implementation: 'Torznab' | 'Newznab',
  besides: readonly FieldSpec[],
  categories: readonly number[],
): ProviderType => ({
  implementation,
  contract: `${implementation}Settings`,
  extra: { protocol: implementation === 'Torznab' ? 'torrent' : 'usenet' },
  fields: [
    { name: 'baseUrl', value: '' },
    { name: 'apiPath', value: '/api' },
    { name: 'apiKey', value: '', secret: true },
    { name: 'categories', value: categories },
    ...besides,
    { name: 'additionalParameters', value: '' },
    ...(implementation === 'Newznab'
      ? []
      : [
          { name: 'minimumSeeders', value: 1 },
          { name: 'seedCriteria.seedRatio', value: null },
          { name: 'seedCriteria.seedTime', value: null },
          { name: 'rejectBlocklistedTorrentHashesWhileGrabbing', value: false },
        ]),
  ],
  check(values) {
    if (!/^https?:\/\/[^/]+/.test(textOf(values, 'baseUrl')))
      return [{ propertyName: 'BaseUrl', errorMessage: 'must be valid URL that starts with http(s)://' }]
    return []
  },
  test,
})

/** The two kinds of indexers that Prowlarr tells Sonarr and Radarr of. */
export const indexerTypes = (besides: readonly FieldSpec[], categories: readonly number[]): readonly ProviderType[] => [
  type('Newznab', besides, categories),
  type('Torznab', besides, categories),
]
