import { mkdir, rm } from 'node:fs/promises'
import { renewLock } from '../archive/choose-lock.ts'
import { writeContainerLock } from '../archive/lock.ts'
import { writePlexLock } from '../archive/plex-lock.ts'
import { resolvePlex } from '../archive/plex-repository.ts'
import { lockFiles, plexLockFiles, resolveOptions } from '../archive/requests.ts'
import type { CommandFunction } from './command.ts'
import { parseBuildOptions } from '../options.ts'
import { places } from '../places.ts'
import { resolveContainers, standinMirror, standinRequest } from '../prepare-containers.ts'
import { findBase, loadRecipe } from '../recipe/load.ts'
import { packagesFor } from '../recipe/packages.ts'
import { requireArchive } from '../setup/archive.ts'
import { formatBytes } from '../shared/format.ts'
import { run } from '../shared/run.ts'

/**
 * `npm run lock`: writes what there is today into image/appliance.lock.yaml: the packages of a base, and the container
 * images, or with `--sources standin` the packages of those of the demo.
 */
export const lock: CommandFunction = async (args, signal) => {
  const options = parseBuildOptions(args, process.env)
  const { project, store } = places()
  const recipe = await loadRecipe(project)
  const base = findBase(recipe, options.base)
  const files = lockFiles(project, store)
  const bases = Object.values(recipe.bases)
  const say = (words: string) => void process.stdout.write(`image/appliance.lock.yaml: ${words}\n`)
  await mkdir(store, { recursive: true })

  const chosen = packagesFor(recipe, base)
  await requireArchive(base, bases, { mirror: options.mirror })
  const resolve = await resolveOptions(base, chosen, options.mirror)
  const { packages } = await renewLock(base.id, resolve, chosen, files.committed, run, signal)
  say(`${packages.length} packages of ${base.title}`)

  if (options.sources === 'standin') {
    const mirror = standinMirror(base, recipe, options.mirror)
    const standin = await standinRequest(project, recipe, mirror)
    await requireArchive(standin.base, bases, { mirror })
    const renewed = await renewLock(standin.name, standin.resolve, standin.chosen, files.committed, run, signal)
    say(`${renewed.packages.length} packages for the stand-ins of the demo`)
  } else {
    const images = await resolveContainers(
      recipe.services.map(({ image }) => image),
      run,
      signal,
    )
    await writeContainerLock(files.committed, images)
    const bytes = Object.values(images).reduce((sum, image) => sum + image.bytes, 0)
    say(`${recipe.services.length} containers, ${formatBytes(bytes)} to download`)
    const plex = await resolvePlex(recipe.appliance.plex.repository, run, signal)
    await writePlexLock(plexLockFiles(project, store).committed, plex)
    process.stdout.write(`image/plex.lock.yaml: Plex ${plex.package.version}\n`)
  }
  await rm(files.local, { force: true })
  return 0
}
