import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { LockedPackage } from '../archive/lock.ts'
import { plexKeyPath, plexSources } from '../archive/plex-repository.ts'
import type { StepHandler } from '../execute/execute-plan.ts'
import { plexSchema } from '../recipe/plex.ts'
import { sha256OfFile } from '../shared/hash.ts'
import { fetchPackage, stanza } from './packages.ts'
import { makeStandinPlex } from './plex-standin.ts'

/** Parameters of the step `plex`. */
export const PlexParams = z.object({
  install: z.enum(['baked', 'first-boot']),
  sources: z.enum(['online', 'standin']),
  repository: plexSchema.shape.repository,
  /** Of the lock; null in a stand-in image. */
  locked: z.nullable(z.object({ key: z.string(), package: LockedPackage })),
  epoch: z.number().int(),
})
export type PlexParams = z.infer<typeof PlexParams>

/** Names of the files in the step's result. */
export const plexFiles = {
  sources: 'mediaserver-plex.sources',
  key: 'mediaserver-plex.asc',
  index: 'Packages',
} as const

/**
 * What the image gets of Plex: the repository and its key, and for a baked one a small apt archive with its package. A
 * stand-in is made here from `test/standin/plex`, and its repository, where it has one, needs no key.
 */
export const plexStep: StepHandler = async ({ step, project, out, store, run, signal, progress }) => {
  const { install, sources, repository, locked, epoch } = PlexParams.parse(step.params)
  await writeFile(join(out, plexFiles.key), locked?.key ?? '')
  await writeFile(join(out, plexFiles.sources), plexSources(repository, locked === null ? undefined : plexKeyPath))
  await writeFile(join(out, plexFiles.index), '')
  if (install === 'first-boot') return
  const deb = join(out, 'plexmediaserver.deb')
  if (sources === 'standin') await makeStandinPlex(project, deb, epoch, run, signal)
  else if (locked !== null) {
    const kept = store.sidePath('debs')
    await mkdir(kept, { recursive: true })
    const download = join(kept, `${locked.package.sha256}.deb`)
    if ((await sha256OfFile(download).catch(() => '')) !== locked.package.sha256) {
      let done = 0
      await fetchPackage(locked.package, download, [repository.uri.replace(/\/$/, '')], signal, bytes => {
        done += bytes
        progress('downloading Plex', done, locked.package.size)
      })
    }
    await copyFile(download, deb)
  }
  await writeFile(join(out, plexFiles.index), await stanza(deb, './plexmediaserver.deb', run))
}
