import { open, readFile, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { patchGrub } from '../../../builder/bios-boot.ts'
import { layOut, MEBIBYTE, PARTITION_TYPES, sfdiskScript } from '../../../firstboot/disks/partition-table.ts'
import { copyInto } from '../../../builder/shared/copy-into.ts'
import { guidFrom } from '../../../builder/shared/hash.ts'
import { run } from '../../../builder/shared/run.ts'
import { temporaryFolder } from '../shared/fixtures.ts'

const layout = layOut(guidFrom('disk'), [
  { name: 'bios', type: PARTITION_TYPES.biosBoot, guid: guidFrom('bios'), bytes: MEBIBYTE },
  { name: 'efi', type: PARTITION_TYPES.esp, guid: guidFrom('efi'), bytes: 34 * MEBIBYTE },
  { name: 'root', type: PARTITION_TYPES.linux, guid: guidFrom('root'), bytes: 5 * MEBIBYTE + 1 },
])

test('partitions lie one behind the other on whole MiB, with room for both partition tables', () => {
  expect(layout.partitions.map(({ start, bytes }) => [start / MEBIBYTE, bytes / MEBIBYTE])).toEqual([
    [1, 1],
    [2, 34],
    [36, 6],
  ])
  expect(layout.bytes).toBe(43 * MEBIBYTE)
})

test('sfdisk makes of the script what was planned, and finds no fault in it', async () => {
  const image = join(await temporaryFolder(), 'disk.img')
  await (await open(image, 'w')).close()
  await truncate(image, layout.bytes)
  await run({ argv: ['sfdisk', '--quiet', '--no-reread', '--no-tell-kernel', image], input: sfdiskScript(layout) })
  const { partitiontable: table } = JSON.parse((await run({ argv: ['sfdisk', '--json', image] })).stdout) as {
    partitiontable: {
      id: string
      partitions: { start: number; size: number; type: string; uuid: string; name: string }[]
    }
  }
  expect(table.id.toLowerCase()).toBe(layout.guid)
  expect(
    table.partitions.map(({ start, size, type, uuid, name }) => [
      start * 512,
      size * 512,
      type.toLowerCase(),
      uuid.toLowerCase(),
      name,
    ]),
  ).toEqual(layout.partitions.map(({ start, bytes, type, guid, name }) => [start, bytes, type, guid, name]))
  expect((await run({ argv: ['sfdisk', '--verify', image] })).stdout).toMatch(/No errors detected/)
  expect((await stat(image)).blocks * 512).toBeLessThan(MEBIBYTE)
})

test('GRUB is told where its core lies, and nothing else of it changes', () => {
  const [boot, core] = [Buffer.alloc(512, 0xaa), Buffer.alloc(1300, 0xbb)]
  const patched = patchGrub(boot, core, MEBIBYTE)
  expect(patched.boot.length).toBe(440)
  expect(Buffer.from(patched.boot).readBigUInt64LE(0x5c)).toBe(2048n)
  expect([...patched.boot.subarray(0x64, 0x69)]).toEqual([0xaa, 0xaa, 0x90, 0x90, 0xaa])
  expect(Buffer.from(patched.core).readBigUInt64LE(0x1f4)).toBe(2049n)
  expect(Buffer.from(patched.core).readUInt16LE(0x1fc)).toBe(2)
  expect([boot.every(byte => byte === 0xaa), core.every(byte => byte === 0xbb)]).toEqual([true, true])
})

test('a copy into an image has the same bytes and leaves holes where there is nothing', async () => {
  const folder = await temporaryFolder()
  const [from, to] = [join(folder, 'from'), join(folder, 'to')]
  await using source = await open(from, 'w+')
  await source.truncate(40 * MEBIBYTE)
  await source.write('begin', 0)
  await source.write('end', 40 * MEBIBYTE - 3)
  await using target = await open(to, 'w+')
  await target.truncate(64 * MEBIBYTE)
  let told = 0
  await copyInto(from, target, 3 * MEBIBYTE, new AbortController().signal, bytes => (told += bytes))
  expect(told).toBe(40 * MEBIBYTE)
  expect((await readFile(to)).subarray(3 * MEBIBYTE, 43 * MEBIBYTE).equals(await readFile(from))).toBe(true)
  expect((await stat(to)).blocks * 512).toBeLessThanOrEqual(9 * MEBIBYTE)
})

test('a write that is cut short fails the copy instead of leaving a gap', async () => {
  const folder = await temporaryFolder()
  const module = fileURLToPath(new URL('../../../builder/shared/copy-into.ts', import.meta.url))
  await using source = await open(join(folder, 'from'), 'w')
  await source.write(Buffer.alloc(2 * MEBIBYTE, 1))
  const script = `const { open } = await import('node:fs/promises'); const { copyInto } = await import(process.argv[1])
    await copyInto('from', await open('to', 'w+'), 0, new AbortController().signal, () => {}).then(() => console.log('copied'), error => console.log(error.code))`
  const { stdout } = await run({
    argv: ['prlimit', `--fsize=${MEBIBYTE}`, process.execPath, '--input-type=module', '-e', script, module],
    cwd: folder,
  })
  expect(stdout).toBe('EFBIG')
})
