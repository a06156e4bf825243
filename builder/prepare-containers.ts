import { join } from 'node:path'
import { chooseLock, imageSources } from './archive/choose-lock.ts'
import { type LockedContainer, readContainerLock, writeContainerLock } from './archive/lock.ts'
import { lockFiles, resolveOptions } from './archive/requests.ts'
import { resolveContainer } from './containers/registry.ts'
import type { BuildOptions } from './options.ts'
import type { ContainerInputs } from './plan/plan-build.ts'
import { findBase } from './recipe/load.ts'
import type { ChosenPackage } from './recipe/packages.ts'
import { checkYaml } from './recipe/problems.ts'
import { type Base, packageGroupSchema, type Recipe } from './recipe/schema.ts'
import { readYaml } from './recipe/yaml-file.ts'
import { positionOf } from '../firstboot/text/yaml-text.ts'
import { requireArchive } from './setup/archive.ts'
import { UserError, UserErrors } from './shared/errors.ts'
import { sha256 } from './shared/hash.ts'
import { digestOfTree } from './shared/files.ts'
import type { Runner } from './shared/run.ts'
import { STANDIN_FOLDER } from './steps/standin-containers.ts'

/** The base whose packages the containers of the demo are made of, whatever base the image has. */
const STANDIN_BASE = 'debian-13'

/** The name of their packages in a lock file. */
const STANDIN_LOCK = 'standin'

// What their containers are made from; the stand-in of Plex is no container.
const STANDIN_PARTS = ['images', 'programs']
const PACKAGES_FILE = `${STANDIN_FOLDER}/images/packages.yaml`

/** What the plan needs to know of containers, and where the packages of stand-ins come from. */
export interface PreparedContainers {
  readonly containers: ContainerInputs
  /** A sources.list; empty where there are no stand-ins. */
  readonly standinSources: string
}

/** Reads what the containers of an image are made from; downloads at most indexes and manifests. */
export async function prepareContainers(
  project: string,
  store: string,
  recipe: Recipe,
  options: BuildOptions,
  run: Runner,
  signal?: AbortSignal,
): Promise<PreparedContainers> {
  if (options.sources === 'standin') return await prepareStandins(project, store, recipe, options, run, signal)
  const locked = await chooseContainers(project, store, recipe, options, run, signal)
  const images = Object.fromEntries(
    recipe.services.map(({ name, image }) => [name, { reference: image, ...pinOf(locked, image) }]),
  )
  return { containers: { kind: 'registry', images }, standinSources: '' }
}

function pinOf(locked: Readonly<Record<string, LockedContainer>>, image: string): LockedContainer {
  const found = locked[image]
  if (found === undefined) throw new TypeError(`${image} was not locked`)
  return found
}

/** The locked images: those of the committed lock, then what this machine was answered before, then what a registry says. */
async function chooseContainers(
  project: string,
  store: string,
  recipe: Recipe,
  options: Pick<BuildOptions, 'locked'>,
  run: Runner,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, LockedContainer>>> {
  const files = lockFiles(project, store)
  const committed = await readContainerLock(files.committed)
  const local = await readContainerLock(files.local)
  const known = options.locked ? committed : { ...local, ...committed }
  const lacking = recipe.services.filter(({ image }) => known[image] === undefined)
  if (lacking.length === 0) return known
  if (options.locked)
    throw new UserErrors(
      lacking.map(
        ({ image }) => new UserError(`image/appliance.lock.yaml does not hold ${image}.`, 'Make it anew: npm run lock'),
      ),
    )
  const found = await resolveContainers(
    lacking.map(({ image }) => image),
    run,
    signal,
  )
  await writeContainerLock(files.local, { ...local, ...found })
  return { ...known, ...found }
}

/** Asks registries for images by their tags; every one that cannot be had is in the one error that it throws. */
export async function resolveContainers(
  images: readonly string[],
  run: Runner,
  signal?: AbortSignal,
): Promise<Record<string, LockedContainer>> {
  const found: Record<string, LockedContainer> = {}
  const problems: UserError[] = []
  for (const image of images) {
    try {
      found[image] = await resolveContainer(image, run, signal)
    } catch (error) {
      if (!(error instanceof UserError) || signal?.aborted === true) throw error
      problems.push(error)
    }
  }
  if (problems.length > 0) throw new UserErrors(problems)
  return found
}

/** The packages that the stand-ins of the demo are made of. */
export async function standinRequest(project: string, recipe: Recipe, override?: string) {
  const base = findBase(recipe, STANDIN_BASE)
  const chosen = await standinPackages(project)
  return { name: STANDIN_LOCK, base, chosen, resolve: await resolveOptions(base, chosen, override) }
}

async function standinPackages(project: string): Promise<ChosenPackage[]> {
  const source = await readYaml(project, PACKAGES_FILE)
  const checked = checkYaml(source, packageGroupSchema)
  if ('problems' in checked) throw new UserErrors(checked.problems)
  return checked.value.packages.map(({ name, why }, index) => ({
    name,
    why,
    file: PACKAGES_FILE,
    line: positionOf(source, ['packages', index]).line,
  }))
}

/**
 * A mirror that was named serves the base of the image; it serves the stand-ins when both are of one family. A whole line of
 * a sources.list names a suite, and serves that alone.
 */
export function standinMirror(base: Base, recipe: Recipe, mirror?: string): string | undefined {
  if (base.id === STANDIN_BASE) return mirror
  const servesBoth = base.family === findBase(recipe, STANDIN_BASE).family && mirror?.startsWith('deb ') !== true
  return servesBoth ? mirror : undefined
}

async function prepareStandins(
  project: string,
  store: string,
  recipe: Recipe,
  options: BuildOptions,
  run: Runner,
  signal?: AbortSignal,
): Promise<PreparedContainers> {
  const mirror = standinMirror(findBase(recipe, options.base), recipe, options.mirror)
  const { name, base, chosen, resolve } = await standinRequest(project, recipe, mirror)
  const reachable = () => requireArchive(base, Object.values(recipe.bases), { mirror })
  const lock = await chooseLock(
    name,
    resolve,
    chosen,
    lockFiles(project, store),
    { ...options, reachable },
    run,
    signal,
  )
  return {
    containers: {
      kind: 'standin',
      suite: base.suite,
      packages: [...resolve.request.packages],
      lock,
      images: recipe.services.map(service => ({
        service: service.name,
        reference: standinReference(service.name, service.image),
      })),
      files: sha256(
        (await Promise.all(STANDIN_PARTS.map(part => digestOfTree(join(project, STANDIN_FOLDER, part))))).join(),
      ),
    },
    standinSources: await imageSources(resolve, join(store, 'sources'), run),
  }
}

/** The name of a stand-in: its own, so that nobody takes it for the real image, with the same tag. */
export const standinReference = (service: string, image: string): string =>
  `registry.standin.test/${service}${image.slice(image.lastIndexOf(':'))}`
