import { accessSync, constants, readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Asked, jsonOf, type Route } from '../core/server.ts'
import { bind, invalid, malformed } from '../core/validation.ts'
import type { ArrApp } from './app.ts'
import type { Downloads, Event, Queued, Shelf } from './downloads.ts'

/** A folder that films or series go to. */
export interface RootFolder {
  readonly id: number
  readonly path: string
}

/** The quality profiles that a fresh program has. */
export const profiles = ['Any', 'SD', 'HD-720p', 'HD-1080p', 'Ultra-HD', 'HD - 720p/1080p'].map((name, index) => ({
  id: index + 1,
  name,
  upgradeAllowed: false,
  cutoff: 1,
  items: [],
  minFormatScore: 0,
  cutoffFormatScore: 0,
  formatItems: [],
}))

/** What is kept of a list under a name. */
export const keptList = <T>(app: ArrApp, name: string): T[] => (app.state.value.more[name] ??= []) as T[]

const rootFolders = (app: ArrApp): RootFolder[] => keptList<RootFolder>(app, 'rootFolders')

/** Why a folder cannot be used; null when it can. */
function refused(app: ArrApp, path: string): string | null {
  if (!path.startsWith('/')) return 'Invalid Path'
  if (rootFolders(app).some(each => each.path.replace(/\/+$/, '') === path.replace(/\/+$/, '')))
    return 'Path is already configured as a root folder'
  if (path.startsWith('/config')) return 'Path cannot be an ancestor of the start up folder'
  const real = join(app.start.root, path)
  try {
    if (!statSync(real).isDirectory()) return `Path '${path}' does not exist`
    accessSync(real, constants.W_OK)
    return null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? `Path '${path}' does not exist`
      : `Folder '${path}' is not writable by user 'abc'`
  }
}

function shownFolder(app: ArrApp, { id, path }: RootFolder) {
  const real = join(app.start.root, path)
  try {
    const { bavail, bsize } = statfsSync(real)
    const unmappedFolders = readdirSync(real, { withFileTypes: true })
      .filter(each => each.isDirectory())
      .map(({ name }) => ({ name, path: join(path, name), relativePath: name }))
    return { id, path, accessible: true, freeSpace: bavail * bsize, unmappedFolders }
  } catch {
    return { id, path, accessible: false, freeSpace: 0, unmappedFolders: [] }
  }
}

