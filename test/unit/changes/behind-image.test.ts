import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseDump, putBehind } from '../../../firstboot/changes/behind-image.ts'
import type { Site } from '../../../firstboot/changes/change.ts'
import { endBefore } from '../../../firstboot/disks/behind-image.ts'
import { GIBIBYTE, MEBIBYTE } from '../../../firstboot/disks/partition-table.ts'
import type { Disk } from '../../../firstboot/machine.ts'
import { inPlaceLayout, systemIds } from '../../../firstboot/plan/system-layout.ts'
import { run } from '../../../firstboot/run.ts'
import { folderSite } from '../../support/folder-site.ts'
import { aDisk, aFileSystem } from '../disks/a-disk.ts'
import { someAnswers } from '../plan-setup/answers.ts'

// Where the tools of disks lie for root only.
process.env['PATH'] = `${process.env['PATH']}:/usr/sbin:/sbin`

const SIZE = 70 * GIBIBYTE
const IMAGE = 'label: gpt\nsize=1M, name="bios"\nsize=100M, name="root"\n'

let folder = ''
let path = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'behind-'))
  path = join(folder, 'disk')
  await writeFile(path, '')
  // As an image that was written to a larger disk: its second table is in the middle.
  await truncate(path, GIBIBYTE)
  await sfdisk(IMAGE)
  await truncate(path, SIZE)
})
afterEach(async () => await rm(folder, { recursive: true }))

const sfdisk = async (input: string, ...how: string[]) =>
  await folderSite('', { ...someAnswers }).run(['sfdisk', '--quiet', ...how, path], { input })
const dump = async () => (await run('sfdisk', ['--dump', path])).stdout
const table = async () => parseDump(await dump())
const names = async () => [...(await dump()).matchAll(/name="(.*)"/g)].map(([, name]) => name)

/** The disk as it is looked at, and what a set-up with a seed wants of it, in the place of what it finds there. */
async function planned(seed: string, mountpoints: string[] = []) {
  const entries = await table()
  const partitions = entries.map(({ number, start, end, guid }) => ({
    number: Number(number),
    path: `${path}${number}`,
    sizeBytes: end - start,
    startBytes: start,
    partuuid: guid,
    parttype: '',
    partlabel: '',
  }))
  const fileSystems = [aFileSystem({ path: `${path}5`, mountpoints })]
  const disk: Disk = aDisk({ path, sizeBytes: SIZE, bootMedium: true, partitions, fileSystems })
  const earlier = partitions.slice(2)
  const layout = inPlaceLayout(systemIds(seed), endBefore(disk, earlier), SIZE)
  return { disk, behind: { layout, sectorBytes: 512, replaces: earlier.map(({ partuuid }) => partuuid) } }
}

/** What tells the kernel, which knows nothing of a file, is only written down; `fail` may end a program. */
function site(asked: string[] = [], fail: (command: string) => boolean = () => false): Site {
  const real = folderSite('', { ...someAnswers })
  const attempt: Site['attempt'] = async (argv, follow) => {
    const command = argv.join(' ')
    asked.push(command.replaceAll(path, 'DISK'))
    if (fail(command)) return { code: 1, stdout: '', stderr: 'it is busy' }
    if (argv[0] === 'partx' || argv[0] === 'udevadm') return { code: 0, stdout: '', stderr: '' }
    return await real.attempt(argv, follow)
  }
  const doIt: Site['run'] = async (argv, follow) => {
    const { code, stdout, stderr } = await attempt(argv, follow)
    if (code !== 0) throw new Error(stderr)
    return stdout
  }
  return { ...real, attempt, run: doIt }
}

const put = async (seed: string, at: Site = site(), mountpoints: string[] = []) => {
  const { disk, behind } = await planned(seed, mountpoints)
  await putBehind(disk, behind, at)
  return behind
}
const BOTH = ['bios', 'root', 'ms-root-a', 'ms-root-b', 'ms-state']

