import { stat } from 'node:fs/promises'
import * as z from 'zod/mini'
import { ChangeFailure } from '../apply/failure.ts'
import { defineChange, type Site } from './change.ts'
import { makeFolder } from './files.ts'
import { filmMounts } from './film-mounts.ts'
import { forgetFilms } from './films.ts'
import { USER_ID } from './user.ts'
import { withFilmDisk } from './with-film-disk.ts'

const Params = z.object({ user: z.string() })
type Params = z.infer<typeof Params>

const owner = { uid: USER_ID, gid: USER_ID, mode: 0o755 }

const onSsd = (user: string): string[] =>
  ['downloads', 'downloads/complete', 'downloads/incomplete', 'mediaserver', 'mediaserver/config'].map(
    folder => `/home/${user}/${folder}`,
  )

const forFilms = ['media', 'media/movies', 'media/tv', 'media/homevideo']

const areFolders = async (paths: readonly string[]): Promise<boolean> => {
  for (const path of paths) if (!(await stat(path).catch(() => null))?.isDirectory()) return false
  return true
}

/** Makes the folders for downloads and films. What is there already is neither moved nor given to somebody else. */
export const folders = defineChange<Params>({
  id: 'folders',
  where: 'target',
  parse: params => Params.parse(params),
  async check({ user }, site) {
    if (!(await areFolders(onSsd(user).map(path => site.path(path))))) return null
    const ready = await withFilms(site, async data => await areFolders(forFilms.map(folder => `${data}/${folder}`)))
    return ready ? 'folders for downloads, movies, tv, homevideo' : null
  },
  async apply({ user }, site) {
    for (const path of onSsd(user)) await makeFolder(site.path(path), owner)
    await withFilms(site, async data => {
      for (const folder of forFilms)
        await makeFolder(`${data}/${folder}`, owner).catch((error: NodeJS.ErrnoException) => {
          throw filmFolderFailure(error)
        })
    })
  },
})

const REASONS: Readonly<Record<string, ConstructorParameters<typeof ChangeFailure>>> = {
  // The folder below a film disk is immutable, see mounts.ts.
  EPERM: ['The disk with the films is not there.', 'Look at its cable and power. Once it is there, try again.'],
  EROFS: [
    'The film disk can only be read, so it gets no folders.',
    'If it was used with Windows: shut Windows down fully (not "fast startup"), then try again.',
  ],
  ENOSPC: [
    'The film disk is full, so it gets no folders.',
    'Delete something on it, here in a shell or with the computer it comes from, then try again.',
  ],
}

/** Why a film disk gets no folders, with what a person can do about it; other errors stay what they are. Pure. */
export function filmFolderFailure(error: NodeJS.ErrnoException): Error {
  const reason = REASONS[error.code ?? '']
  return reason === undefined ? error : new ChangeFailure(...reason)
}

/** Gives the folder where films lie; a film disk is mounted apart while the system is set up. */
async function withFilms<T>(site: Site, body: (data: string) => Promise<T>): Promise<T> {
  if (site.target === '') return await body('/data')
  const film = (await filmMounts(site)).find(each => each.mountpoint === '/data')
  if (film === undefined) return await body(site.path('/state/data'))
  try {
    return await withFilmDisk(film.uuid, film, site, body)
  } catch (error) {
    // Whoever mends it may change what is on it, and the films are compared with what is remembered of them.
    await forgetFilms(film.uuid, site)
    throw error
  }
}
