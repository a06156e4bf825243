import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { addText } from '../../../builder/containers/layout.ts'
import { compareBlobs, copyBlobs } from '../../../firstboot/changes/copy-payload.ts'
import type { Site } from '../../../firstboot/changes/change.ts'
import { blobFile } from '../../../firstboot/stack/layout.ts'
import { temporaryFolder } from '../shared/fixtures.ts'

const { signal } = new AbortController()

async function stick() {
  const from = await temporaryFolder()
  const blobs = [await addText(from, 'one'), await addText(from, 'x'.repeat(3_000_000)), await addText(from, 'three')]
  const told: number[] = []
  const site = { signal, progress: (_: string, done?: number) => void told.push(done ?? -1) } as Partial<Site> as Site
  return { from, to: await temporaryFolder(), blobs, told, site }
}

test('every blob is copied and found to be what its name says; progress ends at the whole', async () => {
  const { from, to, blobs, told, site } = await stick()
  await copyBlobs(blobs, from, to, site)
  await compareBlobs(blobs, to, signal)
  for (const blob of blobs)
    expect(await readFile(join(to, blobFile(blob)))).toEqual(await readFile(join(from, blobFile(blob))))
  expect(told.at(-1)).toBe(3_000_008)
  expect((await readdir(join(to, 'blobs/sha256'))).filter(name => name.endsWith('.part'))).toEqual([])
})

test('what a power cut left half copied is copied again, and what is whole is not', async () => {
  const { from, to, blobs, told, site } = await stick()
  const [one = '', two = ''] = blobs
  await mkdir(dirname(join(to, blobFile(one))), { recursive: true })
  await writeFile(join(to, blobFile(one)), 'one')
  await writeFile(`${join(to, blobFile(two))}.part`, 'half')
  await copyBlobs(blobs, from, to, site)
  await compareBlobs(blobs, to, signal)
  expect(told[0]).toBeGreaterThan(3)
})

test('a blob that is not what its name says is told, removed, and copied by the next try', async () => {
  const { from, to, blobs, site } = await stick()
  await copyBlobs(blobs, from, to, site)
  const [one = ''] = blobs
  await writeFile(join(to, blobFile(one)), 'two')
  await expect(compareBlobs(blobs, to, signal)).rejects.toThrow(/differs from what it must be/)
  await copyBlobs(blobs, from, to, site)
  await compareBlobs(blobs, to, signal)
})

test('a stick that ends early is told', async () => {
  const { from, to, blobs, site } = await stick()
  const [, two = ''] = blobs
  await truncate(join(from, blobFile(two)), 1_000_000)
  await copyBlobs(blobs, from, to, site)
  await expect(compareBlobs(blobs, to, signal)).rejects.toThrow(/differs from what it must be/)
})
