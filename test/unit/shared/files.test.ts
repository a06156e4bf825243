import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { digestOfTree } from '../../../builder/shared/files.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ms-tree-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('the digest of a folder is of names, bytes, programs, and where links lead, though nothing is there', async () => {
  const digests = [await digestOfTree(folder)]
  const then = async (change: Promise<unknown>) => {
    await change
    digests.push(await digestOfTree(folder))
  }
  await then(writeFile(join(folder, 'a'), 'x'))
  await then(writeFile(join(folder, 'a'), 'y'))
  await then(chmod(join(folder, 'a'), 0o755))
  await then(symlink('nowhere', join(folder, 'link')))
  await rm(join(folder, 'link'))
  await then(symlink('elsewhere', join(folder, 'link')))
  expect(new Set(digests).size).toBe(digests.length)
  await writeFile(join(folder, 'link.txt'), '')
  await rm(join(folder, 'link.txt'))
  expect(await digestOfTree(folder)).toBe(digests.at(-1))
})
