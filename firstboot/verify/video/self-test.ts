import { setTimeout as delay } from 'node:timers/promises'
import type { Secret } from '../../answers/secret.ts'
import { libraryWishes } from '../../plex/libraries.ts'
import type { PlexServer } from '../../plex/server.ts'
import type { Transcoder } from '../../plex/transcode.ts'
import type { Scene } from '../check.ts'

/** Where the film of a new machine lies while it is tried; nothing else is ever there. */
export const selfTestFolder = '/var/lib/plexmediaserver/self-test'

/** What a trial needs where Plex has no film of its own. */
export interface SelfTest {
  readonly scene: Scene
  readonly server: PlexServer
  readonly transcoder: Transcoder
  readonly token: Secret | undefined
}

/** Takes away what a trial has made, also one that was cut short: the library, known by its folder, and the folder. */
export async function removeLeftovers({ scene, server, transcoder, token }: SelfTest): Promise<void> {
  for (const { key, folders } of await server.libraries(token))
    if (folders.length > 0 && folders.every(folder => folder.replace(/\/+$/, '') === selfTestFolder))
      await transcoder.removeLibrary(key)
  if (scene.root.list(selfTestFolder).length > 0) await scene.attempt(['rm', '-rf', '--', selfTestFolder])
}

/**
 * Makes a film of a few seconds and a library for it, gives its number to `use`, and takes both away again. Null when
 * Plex does not take them: then nothing was used.
 */
export async function withSelfTest<T>(test: SelfTest, use: (film: string) => Promise<T>): Promise<T | null> {
  const { scene, server, token } = test
  try {
    if (!(await makeFilm(scene))) return null
    const requests = libraryWishes(scene.answers.language).find(({ folder }) => folder.endsWith('/homevideo'))?.requests
    for (const request of requests ?? []) {
      const own = { ...request, name: 'Self-test (goes away by itself)', locations: [selfTestFolder] }
      if (await server.makeLibrary(own, scene.signal, token, 5000)) break
    }
    const film = await findFilm(test)
    return film === null ? null : await use(film)
  } finally {
    // When the deadline has come, the next look takes away what is left.
    await removeLeftovers(test).catch(() => {})
  }
}

async function makeFilm({ attempt }: Scene): Promise<boolean> {
  const made = await attempt(['install', '-d', '-m', '755', selfTestFolder])
  if (made.code !== 0) return false
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=1920x1080:rate=30:duration=10']
  const film = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', `${selfTestFolder}/Self-test.mp4`]
  const { code } = await attempt(['ffmpeg', '-nostdin', '-v', 'error', '-y', ...picture, ...film])
  return code === 0
}

/** Waits until Plex has found the film, for as long as a scan of one file may take. */
async function findFilm({ scene, server, transcoder, token }: SelfTest): Promise<string | null> {
  for (let look = 0; look < 20; look++) {
    const own = (await server.libraries(token)).find(({ folders }) => folders.includes(selfTestFolder))
    const film = own === undefined ? null : await transcoder.filmOf(own.key)
    if (film !== null) return film
    await delay(1000, undefined, { signal: scene.signal })
  }
  return null
}
