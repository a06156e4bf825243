import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from '../../../builder/shared/run.ts'
import { roomFor } from '../../../builder/steps/esp.ts'
import { makeFat } from '../../../builder/steps/fat.ts'
import { layerStep } from '../../../builder/steps/layer.ts'
import { temporaryFolder } from '../shared/fixtures.ts'
import { contextIn } from './context.ts'

const names = [
  'EFI/BOOT/BOOTX64.EFI',
  'EFI/BOOT/grubx64.efi',
  'EFI/debian/grub.cfg',
  'live/vmlinuz',
  'live/initrd.img',
  'README.txt',
]
const signal = new AbortController().signal

async function fat(order: readonly string[]): Promise<string> {
  const folder = await temporaryFolder()
  for (const name of order) {
    await mkdir(join(folder, 'tree', dirname(name)), { recursive: true })
    await writeFile(join(folder, 'tree', name), `text of ${name}\n`)
  }
  const file = join(folder, 'it.img')
  await makeFat(
    {
      file,
      tree: join(folder, 'tree'),
      label: 'EFI',
      volumeId: '12abcdef',
      bytes: 34 * 1024 * 1024,
      epoch: 1795478400,
    },
    run,
    signal,
  )
  return file
}

test('the same files give the same bytes, whatever order they were made in and whenever', async () => {
  const one = await fat(names)
  await new Promise(resolve => setTimeout(resolve, 2100)) // FAT counts time in steps of two seconds
  expect((await readFile(one)).equals(await readFile(await fat(names.toReversed())))).toBe(true)
})

test('folders are listed in the order of their names, not as the machine happens to list them', async () => {
  const { stdout } = await run({ argv: ['mdir', '-b', '-/', '-i', await fat(names), '::/'] })
  const listed = stdout.split('\n').filter(line => line !== '' && !line.endsWith('/'))
  expect(listed.filter(line => line.includes('/BOOT/'))).toEqual(['::/EFI/BOOT/BOOTX64.EFI', '::/EFI/BOOT/grubx64.efi'])
  expect(listed.filter(line => line.includes('/live/'))).toEqual(['::/live/initrd.img', '::/live/vmlinuz'])
})

test('other programs read the files, the label and the number of the volume', async () => {
  const file = await fat(names)
  for (const name of names)
    expect((await run({ argv: ['mtype', '-i', file, `::/${name}`] })).stdout.trim()).toBe(`text of ${name}`)
  expect((await run({ argv: ['mdir', '-i', file, '::/'] })).stdout).toMatch(/Volume in drive : is EFI[^]*12AB-CDEF/)
})

async function layer(umaskLike: number): Promise<string> {
  const folder = await temporaryFolder()
  const overlay = join(folder, 'project/overlays/firstboot/usr/bin')
  await mkdir(overlay, { recursive: true })
  await mkdir(join(folder, 'results/bundle'), { recursive: true })
  await writeFile(join(folder, 'results/bundle/main.mjs'), '// program\n')
  await writeFile(join(overlay, 'mediaserver'), '#!/bin/sh\n')
  await chmod(join(overlay, 'mediaserver'), 0o777 & ~umaskLike)
  await writeFile(join(overlay, 'text'), 'x')
  await chmod(join(overlay, 'text'), 0o666 & ~umaskLike)
  await chmod(overlay, 0o777 & ~umaskLike)
  await layerStep(
    await contextIn(folder, 'layer', {
      epoch: 1795478400,
      manifest: { product: 'Media Server' },
      services: [],
      images: {},
    }),
  )
  return join(folder, 'out/layer.img')
}

test('the layer has the same bytes whatever the umask of the checkout, and everything in it belongs to root', async () => {
  const [one, two] = [await layer(0o002), await layer(0o077)]
  expect((await readFile(one)).equals(await readFile(two))).toBe(true)
  const { stdout } = await run({ argv: ['zstd', '-dcq', one], pipeTo: ['cpio', '--quiet', '-itvn'] })
  const lines = stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => line.split(/\s+/))
  expect(lines.every(([, , uid, gid]) => uid === '0' && gid === '0')).toBe(true)
  const modes = Object.fromEntries(lines.map(words => [words.at(-1), words[0]]))
  expect(modes).toMatchObject({
    layer: 'drwxr-xr-x',
    'layer/usr/bin/mediaserver': '-rwxr-xr-x',
    'layer/usr/bin/text': '-rw-r--r--',
    'layer/usr/lib/mediaserver/main.mjs': '-rw-r--r--',
  })
  expect(Object.keys(modes)).toContain('layer/usr/lib/mediaserver/manifest.json')
  expect(Object.keys(modes)).toContain('layer/usr/share/mediaserver/services.json')
  expect((await stat(one)).size).toBeGreaterThan(0)
})

test('a boot partition is larger where its files need more, and has room left then', async () => {
  const tree = await temporaryFolder()
  await mkdir(join(tree, 'live'))
  await writeFile(join(tree, 'live/initrd.img'), Buffer.alloc(50 * 1024 * 1024, 1))
  const bytes = await roomFor(tree)
  expect(bytes).toBe(64 * 1024 * 1024)
  const file = join(await temporaryFolder(), 'esp.img')
  await makeFat({ file, tree, label: 'EFI', volumeId: '12abcdef', bytes, epoch: 1795478400 }, run, signal)
  await writeFile(join(tree, 'live/layer.img'), Buffer.alloc(4 * 1024 * 1024, 1))
  expect(await roomFor(tree)).toBe(80 * 1024 * 1024)
})
