import type { BaseLock } from '../archive/lock.ts'
import type { CarriedImages } from '../containers/carried.ts'
import type { ServiceRecipe } from '../recipe/service-schema.ts'
import type { PlexLock } from '../archive/plex-lock.ts'
import type { PlexInstall, PlexRecipe } from '../recipe/plex.ts'
import { canonicalJson, guidFrom, sha256 } from '../shared/hash.ts'
import { rootRecipe } from '../steps/root-command.ts'
import { keyParts, stepKey } from './step-key.ts'
import type { Plan, PlannedStep, StepDraft } from './types.ts'

/** Everything a plan is made from; nothing in here is read from the machine while planning. */
export interface BuildInputs {
  readonly product: { readonly name: string; readonly id: string; readonly version: string }
  readonly flavour: 'core' | 'full'
  readonly sources: 'online' | 'standin'
  readonly base: {
    readonly id: string
    readonly title: string
    readonly suite: string
    readonly vendor: string
    readonly shim: string
    readonly mokManager: string
    readonly signedGrub: string
  }
  readonly packages: string[]
  readonly disable: string[]
  readonly system: {
    readonly hostname: string
    readonly locale: string
    readonly timezone: string
    readonly keyboard: string
  }
  readonly sizes: { readonly espBytes: number; readonly configBytes: number }
  readonly compressionLevel: number
  readonly lock: BaseLock
  readonly services: readonly ServiceRecipe[]
  readonly containers: ContainerInputs
  /** How the image gets Plex; `locked` only where it comes from its maker. */
  readonly plex: {
    readonly install: PlexInstall
    readonly repository: PlexRecipe['repository']
    readonly locked: PlexLock | null
  }
  /** Whether the image holds what its builder may not hand on. */
  readonly private: boolean
  /** The lines of the image's own sources.list. */
  readonly aptSources: string
  /** Digests of files outside the store. */
  readonly digests: {
    readonly node: string
    readonly overlayRoot: string
    readonly overlayFirstboot: string
    readonly overlayConfig: string
    readonly grubTemplate: string
    readonly firstboot: string
    readonly npmLock: string
    /** Of `test/standin/plex`; empty where nothing is made from it. */
    readonly standinPlex: string
  }
  /** Versions of the programs that shape the bytes. */
  readonly tools: Readonly<
    Record<'mmdebstrap' | 'mksquashfs' | 'mkfs.vfat' | 'mtools' | 'cpio' | 'zstd' | 'sfdisk', string>
  >
}

/** Where the images of the services come from. */
export type ContainerInputs =
  | { readonly kind: 'registry'; readonly images: CarriedImages }
  | {
      readonly kind: 'standin'
      readonly suite: string
      readonly packages: readonly string[]
      readonly lock: BaseLock
      readonly images: readonly { readonly service: string; readonly reference: string }[]
      /** Digest of the files that stand-ins are made of. */
      readonly files: string
    }

/** The steps that end in a layout of containers: none where an image neither carries nor makes them. */
function containerDrafts({ containers, flavour, lock, tools, digests }: BuildInputs): (() => StepDraft)[] {
  const payload = () => ({
    id: 'payload' as const,
    version: 1,
    title: 'make the payload partition',
    params: { epoch: lock.epoch },
    needs: ['containers' as const],
    inputs: {},
    tools: { mksquashfs: tools.mksquashfs },
  })
  const carried = flavour === 'full' ? [payload] : []
  if (containers.kind === 'registry')
    return flavour === 'core'
      ? []
      : [
          () => ({
            id: 'containers',
            version: 1,
            title: `fetch ${Object.keys(containers.images).length} containers`,
            params: { images: containers.images },
            needs: [],
            inputs: {},
            tools: {},
          }),
          ...carried,
        ]
  return [
    () => ({
      id: 'container-packages',
      version: 1,
      title: `fetch ${containers.lock.packages.length} packages for the stand-ins`,
      params: { packages: containers.lock.packages },
      needs: [],
      inputs: {},
      tools: {},
    }),
    () => ({
      id: 'containers',
      version: 1,
      title: `make ${containers.images.length} stand-in containers`,
      params: {
        suite: containers.suite,
        packages: containers.packages,
        epoch: containers.lock.epoch,
        images: containers.images,
      },
      needs: ['container-packages'],
      inputs: { 'test/standin': containers.files, 'Node for the containers': digests.node },
      tools: { mmdebstrap: tools.mmdebstrap, zstd: tools.zstd },
    }),
    ...carried,
  ]
}

