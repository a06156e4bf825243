import { copyFile, link, mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { archiveRoots } from './archive/parse-uris.ts'
import type { Reporter } from './execute/events.ts'
import { executePlan, type StepHandler } from './execute/execute-plan.ts'
import { Store } from './execute/store.ts'
import type { BuildOptions } from './options.ts'
import { renderManifest } from './plan/manifest.ts'
import type { StepKind } from './plan/types.ts'
import { buildMode } from './archive/requests.ts'
import { imageNode, prepare, type Prepared } from './prepare.ts'
import { writeFileAtomically } from './shared/files.ts'
import type { Runner } from './shared/run.ts'
import { bundleStep } from './steps/bundle.ts'
import { configStep } from './steps/config.ts'
import { diskStep } from './steps/disk.ts'
import { espStep } from './steps/esp.ts'
import { layerStep } from './steps/layer.ts'
import { PackageGone, packagesStep } from './steps/packages.ts'
import { payloadStep } from './steps/payload.ts'
import { registryContainersStep } from './steps/registry-containers.ts'
import { plexStep } from './steps/plex.ts'
import { rootStep } from './steps/root.ts'
import { standinContainersStep } from './steps/standin-containers.ts'
import { sumsStep } from './steps/sums.ts'

/** Where a build works. */
export interface Places {
  readonly project: string
  readonly store: string
}

function handlersFor(
  project: string,
  prepared: Prepared,
  sources: BuildOptions['sources'],
): Readonly<Record<StepKind, StepHandler>> {
  return {
    packages: packagesStep(async () => archiveRoots(prepared.aptSources)),
    plex: plexStep,
    root: rootStep(buildMode(), imageNode(project)),
    sums: sumsStep,
    'container-packages': packagesStep(async () => archiveRoots(prepared.standinSources)),
    containers: sources === 'standin' ? standinContainersStep(buildMode(), imageNode(project)) : registryContainersStep,
    payload: payloadStep,
    bundle: bundleStep,
    layer: layerStep,
    esp: espStep,
    config: configStep,
    disk: diskStep,
  }
}

// The image in out/ is the stored one under a second name: it costs neither time nor room, and is read-only.
async function publish(from: string, to: string): Promise<void> {
  const [source, target] = [await stat(from), await stat(to).catch(() => undefined)]
  if (target?.ino === source.ino && target.dev === source.dev) return
  await rm(to, { force: true })
  await link(from, to).catch(async () => await copyFile(from, to))
}

/** Builds an image as far as it is not built yet; gives its path. Throws `UserError` for what the user can mend. */
export async function buildImage(
  places: Places,
  options: BuildOptions,
  run: Runner,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<string> {
  const begin = performance.now()
  const store = new Store(places.store, run)
  const attempt = async (prepared: Prepared) => {
    await executePlan(prepared.plan, {
      project: places.project,
      store,
      run,
      handlers: handlersFor(places.project, prepared, options.sources),
      signal,
      emit: event => reporter.report(event),
    })
    return prepared.plan
  }
  const prepared = await prepare(places.project, places.store, options, run, signal)
  const plan = await attempt(prepared).catch(async (error: unknown) => {
    if (!(error instanceof PackageGone) || options.locked) throw error
    reporter.report({
      type: 'note',
      message: `${error.message} Building with what the archive has today; "npm run lock" keeps that.`,
    })
    return await attempt(await prepare(places.project, places.store, { ...options, update: true }, run, signal))
  })
  const disk = plan.steps.find(step => step.id === 'disk')
  const stored = join(store.pathOf(disk?.key ?? ''), `${plan.name}.img`)
  await mkdir(options.out, { recursive: true })
  const image = join(options.out, `${plan.name}.img`)
  await publish(stored, image)
  await writeFileAtomically(join(options.out, `${plan.name}.manifest.json`), renderManifest(plan, options))
  // Linking changed the stored file's time stamp; looking once more now spares the next build from reading it all.
  if (disk !== undefined) await store.check(disk.key)
  reporter.report({
    type: 'image',
    path: image,
    bytes: (await stat(image)).size,
    seconds: (performance.now() - begin) / 1000,
  })
  return image
}
