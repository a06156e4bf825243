import { copyFileSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { infoHash } from '../core/bencode.ts'
import { ask } from '../core/out.ts'
import { askFeed, parseFeed, type Release } from '../core/torznab.ts'
import type { ArrApp } from './app.ts'
import { tellPlex } from './plex.ts'
import { entriesOf, type StoredProvider, textOf } from './providers.ts'
import { Qbittorrent, type Torrent } from './qbittorrent.ts'

/** One film or episode that is wanted, and where it goes. */
export interface Wanted {
  readonly id: number
  /** What indexers are asked. */
  readonly query: Readonly<Record<string, string>>
  /** Whether a release is this one, by its title. */
  readonly matches: (title: string) => boolean
  /** Its file without the ending. */
  readonly destination: string
  /** The folder that Plex is told of. */
  readonly folder: string
}

/** What waits for its download. */
export interface Queued {
  readonly hash: string
  readonly title: string
  readonly wantedIds: readonly number[]
  /** As the interface calls it: of the torrent, and of the import. */
  status: 'queued' | 'downloading' | 'completed' | 'warning'
  importState: 'downloading' | 'importPending' | 'imported'
  message: string
  size: number
  left: number
}

/** One thing that happened. */
export interface Event {
  readonly date: string
  readonly eventType: 'grabbed' | 'downloadFolderImported'
  readonly sourceTitle: string
  readonly downloadId: string
  readonly importedPath: string
}

/** What a program has to tell about its films or episodes. */
export interface Shelf {
  readonly categoryField: string
  readonly plexKind: 'show' | 'movie'
  readonly queue: () => Queued[]
  readonly history: () => Event[]
  readonly wanted: (id: number) => Wanted | null
  /** Says that a file is there now. */
  readonly arrived: (id: number, path: string) => void
}

const FILMS = new Set(['.mkv', '.mp4', '.avi', '.m4v', '.webm', '.ts', '.mov'])
/** Looks for releases, hands them to qBittorrent, and takes what is complete to its place: copied, as across disks. */
export class Downloads {
  readonly #app: ArrApp
  readonly #shelf: Shelf
  readonly #log: (line: string) => void
  #timer: NodeJS.Timeout | undefined
  #busy: Promise<void> = Promise.resolve()

  constructor(app: ArrApp, shelf: Shelf) {
    this.#app = app
    this.#shelf = shelf
    this.#log = app.start.log
  }

  start(): void {
    this.#timer = setInterval(() => void this.check(), this.#app.start.pollMilliseconds)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#busy
  }

  /** Looks for these, and grabs the best release of each that nothing waits for yet. */
  async search(ids: readonly number[]): Promise<void> {
    for (const id of ids) {
      if (this.#shelf.queue().some(each => each.wantedIds.includes(id) && each.importState !== 'imported')) continue
      const wanted = this.#shelf.wanted(id)
      if (wanted === null) continue
      const [best] = (await this.#find(wanted)).sort((a, b) => b.seeders - a.seeders)
      if (best === undefined) this.#log(`nothing found for ${Object.values(wanted.query).join(' ')}`)
      else
        await this.#grab(
          best,
          ids.filter(each => this.#shelf.wanted(each)?.matches(best.title)),
        )
    }
  }

  async #find({ query, matches }: Wanted): Promise<Release[]> {
    const found: Release[] = []
    for (const { values, settings, name } of entriesOf(this.#app, 'indexer')) {
      if (settings['enableAutomaticSearch'] !== true) continue
      const cat = Array.isArray(values['categories']) ? values['categories'].join(',') : ''
      try {
        const xml = await askFeed(textOf(values, 'baseUrl'), textOf(values, 'apiPath'), {
          ...query,
          cat,
          apikey: textOf(values, 'apiKey'),
        })
        const minimum = Number(values['minimumSeeders'] ?? 0)
        found.push(...parseFeed(xml).filter(each => matches(each.title) && each.seeders >= minimum))
      } catch (error) {
        this.#log(`${name}: ${(error as Error).message}`)
      }
    }
    return found
  }

  #client(): { client: Qbittorrent; category: string; entry: StoredProvider } | null {
    const entry = entriesOf(this.#app, 'downloadclient').find(each => each.settings['enable'] === true)
    if (entry === undefined) return null
    return { client: new Qbittorrent(entry.values), category: textOf(entry.values, this.#shelf.categoryField), entry }
  }

  async #grab(release: Release, wantedIds: readonly number[]): Promise<void> {
    const chosen = this.#client()
    if (chosen === null) return this.#log('no download client is switched on')
    try {
      const answer = await ask(release.link)
      if (!answer.ok) throw new Error(`its torrent cannot be fetched: code ${answer.status}`)
      const torrent = Buffer.from(await answer.arrayBuffer())
      const hash = infoHash(torrent)
      await chosen.client.add(torrent, release.title, chosen.category)
      this.#shelf.queue().push({
        hash,
        title: release.title,
        wantedIds,
        status: 'queued',
        importState: 'downloading',
        message: '',
        size: release.size,
        left: release.size,
      })
      this.#note('grabbed', release.title, hash)
    } catch (error) {
      this.#log(`${release.title} was not grabbed: ${(error as Error).message}`)
    }
    this.#app.state.save()
  }

  #note(eventType: Event['eventType'], sourceTitle: string, downloadId: string, importedPath = ''): void {
    this.#shelf.history().push({
      date: new Date().toISOString(),
      eventType,
      sourceTitle,
      downloadId: downloadId.toUpperCase(),
      importedPath,
    })
  }

  /** Looks how downloads do, one look at a time. */
  check(): Promise<void> {
    this.#busy = this.#busy
      .then(() => this.#check())
      .catch((error: unknown) => this.#log(`downloads cannot be looked at: ${(error as Error).message}`))
    return this.#busy
  }

  async #check(): Promise<void> {
    const waiting = this.#shelf.queue().filter(each => each.importState !== 'imported')
    const chosen = this.#client()
    if (waiting.length === 0 || chosen === null) return
    const torrents = await chosen.client.torrents(chosen.category)
    for (const queued of waiting) {
      const torrent = torrents.find(each => each.hash.toLowerCase() === queued.hash)
      if (torrent === undefined) continue
      queued.size = torrent.size
      queued.left = Math.round(torrent.size * (1 - torrent.progress))
      queued.status = torrent.progress === 1 ? 'completed' : 'downloading'
      if (torrent.progress < 1 || /^(checking|moving|metaDL)/i.test(torrent.state)) continue
      await this.#import(queued, torrent)
      if (
        queued.importState === 'imported' &&
        chosen.entry.settings['removeCompletedDownloads'] === true &&
        /^(stopped|paused)UP$/.test(torrent.state)
      )
        await chosen.client.remove(torrent.hash, true)
    }
    this.#app.state.save()
  }

  async #import(queued: Queued, torrent: Torrent): Promise<void> {
    queued.importState = 'importPending'
    const { root } = this.#app.start
    const content =
      root !== '' && !torrent.content_path.startsWith(root) ? join(root, torrent.content_path) : torrent.content_path
    try {
      const files = filmsBelow(content)
      const folders = new Set<string>()
      for (const id of queued.wantedIds) {
        const wanted = this.#shelf.wanted(id)
        if (wanted === null) continue
        const file =
          files.find(each => wanted.matches(each.split('/').at(-1) ?? '')) ??
          (queued.wantedIds.length === 1 ? files[0] : undefined)
        if (file === undefined) continue
        const path = `${wanted.destination}${extname(file)}`
        copyInto(file, join(root, path))
        this.#shelf.arrived(id, path)
        this.#note('downloadFolderImported', queued.title, queued.hash, path)
        folders.add(wanted.folder)
      }
      if (folders.size === 0) throw new Error('No files found are eligible for import')
      queued.importState = 'imported'
      queued.message = ''
      await this.#tell([...folders])
    } catch (error) {
      queued.status = 'warning'
      queued.message = (error as Error).message
    }
  }

  async #tell(folders: readonly string[]): Promise<void> {
    for (const { implementation, settings, values, name } of entriesOf(this.#app, 'notification')) {
      if (implementation !== 'PlexServer' || settings['onDownload'] !== true) continue
      for (const folder of folders)
        await tellPlex(values, this.#shelf.plexKind, folder).catch((error: unknown) =>
          this.#log(`${name}: ${(error as Error).message}`),
        )
    }
  }
}

function filmsBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return FILMS.has(extname(path)) ? [path] : []
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map(name => join(path, name))
    .filter(name => FILMS.has(extname(name)) && statSync(name).isFile())
    .sort()
}

// Under another name until it is whole, so that nobody sees half a film.
function copyInto(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(from, `${to}.partial~`)
  renameSync(`${to}.partial~`, to)
}
