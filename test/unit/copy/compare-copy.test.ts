import { chmod, link, mkdir, mkdtemp, readFile, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { run } from '../../../builder/shared/run.ts'
import { checksumLines } from '../../../builder/steps/sums.ts'
import { parseChecksums } from '../../../firstboot/copy/checksums.ts'
import { compareCopy } from '../../../firstboot/copy/compare-copy.ts'
import { parsePseudoHead } from '../../../firstboot/copy/pseudo-file.ts'

const never = new AbortController().signal
let folder = ''
const packed = (name = 'root.squashfs') => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compare-'))
  const tree = join(folder, 'tree')
  await mkdir(join(tree, 'a folder/deep'), { recursive: true })
  await writeFile(join(tree, 'large'), Buffer.alloc(3 * 1024 * 1024 + 17, 'films'))
  await writeFile(join(tree, 'a folder/b "quoted" \\ back'), 'x')
  await writeFile(join(tree, 'a folder/Főtanúsítvány.crt'), 'y'.repeat(70_000))
  await writeFile(join(tree, 'empty'), '')
  await writeFile(join(tree, 'run'), 'program', { mode: 0o755 })
  await writeFile(join(tree, 'zeros'), Buffer.alloc(300_000))
  await symlink('a folder/deep', join(tree, 'link'))
  await link(join(tree, 'run'), join(tree, 'second name'))
  await run({ argv: ['mksquashfs', tree, packed(), '-quiet', '-no-progress'] })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function unpacked(): Promise<string> {
  const copy = join(await mkdtemp(join(folder, 'copy-')), 'root')
  await run({ argv: ['unsquashfs', '-quiet', '-no-progress', '-dest', copy, packed()] })
  return copy
}

async function sums() {
  const pseudo = packed('pseudo')
  await run({ argv: ['unsquashfs', '-quiet', '-no-progress', '-pf', pseudo, packed()] })
  return parseChecksums(await checksumLines(pseudo))
}

const compare = async (copy: string) => await compareCopy(packed(), await sums(), copy, never)

async function flipBit(path: string, at: number): Promise<void> {
  const bytes = await readFile(path)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  await writeFile(path, bytes)
}

describe('a copy of the system', () => {
  test('that is whole is found whole, whatever else lies beside it', async () => {
    const copy = await unpacked()
    await writeFile(join(copy, 'ours'), 'more')
    expect(await compare(copy)).toBe(6)
  })

  test.each<[string, RegExp, (copy: string) => Promise<unknown>]>([
    ['one bit in the first byte', /large has other contents/, copy => flipBit(join(copy, 'large'), 0)],
    [
      'one bit in the last byte',
      /large has other contents/,
      copy => flipBit(join(copy, 'large'), 3 * 1024 * 1024 + 16),
    ],
    ['one bit in a hole', /zeros has other contents/, copy => flipBit(join(copy, 'zeros'), 150_000)],
    ['a file that is shorter', /run has another size/, copy => writeFile(join(copy, 'run'), 'prog')],
    ['a file that is longer', /empty has another size/, copy => writeFile(join(copy, 'empty'), '!')],
    [
      'a file that is missing',
      /Főtanúsítvány\.crt is missing/,
      copy => unlink(join(copy, 'a folder/Főtanúsítvány.crt')),
    ],
    ['a folder that is missing', /deep is missing/, copy => rm(join(copy, 'a folder/deep'), { recursive: true })],
    [
      'a link that leads elsewhere',
      /link leads elsewhere/,
      async copy => {
        await unlink(join(copy, 'link'))
        await symlink('a folder', join(copy, 'link'))
      },
    ],
    ['other permissions', /run has other permissions/, copy => chmod(join(copy, 'run'), 0o4755)],
    [
      'a second name that is a file of its own',
      /is not the same as/,
      async copy => {
        await unlink(join(copy, 'second name'))
        await writeFile(join(copy, 'second name'), 'program', { mode: 0o755 })
      },
    ],
  ])('is refused for %s', async (_, words, damage) => {
    const copy = await unpacked()
    await damage(copy)
    await expect(compare(copy)).rejects.toThrow(words)
  })

  test('is not taken for whole when the stick cannot be read', async () => {
    const copy = await unpacked()
    await expect(compareCopy(join(copy, 'run'), await sums(), copy, never)).rejects.toThrow()
  })

  test('is refused when the stick was read wrong, and the copy is what was read', async () => {
    const copy = await unpacked()
    await flipBit(join(copy, 'large'), 2 * 1024 * 1024)
    const read = packed('wrong.squashfs')
    await run({ argv: ['mksquashfs', copy, read, '-quiet', '-no-progress'] })
    await expect(compareCopy(read, await sums(), copy, never)).rejects.toThrow(/large has other contents/)
  })

  test('is refused when a file has no checksum', async () => {
    const lacking = new Map(await sums())
    lacking.delete('run')
    await expect(compareCopy(packed(), lacking, await unpacked(), never)).rejects.toThrow(/run has no checksum/)
  })

  test('is not taken for whole when the program that compares is not there', async () => {
    vi.stubEnv('PATH', await mkdtemp(join(folder, 'bin-')))
    const copy = await unpacked()
    await expect(compare(copy).finally(() => vi.unstubAllEnvs())).rejects.toThrow()
  })
})

test('a line that is not understood is a fault, and not passed over', () => {
  expect(() => parsePseudoHead('a R 1 644 0 0 soon\n')).toThrow(/is listed with the line/)
  expect(() => parsePseudoHead('nonsense\n')).toThrow(/is listed with the line/)
  expect(parsePseudoHead('a\\ b R 1 644 0 7 3 5 0\nlinux x security.capability=0s\n')).toEqual([
    { kind: 'file', path: 'a b', bytes: 3, offset: 5, mode: 0o644, uid: 0, gid: 7 },
  ])
})
