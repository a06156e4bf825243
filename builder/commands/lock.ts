import { mkdir, rm } from 'node:fs/promises'
import { renewLock } from '../archive/choose-lock.ts'
import { writePlexLock } from '../archive/plex-lock.ts'
import { resolvePlex } from '../archive/plex-repository.ts'
import type { CommandFunction } from '../cli.ts'
import { parseBuildOptions } from '../options.ts'
import { places } from '../places.ts'
import { lockFiles, plexLockFiles, resolveOptions } from '../prepare.ts'
import { findBase, loadRecipe } from '../recipe/load.ts'
import { packagesFor } from '../recipe/packages.ts'
import { requireArchive } from '../setup/archive.ts'
import { run } from '../shared/run.ts'

/** `npm run lock`: writes what the archive has today for a base into image/appliance.lock.yaml. */
export const lock: CommandFunction = async (args, signal) => {
  const options = parseBuildOptions(args, process.env)
  const { project, store } = places()
  const recipe = await loadRecipe(project)
  const base = findBase(recipe, options.base)
  const chosen = packagesFor(recipe, base)
  await mkdir(store, { recursive: true })
  await requireArchive(base, Object.values(recipe.bases), { mirror: options.mirror })
  const files = lockFiles(project, store)
  const { packages } = await renewLock(
    base.id,
    await resolveOptions(base, chosen, options.mirror),
    chosen,
    files.committed,
    run,
    signal,
  )
  await rm(files.local, { force: true })
  process.stdout.write(`image/appliance.lock.yaml: ${packages.length} packages of ${base.title}\n`)
  if (options.sources === 'online') {
    const plex = await resolvePlex(recipe.appliance.plex.repository, run, signal)
    await writePlexLock(plexLockFiles(project, store).committed, plex)
    process.stdout.write(`image/plex.lock.yaml: Plex ${plex.package.version}\n`)
  }
  return 0
}
