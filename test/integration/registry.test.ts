import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addImage, addLayer, addText, finishLayout } from '../../builder/containers/layout.ts'
import { fetchContainer, resolveContainer } from '../../builder/containers/registry.ts'
import { run } from '../../builder/shared/run.ts'
import { registryContainersStep } from '../../builder/steps/registry-containers.ts'
import { blobFile } from '../../firstboot/stack/layout.ts'
import { Registry } from '../support/registry.ts'
import { contextIn } from '../unit/steps/context.ts'
import { temporaryFolder } from '../unit/shared/fixtures.ts'

const signal = new AbortController().signal
let registry: Registry

beforeAll(async () => {
  registry = await Registry.start()
})
afterAll(async () => await registry[Symbol.asyncDispose]())

/** Puts an image into the registry under `name:1`; gives its digests. */
async function push(name: string): Promise<{ reference: string; manifest: string; config: string }> {
  const folder = await temporaryFolder()
  const layout = join(folder, 'layout')
  const tree = join(folder, 'tree')
  await mkdir(tree)
  await writeFile(join(tree, 'file'), `of ${name}`)
  const tar = join(folder, 'it.tar')
  await run({ argv: ['tar', '--create', `--file=${tar}`, `--directory=${tree}`, 'file'] })
  const layer = await addLayer(layout, tar, run, signal)
  const manifest = await addImage(layout, [layer], { Entrypoint: ['/x'], Env: [] }, 0)
  const { one } = await finishLayout(layout, { one: { reference: 'it', manifest } })
  const reference = `${registry.host}/${name}:1`
  await registry.run({
    argv: ['skopeo', '--insecure-policy', 'copy', '--quiet', `oci:${layout}:it`, `docker://${reference}`],
  })
  return { reference, manifest, config: one?.config ?? '' }
}

test('a tag is locked to the digests of its manifest and its configuration, and to its size', async () => {
  const { reference, manifest, config } = await push('plain')
  const locked = await resolveContainer(reference, registry.run)
  expect(locked).toMatchObject({ manifest, config })
  expect(locked.bytes).toBeGreaterThan(100)
})

test('of an image for many machines, the one for PCs is locked', async () => {
  const { reference, manifest, config } = await push('many')
  const size = (await registry.run({ argv: ['skopeo', 'inspect', '--raw', `docker://${reference}`] })).stdout.length
  const entry = (digest: string, architecture: string) => ({
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest,
    size,
    platform: { os: 'linux', architecture },
  })
  const index = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [entry(manifest, 'amd64')],
  })
  const answer = await fetch(`http://${registry.host}/v2/many/manifests/2`, {
    method: 'PUT',
    headers: { 'content-type': 'application/vnd.oci.image.index.v1+json' },
    body: index,
  })
  expect(answer.status).toBe(201)
  expect(await resolveContainer(`${registry.host}/many:2`, registry.run)).toMatchObject({ manifest, config })
})

test('a tag that is not there is told with the mend', async () => {
  await push('there')
  const error = await resolveContainer(`${registry.host}/there:9`, registry.run).catch((thrown: unknown) => thrown)
  expect(String(error)).toContain(`There is no container image ${registry.host}/there:9`)
})

test('a registry that does not answer is told as such', async () => {
  const error = await resolveContainer('127.0.0.1:9/x/y:1', registry.run).catch((thrown: unknown) => thrown)
  expect(String(error)).toMatch(/The container image 127\.0\.0\.1:9\/x\/y:1 cannot be had: .*connection refused/)
})

test('locked images become one layout; what was fetched once is not fetched again', async () => {
  const folder = await temporaryFolder()
  const [a, b] = [await push('first'), await push('second')]
  const locked = {
    first: { reference: a.reference, ...(await resolveContainer(a.reference, registry.run)) },
    second: { reference: b.reference, ...(await resolveContainer(b.reference, registry.run)) },
  }
  const asked: string[] = []
  const step = async () => {
    await rm(join(folder, 'out'), { recursive: true, force: true })
    await registryContainersStep(
      await contextIn(
        folder,
        'containers',
        { images: locked },
        {
          run: async (command, options) => {
            asked.push(command.argv[0])
            return await registry.run(command, options)
          },
        },
      ),
    )
  }
  await step()
  expect(asked).toEqual(['skopeo', 'skopeo'])
  const index = JSON.parse(await readFile(join(folder, 'out/layout/index.json'), 'utf8')) as {
    manifests: { digest: string; annotations: Record<string, string> }[]
  }
  expect(index.manifests.map(each => each.digest)).toEqual([a.manifest, b.manifest])
  expect(JSON.parse(await readFile(join(folder, 'out/images.json'), 'utf8'))).toEqual(locked)
  await step()
  expect(asked).toHaveLength(2)
})

test('a kept layer that has decayed is fetched again', async () => {
  const { reference } = await push('decays')
  const locked = await resolveContainer(reference, registry.run)
  const blobs = await temporaryFolder()
  await fetchContainer(reference, locked, blobs, registry.run, signal)
  const config = join(blobs, blobFile(locked.config))
  const { size } = await stat(config)
  await truncate(config, 3)
  await fetchContainer(reference, locked, blobs, registry.run, signal)
  expect((await stat(config)).size).toBe(size)
  // Nothing is left of the way there.
  expect(await readdir(blobs)).toEqual(['blobs'])
})

test('an image that breaks off leaves nothing that is taken for whole', async () => {
  const { reference } = await push('breaks')
  const locked = await resolveContainer(reference, registry.run)
  const blobs = await temporaryFolder()
  const other = await addText(await temporaryFolder(), 'other')
  const wrong = { ...locked, manifest: other }
  await expect(fetchContainer(reference, wrong, blobs, registry.run, signal)).rejects.toThrow(/There is no container/)
  expect(await readdir(blobs)).toEqual([])
})
