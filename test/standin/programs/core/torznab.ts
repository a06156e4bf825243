import { ask } from './out.ts'

/** One release in a feed of Torznab. */
export interface Release {
  readonly title: string
  readonly guid: string
  /** Where its torrent is fetched. */
  readonly link: string
  readonly size: number
  readonly seeders: number
  readonly categories: readonly number[]
  readonly infoHash: string
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const decode = (text: string): string =>
  text
    .replace(/^<!\[CDATA\[([\s\S]*)\]\]>$/, '$1')
    .replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '')
const encode = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

const tag = (xml: string, name: string): string =>
  decode(new RegExp(`<${name}[^>]*>([\\s\\S]*?)</${name}>`).exec(xml)?.[1]?.trim() ?? '')
const attribute = (element: string, name: string): string =>
  decode(new RegExp(`\\b${name}="([^"]*)"`).exec(element)?.[1] ?? '')

/** The releases of a feed. Throws for what is none, and with the description of an error that a feed tells. */
export function parseFeed(xml: string): Release[] {
  const error = /<error\b[^>]*>/.exec(xml)?.[0]
  if (error !== undefined) throw new Error(attribute(error, 'description') || 'the indexer answers with an error')
  if (!/<rss\b/.test(xml)) throw new Error('the indexer does not answer with a feed')
  return [...xml.matchAll(/<item>([\s\S]*?)<\/item>/g)].map(([, item = '']) => {
    const attributes = [...item.matchAll(/<(?:torznab|newznab):attr\b[^>]*>/g)].map(
      ([element]) => [attribute(element, 'name'), attribute(element, 'value')] as const,
    )
    const of = (name: string) => attributes.filter(([each]) => each === name).map(([, value]) => value)
    const enclosure = /<enclosure\b[^>]*>/.exec(item)?.[0] ?? ''
    return {
      title: tag(item, 'title'),
      guid: tag(item, 'guid'),
      link: attribute(enclosure, 'url') || tag(item, 'link'),
      size: Number(tag(item, 'size') || attribute(enclosure, 'length') || of('size')[0] || 0),
      seeders: Number(of('seeders')[0] ?? 0),
      categories: of('category').map(Number),
      infoHash: of('infohash')[0] ?? '',
    }
  })
}

/** A feed of releases. */
export function renderFeed(title: string, releases: readonly Release[]): string {
  const items = releases.map(({ title: name, guid, link, size, seeders, categories, infoHash }) => {
    const attributes = [
      ['seeders', seeders],
      ['peers', seeders],
      ...categories.map(each => ['category', each] as const),
      ...(infoHash === '' ? [] : [['infohash', infoHash] as const]),
    ].map(([each, value]) => `<torznab:attr name="${each}" value="${value}"/>`)
    return `<item><title>${encode(name)}</title><guid>${encode(guid)}</guid><link>${encode(link)}</link><pubDate>${new Date().toUTCString()}</pubDate><size>${size}</size><enclosure url="${encode(link)}" length="${size}" type="application/x-bittorrent"/>${attributes.join('')}</item>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:torznab="http://torznab.com/schemas/2015/feed"><channel><title>${encode(title)}</title>${items.join('')}</channel></rss>`
}

/** What a feed can do. */
export const renderCapabilities = (title: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><caps><server title="${encode(title)}"/><limits max="100" default="100"/><searching><search available="yes" supportedParams="q"/><tv-search available="yes" supportedParams="q,season,ep,tvdbid"/><movie-search available="yes" supportedParams="q,imdbid,tmdbid"/></searching><categories><category id="2000" name="Movies"><subcat id="2040" name="HD"/></category><category id="5000" name="TV"><subcat id="5040" name="HD"/></category></categories></caps>`

/** An error as Torznab tells it. */
export const renderError = (code: number, description: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><error code="${code}" description="${encode(description)}"/>`

/** Asks a feed. Throws an `Error` that says why there is no good answer, and with 401 one that says so. */
export async function askFeed(base: string, apiPath: string, query: Readonly<Record<string, string>>): Promise<string> {
  const answer = await ask(`${base.replace(/\/+$/, '')}${apiPath}?${new URLSearchParams(query)}`)
  const text = await answer.text()
  if (answer.status === 401) throw new Error('Invalid API Key')
  if (!answer.ok) throw new Error(`the indexer answers with code ${answer.status}`)
  return text
}
