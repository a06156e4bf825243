import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../../../builder/shared/run.ts'
import { checksumLines } from '../../../builder/steps/sums.ts'
import { checksumLine, parseChecksums } from '../../../firstboot/copy/checksums.ts'
import { PSEUDO_MARK } from '../../../firstboot/copy/pseudo-file.ts'

const NAMES = [
  'plain',
  'with blanks',
  '\\x2d.slice',
  'a\nline',
  'a\rreturn',
  'Főtanúsítvány.crt',
  '\\n',
  '-',
  'a (b) = c',
]

test('lists of checksums are written as sha256sum --tag writes them, and read back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sums-'))
  for (const name of NAMES) await writeFile(join(folder, name), name)
  const paths = NAMES.map(name => `./${name}`)
  const { stdout } = await run({ argv: ['sha256sum', '--tag', ...paths], cwd: folder })
  const read = parseChecksums(`${stdout}\n`)
  expect([...read.keys()]).toEqual(paths)
  const written = [...read].map(([path, sum]) => checksumLine(path, sum)).join('')
  expect(written).toBe(`${stdout}\n`)
  expect((await run({ argv: ['sha256sum', '--check', '--strict'], cwd: folder, input: written })).stderr).toBe('')
  await rm(folder, { recursive: true })
})

test.each(['words', `SHA256 (short) = ${'0'.repeat(63)}`, `${'0'.repeat(64)}  untagged`])(
  'a list with the line "%s" is a fault, and not a list without it',
  line => {
    expect(() => parseChecksums(`${checksumLine('a', '0'.repeat(64))}${line}\n`)).toThrow(/has the line/)
  },
)

test('files that end too early have no checksums', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sums-'))
  const pseudo = join(folder, 'pseudo')
  const file = (data: string) => `a R 1 644 0 0 3 0 0\nb R 1 644 0 0 2 3 0\n${PSEUDO_MARK.toString()}${data}`
  await writeFile(pseudo, file('abcde'))
  expect([...parseChecksums(await checksumLines(pseudo)).keys()]).toEqual(['a', 'b'])
  await writeFile(pseudo, file('abcd'))
  await expect(checksumLines(pseudo)).rejects.toThrow(/ends within b/)
  await writeFile(pseudo, 'a R 1 644 0 0 3 0 0\n')
  await expect(checksumLines(pseudo)).rejects.toThrow(/has written no data/)
  await rm(folder, { recursive: true })
})
