import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createWriteStream } from 'node:fs'
import { expect, test } from 'vitest'
import { run } from '../../../builder/shared/run.ts'
import { archiveOf, readLayout } from '../../../firstboot/docker/payload.ts'
import { tarHeader, tarOf } from '../../../firstboot/stack/tar.ts'
import { addImage, addLayer, finishLayout } from '../../../builder/containers/layout.ts'
import { temporaryFolder } from '../shared/fixtures.ts'

const signal = new AbortController().signal
const start = { Entrypoint: ['/entrypoint'], Env: [] }

interface Indexed {
  readonly RepoTags: readonly string[]
  readonly Layers: readonly string[]
}

/** A layout of two images that share a layer. */
async function layout(): Promise<string> {
  const folder = await temporaryFolder()
  const layer = async (text: string) => {
    const tree = join(folder, 'tree')
    await mkdir(tree, { recursive: true })
    await writeFile(join(tree, 'file'), text)
    const tar = join(folder, 'layer.tar')
    await run({ argv: ['tar', '--create', `--file=${tar}`, '--mtime=@0', `--directory=${tree}`, 'file'] })
    return await addLayer(join(folder, 'layout'), tar, run, signal)
  }
  const [base, one, two] = [await layer('base'), await layer('one'), await layer('two')]
  await finishLayout(join(folder, 'layout'), {
    one: { reference: 'a.test/one:1', manifest: await addImage(join(folder, 'layout'), [base, one], start, 0) },
    two: { reference: 'a.test/two:2', manifest: await addImage(join(folder, 'layout'), [base, two], start, 0) },
  })
  return join(folder, 'layout')
}

async function listed(names: readonly string[]): Promise<{ files: string[]; folder: string }> {
  const folder = await layout()
  const images = (await readLayout(folder)).filter(image => names.includes(image.reference))
  const { bytes, stream } = await archiveOf(folder, images)
  const tar = join(await temporaryFolder(), 'it.tar')
  await pipeline(Readable.from(stream()), createWriteStream(tar))
  const out = join(await temporaryFolder(), 'out')
  await mkdir(out)
  await run({ argv: ['tar', '--extract', `--file=${tar}`, `--directory=${out}`] })
  const { stdout } = await run({ argv: ['tar', '--list', '--verbose', `--file=${tar}`] })
  const lines = stdout.split('\n').map(line => line.split(/\s+/))
  expect(lines.reduce((sum, words) => sum + Number(words[2]), 0)).toBe(bytes)
  return { files: lines.map(words => words.at(-1) ?? ''), folder: out }
}

test('an archive of both images is a layout that other programs read, with shared layers in it once', async () => {
  const { files, folder } = await listed(['a.test/one:1', 'a.test/two:2'])
  expect(files.slice(0, 3)).toEqual(['oci-layout', 'index.json', 'manifest.json'])
  // Two manifests, two configurations, and three layers.
  expect(files.slice(3)).toHaveLength(7)
  expect(new Set(files).size).toBe(files.length)
  for (const name of ['a.test/one:1', 'a.test/two:2']) {
    const copied = join(await temporaryFolder(), 'copy')
    await run({ argv: ['skopeo', '--insecure-policy', 'copy', '--quiet', `oci:${folder}:${name}`, `dir:${copied}`] })
    const docker = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Indexed[]
    expect(docker.find(image => image.RepoTags[0] === name)?.Layers).toHaveLength(2)
  }
})

test('an archive of one image holds nothing of the other', async () => {
  const { files } = await listed(['a.test/two:2'])
  expect(files.slice(3)).toHaveLength(4)
})

test('a file that changes while it is packed is no archive', async () => {
  const torn = tarOf([{ name: 'x', size: 3, bytes: () => [Buffer.from('xx')] }])
  await expect(
    (async () => {
      for await (const chunk of torn) expect(chunk).toBeDefined()
    })(),
  ).rejects.toThrow('x has 2 bytes and not 3')
})

test('what does not fit into a tar is refused', () => {
  expect(() => tarHeader('n'.repeat(101), 1)).toThrow('does not fit')
  expect(() => tarHeader('n', 8 ** 11)).toThrow('does not fit')
})