describe('behind an image that was written straight onto the disk', () => {
  test('a set-up adds its partitions, and the image stays as it was', async () => {
    const image = await table()
    const asked: string[] = []
    const { layout } = await put('one', site(asked))
    expect((await table()).slice(0, 2)).toEqual(image)
    expect((await table()).slice(2).map(({ guid, start }) => ({ guid, start }))).toEqual(
      layout.partitions.map(({ guid, start }) => ({ guid, start })),
    )
    expect(asked.filter(command => command.includes('delete'))).toEqual([])
  })

  test('a later one replaces them: all identities are fresh, the places are the same, the image stays', async () => {
    await put('one')
    const before = await table()
    const asked: string[] = []
    await put('two', site(asked))
    const after = await table()
    expect(await names()).toEqual(BOTH)
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2))
    expect(after.map(({ start, end }) => [start, end])).toEqual(before.map(({ start, end }) => [start, end]))
    const old = before.slice(2).map(({ guid }) => guid)
    expect(after.filter(({ guid }) => old.includes(guid))).toEqual([])
    // First the kernel, for it keeps what is in use; then the table.
    expect(asked.filter(command => command.includes('--delete'))).toEqual([
      'partx --delete --nr 5 DISK',
      'partx --delete --nr 4 DISK',
      'partx --delete --nr 3 DISK',
      'sfdisk --quiet --no-reread --no-tell-kernel --force --delete DISK 3 4 5',
    ])
  })

  test('a power cut between taking out and adding leaves room, and the same plan goes on from there', async () => {
    await put('one')
    const { disk, behind } = await planned('two')
    const cut = site([], command => command.includes('--append'))
    await expect(putBehind(disk, behind, cut)).rejects.toThrow('it is busy')
    expect(await names()).toEqual(['bios', 'root'])
    await putBehind(disk, behind, site())
    expect(await names()).toEqual(BOTH)
    expect((await table())[2]?.guid).toBe(systemIds('two').rootA)
  })

  test.each([
    ['is mounted', ['/mnt'], () => false, 'is in use: /mnt'],
    [
      'the kernel does not let go of',
      [],
      (command: string) => command.startsWith('partx --delete'),
      'does not let go of partition 5',
    ],
  ])('nothing is written when what would be replaced %s', async (_, mountpoints, fail, words) => {
    await put('one')
    const before = await dump()
    const asked: string[] = []
    await expect(put('two', site(asked, fail), mountpoints)).rejects.toThrow(words)
    expect(asked.filter(command => command.startsWith('sfdisk'))).toEqual(['sfdisk --dump DISK'])
    expect(await dump()).toBe(before)
  })

  test('what somebody else has put there since is not touched', async () => {
    const { disk, behind } = await planned('one')
    await sfdisk('size=1G, name="holiday"\n', '--append')
    await expect(putBehind(disk, behind, site())).rejects.toThrow('its partition 3 lies where the system shall be')
    expect(await names()).toEqual(['bios', 'root', 'holiday'])
  })

  test('what another set-up has put there since is not touched either', async () => {
    await put('one')
    const old = await planned('two')
    await put('three')
    const before = await dump()
    await expect(putBehind(old.disk, old.behind, site())).rejects.toThrow('is not as it was when you agreed')
    expect(await dump()).toBe(before)
  })
})

test('a table is read with sectors of any size', () => {
  const text = `label: gpt
unit: sectors
sector-size: 4096

/dev/nvme0n1p6 : start=        2048, size=        256, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, uuid=222EBFD5-EEF4-5C4C-B50D-501224EC8128, name="ms-root-a"
`
  expect(parseDump(text)).toEqual([
    { number: '6', start: 8 * MEBIBYTE, end: 9 * MEBIBYTE, guid: '222ebfd5-eef4-5c4c-b50d-501224ec8128' },
  ])
  expect(parseDump('')).toEqual([])
})
