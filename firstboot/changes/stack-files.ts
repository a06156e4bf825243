import { dirname } from 'node:path'
import { ChangeFailure } from '../apply/failure.ts'
import { composeArguments } from '../docker/compose.ts'
import { closeToNewcomers, isOpenToNewcomers } from '../domain/door.ts'
import type { Catalogue } from '../stack/catalogue.ts'
import { lackingValues, renderCompose, renderEnv } from '../stack/compose.ts'
import { configFolder, hostFolder, isOwnFolder, stackFolder } from '../stack/folders.ts'
import { type SeedFile, stackSeeds, stackValues } from '../stack/sources.ts'
import { exists } from './block-devices.ts'
import { defineChange, type Site } from './change.ts'
import { filesAreThere, makeFolder, type OwnFile, writeFiles } from './files.ts'
import { wantedServices } from './installed-catalogue.ts'
import { StackParams } from './stack-params.ts'
import { USER_ID } from './user.ts'

const owner = { uid: USER_ID, gid: USER_ID }

interface Wanted {
  readonly services: Catalogue
  readonly files: readonly OwnFile[]
  readonly folders: readonly string[]
  readonly seeds: readonly SeedFile[]
}

async function wantedOf(site: Site): Promise<Wanted> {
  const { user } = site.answers
  const services = await wantedServices(site)
  const values = await stackValues(site)
  const lacking = lackingValues(services, values)
  if (lacking.length > 0)
    throw new ChangeFailure(
      `The services cannot be set up: nobody has made up ${lacking.join(', ')}.`,
      'Type "sudo mediaserver apply"; if it happens again, save a report.',
    )
  const folders = services.flatMap(({ name, volumes }) => [
    configFolder(user, name),
    ...volumes.flatMap(({ from }) => (isOwnFolder(from) ? (hostFolder(from, user, name) ?? []) : [])),
  ])
  return {
    services,
    files: [
      { path: `${stackFolder(user)}/compose.yaml`, text: renderCompose(services, user), ...owner },
      { path: `${stackFolder(user)}/.env`, text: renderEnv(services, values), mode: 0o600, ...owner },
    ],
    folders: [...new Set(folders)].sort(),
    seeds: await stackSeeds(site, services),
  }
}

const allThere = async (paths: readonly string[], site: Site): Promise<boolean> =>
  (await Promise.all(paths.map(path => exists(site.path(path))))).every(Boolean)

/** Writes what compose starts the services from, and what each service begins with. Edits of people stay. */
export const stackFiles = defineChange<StackParams>({
  id: 'stack-files',
  where: 'target',
  parse: params => StackParams.parse(params),
  async check(_, site) {
    const { services, files, folders, seeds } = await wantedOf(site)
    const done =
      !(await isOpenToNewcomers(services, site)) &&
      (await filesAreThere(files, site)) &&
      (await allThere([...folders, ...seeds.map(seed => seed.path)], site))
    // An override that is broken is told here, where it can be said whose it is.
    return done && (await composeFault(site)) === null
      ? `compose file for ${services.map(service => service.title).join(', ')}`
      : null
  },
  async apply(_, site) {
    const { services, files, folders, seeds } = await wantedOf(site)
    if (await isOpenToNewcomers(services, site)) await closeToNewcomers(site)
    for (const folder of folders) await makeFolder(site.path(folder), { ...owner, mode: 0o755 })
    for (const seed of seeds) {
      if (await exists(site.path(seed.path))) continue
      await makeFolders(dirname(seed.path), site)
      await writeFiles([{ ...owner, ...seed }], site)
    }
    await writeFiles(files, site)
    const fault = await composeFault(site)
    if (fault !== null) throw fault
  },
})

// Every folder on the way belongs to the user as well: the services write there.
async function makeFolders(folder: string, site: Site): Promise<void> {
  if (await exists(site.path(folder))) return
  await makeFolders(dirname(folder), site)
  await makeFolder(site.path(folder), { ...owner, mode: 0o755 })
}

/** What compose finds wrong with the files, in its last words, and whose fault it is; null when they are right. */
async function composeFault(site: Site): Promise<ChangeFailure | null> {
  const { argv, override } = await composeArguments(site)
  const ended = await site.attempt([...argv, 'config', '--quiet'])
  if (ended.code === 0) return null
  const last = ended.stderr.trim().split('\n').at(-1) ?? ''
  return new ChangeFailure(
    `The compose file is not right: ${last}.`,
    override === null ? 'Save a report, and send it to us.' : `Correct ${override}, or remove it: it is your own.`,
  )
}