/** What Sonarr and Radarr have alike besides their films and series: folders, profiles, tags, the queue, commands. */
export function addCommon(
  app: ArrApp,
  downloads: Downloads,
  shelf: Shelf,
  search: (command: Record<string, unknown>) => readonly number[],
): void {
  const { api } = app.spec
  const at = (path: string) => new RegExp(`^${api}${path}$`)
  const tags = keptList<{ id: number; label: string }>(app, 'tags')
  const commands: Record<string, unknown>[] = []
  const list =
    <T>(of: () => readonly T[], shape: (each: T) => unknown = each => each): Route['answer'] =>
    () => ({ status: 200, json: of().map(shape) })
  const paged = (records: readonly unknown[], { query }: Asked) => {
    const size = Number(query.get('pageSize') ?? 10)
    const page = Number(query.get('page') ?? 1)
    return {
      status: 200,
      json: {
        page,
        pageSize: size,
        sortKey: '',
        sortDirection: 'default',
        totalRecords: records.length,
        records: records.slice((page - 1) * size, page * size),
      },
    }
  }
  app.routes.push(
    {
      method: 'GET',
      path: at('/rootfolder'),
      answer: list(
        () => rootFolders(app),
        each => shownFolder(app, each),
      ),
    },
    {
      method: 'POST',
      path: at('/rootfolder'),
      body: 'json',
      answer(asked) {
        const bound = bind(jsonOf(asked), { path: '' })
        if ('wrong' in bound) return malformed(bound.wrong, 'The JSON value could not be converted.')
        const why = refused(app, bound.value.path)
        if (why !== null) return invalid([{ propertyName: 'Path', errorMessage: why }])
        const folder = { id: app.id(), path: bound.value.path }
        rootFolders(app).push(folder)
        app.state.save()
        return { status: 201, json: shownFolder(app, folder) }
      },
    },
    {
      method: 'DELETE',
      path: at('/rootfolder/(\\d+)'),
      answer({ caught }) {
        const index = rootFolders(app).findIndex(each => each.id === Number(caught[0]))
        if (index < 0) return { status: 404, json: { message: 'NotFound' } }
        rootFolders(app).splice(index, 1)
        app.state.save()
        return { status: 200, json: {} }
      },
    },
    { method: 'GET', path: new RegExp(`^${api}/qualityprofile$`, 'i'), answer: list(() => profiles) },
    { method: 'GET', path: at('/tag'), answer: list(() => tags) },
    {
      method: 'POST',
      path: at('/tag'),
      body: 'json',
      answer(asked) {
        const bound = bind(jsonOf(asked), { label: '' })
        if ('wrong' in bound) return malformed(bound.wrong, 'The JSON value could not be converted.')
        const label = bound.value.label.toLowerCase()
        const tag = tags.find(each => each.label === label) ?? { id: app.id(), label }
        if (!tags.includes(tag)) tags.push(tag)
        app.state.save()
        return { status: 201, json: tag }
      },
    },
    {
      method: 'GET',
      path: at('/queue'),
      answer: asked =>
        paged(
          shelf
            .queue()
            .filter(each => each.importState !== 'imported')
            .map(shownQueued),
          asked,
        ),
    },
    {
      method: 'GET',
      path: at('/history'),
      answer: asked => paged(shelf.history().toReversed().map(shownEvent), asked),
    },
    { method: 'GET', path: at('/command'), answer: list(() => commands) },
    {
      method: 'GET',
      path: at('/command/(\\d+)'),
      answer({ caught }) {
        const command = commands.find(each => each['id'] === Number(caught[0]))
        return command === undefined ? { status: 404, json: { message: 'NotFound' } } : { status: 200, json: command }
      },
    },
    {
      method: 'POST',
      path: at('/command'),
      body: 'json',
      answer(asked) {
        const body = (jsonOf(asked) ?? {}) as Record<string, unknown>
        const { name } = body
        if (typeof name !== 'string') return malformed('$.name', 'The name field is required.')
        const command: Record<string, unknown> = {
          id: commands.length + 1,
          name,
          commandName: name,
          status: 'started',
          queued: new Date().toISOString(),
          trigger: 'manual',
        }
        commands.push(command)
        const work = name === 'RefreshMonitoredDownloads' ? downloads.check() : downloads.search(search(body))
        void work.then(
          () => (command['status'] = 'completed'),
          () => (command['status'] = 'failed'),
        )
        return { status: 201, json: command }
      },
    },
  )
}

const shownQueued = (each: Queued, index: number) => ({
  id: index + 1,
  title: each.title,
  status: each.status,
  trackedDownloadStatus: each.status === 'warning' ? 'warning' : 'ok',
  trackedDownloadState: each.importState,
  statusMessages: each.message === '' ? [] : [{ title: each.title, messages: [each.message] }],
  downloadId: each.hash.toUpperCase(),
  protocol: 'torrent',
  downloadClient: 'qBittorrent',
  size: each.size,
  sizeleft: each.left,
})

const shownEvent = ({ date, eventType, sourceTitle, downloadId, importedPath }: Event, index: number) => ({
  id: index + 1,
  date,
  eventType,
  sourceTitle,
  downloadId,
  data: importedPath === '' ? {} : { importedPath },
})

/** A folder's or file's name: what file systems do not like is left out. */
export const fileName = (text: string): string => text.replace(/[/\\:*?"<>|]/g, '').trim()
