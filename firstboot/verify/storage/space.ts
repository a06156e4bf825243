import type { Check, Finding, Scene } from '../check.ts'
import { failed } from '../finding.ts'
import { filmPlaces } from './films.ts'
import { judgeSpace, type SpaceTroubles } from './judge-space.ts'
import { onFilms } from './mounted.ts'
import { dfArguments, parseSpace } from './parse-space.ts'

async function lookAt(paths: readonly string[], troubles: SpaceTroubles, scene: Scene): Promise<Finding> {
  const ended = await scene.attempt(dfArguments(paths), { quiet: true })
  const spaces = parseSpace(ended.stdout)
  if (ended.code !== 0) {
    const why = ended.stderr.split('\n').find(line => line.trim() !== '') ?? 'it gave no reason'
    return failed(troubles.full, `How much room there is could not be found out: ${why}`)
  }
  return judgeSpace(spaces, troubles)
}

/** Room for films. */
export const filmSpace: Check = {
  id: 'storage-film-space',
  section: 'storage',
  title: 'Room for films',
  how: 'Asks the file system of each film disk how much is left.',
  seconds: 15,
  run: async scene =>
    await onFilms(scene.root, async () => {
      const troubles = { full: 'films-full', little: 'films-nearly-full' }
      return await lookAt(filmPlaces(scene.root).mountpoints, troubles, scene)
    }),
}

/** Room for the system, downloads and everything that programs keep. */
export const systemSpace: Check = {
  id: 'storage-system-space',
  section: 'storage',
  title: 'Room on the system disk',
  how: 'Asks the file systems of the system and of what it keeps how much is left.',
  seconds: 15,
  run: async scene =>
    await lookAt(['/', '/home'], { full: 'system-disk-full', little: 'system-disk-nearly-full' }, scene),
}
