import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { CARRIED_FILE, CarriedImages, LAYOUT_FOLDER } from '../containers/carried.ts'
import { blobsOf, finishLayout, linkBlobs } from '../containers/layout.ts'
import { fetchContainer } from '../containers/registry.ts'
import type { StepHandler } from '../execute/execute-plan.ts'

/** Parameters of the step `containers` when images come from their registries. */
export const RegistryParams = z.object({ images: CarriedImages })

/** The locked images of all services, by digest from their registries. What was fetched once is kept beside the store. */
export const registryContainersStep: StepHandler = async ({ step, out, store, run, signal, progress }) => {
  const { images } = RegistryParams.parse(step.params)
  const blobs = store.sidePath('containers')
  const layout = join(out, LAYOUT_FOLDER)
  await mkdir(layout, { recursive: true })
  const total = Object.values(images).reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  for (const image of Object.values(images)) {
    progress('downloading containers', done, total)
    await fetchContainer(image.reference, image, blobs, run, signal)
    await linkBlobs(blobs, layout, await blobsOf(blobs, image.manifest))
    done += image.bytes
  }
  await writeFile(join(out, CARRIED_FILE), JSON.stringify(await finishLayout(layout, images), null, 2))
}
