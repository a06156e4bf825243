import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { infoHash } from '../core/bencode.ts'
import { type Asked, type Answered, type Running, serve } from '../core/server.ts'
import { bare } from '../core/titles.ts'
import { renderCapabilities, renderError, renderFeed } from '../core/torznab.ts'

const ENDING = '.torrent'
const TV = [5000, 5040]
const MOVIES = [2000, 2040]

/** Serves a folder of torrents as a feed of Torznab; a torrent's file name is the title of its release. */
export async function startTorznab(folder: string, port: number, apiKey: string): Promise<Running> {
  const names = () =>
    readdirSync(folder)
      .filter(name => name.endsWith(ENDING))
      .map(name => name.slice(0, -ENDING.length))
      .sort()
  const isSeries = (name: string) => /\bs\d{2}e\d{2}\b/i.test(bare(name))
  const xml = (text: string, status = 200): Answered => ({
    status,
    text,
    headers: { 'content-type': 'application/rss+xml' },
  })

  function wanted({ query }: Asked): (name: string) => boolean {
    const words = bare(query.get('q') ?? '')
      .split(' ')
      .filter(Boolean)
    const [season, episode] = [query.get('season'), query.get('ep')]
    const code = season === null || episode === null ? '' : `s${season.padStart(2, '0')}e${episode.padStart(2, '0')}`
    const categories = (query.get('cat') ?? '').split(',').filter(Boolean).map(Number)
    const kind = query.get('t')
    return name => {
      const all = bare(name).split(' ')
      const own = isSeries(name) ? TV : MOVIES
      const inKind = kind === 'search' || (kind === 'tvsearch') === isSeries(name)
      const inCategory = categories.length === 0 || own.some(each => categories.includes(each))
      return inKind && inCategory && words.every(word => all.includes(word)) && (code === '' || all.includes(code))
    }
  }
  function feed(asked: Asked): Answered {
    if (apiKey !== '' && asked.query.get('apikey') !== apiKey) return xml(renderError(100, 'Invalid API Key'), 401)
    const kind = asked.query.get('t')
    if (kind === 'caps') return xml(renderCapabilities('Test feed'))
    if (kind === null || !['search', 'tvsearch', 'movie'].includes(kind))
      return xml(renderError(202, 'No such function'), 400)
    const releases = names()
      .filter(wanted(asked))
      .map(title => {
        const torrent = readFileSync(join(folder, `${title}${ENDING}`))
        const link = `http://${asked.headers.host ?? ''}/torrents/${encodeURIComponent(title)}${ENDING}`
        const size = Number(/6:lengthi(\d+)e/.exec(torrent.toString('latin1'))?.[1] ?? torrent.length)
        return {
          title,
          guid: link,
          link,
          size,
          seeders: 5,
          categories: isSeries(title) ? TV : MOVIES,
          infoHash: infoHash(torrent),
        }
      })
    return xml(renderFeed('Test feed', releases))
  }
  return await serve(
    port,
    [
      { method: 'GET', path: /^\/api$/, answer: feed },
      {
        method: 'GET',
        path: /^\/torrents\/([^/]+)\.torrent$/,
        answer({ caught }) {
          const name = decodeURIComponent(caught[0] ?? '')
          if (!names().includes(name)) return { status: 404, text: '' }
          return {
            status: 200,
            text: readFileSync(join(folder, `${name}${ENDING}`)),
            headers: { 'content-type': 'application/x-bittorrent' },
          }
        },
      },
    ],
    { refuse: () => null, unknown: () => ({ status: 404, text: '' }) },
  )
}