function drafts(inputs: BuildInputs, name: string, keyOf: (id: string) => string): (() => StepDraft)[] {
  const { base, product, lock, tools, digests } = inputs
  const { epoch } = lock
  const guids = () => {
    const seed = (part: string) => guidFrom(`${name} ${part} ${keyOf('root')}`)
    return {
      disk: seed('disk'),
      bios: seed('bios'),
      esp: seed('esp'),
      config: seed('config'),
      root: seed('root'),
      payload: seed('payload'),
    }
  }
  const manifest = {
    product: product.name,
    version: product.version,
    base: base.id,
    flavour: inputs.flavour,
    sources: inputs.sources,
    plex: inputs.plex.install,
  }
  const rootParams = {
    suite: base.suite,
    packages: inputs.packages,
    disable: inputs.disable,
    system: inputs.system,
    sources: inputs.aptSources,
    epoch,
    compressionLevel: inputs.compressionLevel,
    shim: base.shim,
    mokManager: base.mokManager,
    signedGrub: base.signedGrub,
    plex: {
      install: inputs.plex.install,
      signed: inputs.plex.locked !== null,
      repository: inputs.sources === 'online' || inputs.plex.install === 'first-boot',
    },
  }
  return [
    () => ({
      id: 'packages',
      version: 1,
      title: `fetch ${lock.packages.length} packages of ${base.title}`,
      params: { packages: lock.packages },
      needs: [],
      inputs: {},
      tools: {},
    }),
    () => ({
      id: 'plex',
      version: 1,
      title: plexTitle(inputs),
      params: { ...inputs.plex, sources: inputs.sources, epoch },
      needs: [],
      inputs: digests.standinPlex === '' ? {} : { 'test/standin/plex': digests.standinPlex },
      tools: {},
    }),
    () => ({
      id: 'root',
      version: 1,
      title: 'make the root file system',
      needs: ['packages', 'plex'],
      params: rootParams,
      inputs: {
        'overlays/root': digests.overlayRoot,
        'Node for the image': digests.node,
        'the commands': sha256(canonicalJson(rootRecipe(rootParams))),
      },
      tools: { mmdebstrap: tools.mmdebstrap, mksquashfs: tools.mksquashfs },
    }),
    () => ({
      id: 'sums',
      version: 2,
      title: 'note the checksums of the root file system',
      needs: ['root'],
      params: {},
      inputs: {},
      tools: {},
    }),
    ...containerDrafts(inputs),
    () => ({
      id: 'bundle',
      version: 1,
      title: 'bundle the first-boot program',
      params: {},
      needs: [],
      inputs: { 'firstboot/': digests.firstboot, 'package-lock.json': digests.npmLock },
      tools: {},
    }),
    () => ({
      id: 'layer',
      version: 2,
      title: 'pack our own files',
      params: {
        epoch,
        manifest,
        services: inputs.services,
        ...(inputs.containers.kind === 'registry' ? { images: inputs.containers.images } : {}),
      },
      needs: inputs.containers.kind === 'registry' ? ['bundle'] : ['bundle', 'containers'],
      inputs: { 'overlays/firstboot': digests.overlayFirstboot },
      tools: { cpio: tools.cpio, zstd: tools.zstd },
    }),
    () => ({
      id: 'esp',
      version: 4,
      title: 'make the boot partition',
      needs: ['root', 'sums', 'layer'],
      params: {
        product: product.name,
        vendor: base.vendor,
        rootPartition: guids().root,
        volumeId: guids().esp.slice(0, 8),
        bytes: inputs.sizes.espBytes,
        epoch,
      },
      inputs: { 'overlays/templates/grub.cfg.hbs': digests.grubTemplate },
      tools: { mtools: tools.mtools, 'mkfs.vfat': tools['mkfs.vfat'] },
    }),
    () => ({
      id: 'config',
      version: 2,
      title: 'make the CONFIG partition',
      needs: [],
      params: { volumeId: guidFrom(`${name} config`).slice(0, 8), bytes: inputs.sizes.configBytes, epoch },
      inputs: { 'overlays/config': digests.overlayConfig },
      tools: { mtools: tools.mtools, 'mkfs.vfat': tools['mkfs.vfat'] },
    }),
    () => ({
      id: 'disk',
      version: 2,
      title: 'put the image together',
      params: { name, guids: guids() },
      needs: ['root', 'esp', 'config', ...(inputs.flavour === 'full' ? ['payload' as const] : [])],
      inputs: {},
      tools: { sfdisk: tools.sfdisk },
    }),
  ]
}

function plexTitle({ plex, sources }: BuildInputs): string {
  if (plex.install === 'first-boot') return 'note where Plex comes from'
  return sources === 'standin'
    ? 'make the stand-in for Plex'
    : `fetch Plex ${plex.locked?.package.version ?? ''}`.trim()
}

/** Decides a whole build from its inputs. Pure: the same inputs give the same keys on every machine. */
export function planBuild(inputs: BuildInputs): Plan {
  const { product, base, flavour, sources } = inputs
  // An image for oneself and one for others never share a name: one of them must not be handed on by mistake.
  const suffix = sources === 'standin' ? '-demo' : inputs.private ? '-private' : ''
  const name = `${product.id}-${product.version}-${base.id}-${flavour}${suffix}`
  const keys = new Map<string, string>()
  const keyOf = (id: string) => keys.get(id) ?? ''
  const steps: PlannedStep[] = drafts(inputs, name, keyOf).map(draft => {
    const step = draft()
    const key = stepKey(keyParts(step, keyOf))
    keys.set(step.id, key)
    return { ...step, key }
  })
  return { name, base: base.id, plex: inputs.plex.install, steps }
}
