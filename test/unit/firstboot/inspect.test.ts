import { describe, expect, test } from 'vitest'
import { mediaChoices } from '../../../firstboot/disks/eligibility.ts'
import type { Disk } from '../../../firstboot/machine.ts'
import { inspectDisks } from '../../../firstboot/probe/inspect.ts'
import { canLook, lookArguments, parseFolders, parseLook } from '../../../firstboot/probe/look.ts'
import { probeMachine } from '../../../firstboot/probe/machine.ts'
import { parseSignatures } from '../../../firstboot/probe/remnants.ts'
import { parseMmcHealth, parseSmartctl } from '../../../firstboot/probe/smart.ts'
import { parseSuperblock } from '../../../firstboot/probe/superblock.ts'
import { openRoot, type Root } from '../../../firstboot/root.ts'
import { inspected } from '../disks/inspected.ts'
import { layOut } from './recorded.ts'

const smart = (more: object) => parseSmartctl(JSON.stringify({ smart_status: { passed: true }, ...more }))
const attribute = (id: number, raw: string, more: object = {}) => ({ id, raw: { string: raw }, ...more })
const table = (...items: object[]) => ({ ata_smart_attributes: { table: items } })

describe('health from smartctl', () => {
  test('the exit status is a mask: only bit 3 says that the disk is failing', () => {
    for (const bit of [1, 2, 4, 16, 32, 64, 128]) {
      expect(smart({ smartctl: { exit_status: bit } }).state).toBe('good')
    }
    expect(smart({ smartctl: { exit_status: 8 } }).state).toBe('failing')
    expect(smart({ smartctl: { exit_status: 72 } }).state).toBe('failing')
  })
  test('the disk says that it fails, or a counter that foretells it is below its limit now', () => {
    expect(smart({ smart_status: { passed: false } }).state).toBe('failing')
    const now = { when_failed: 'now', flags: { prefailure: true } }
    expect(smart(table(attribute(5, '2000', now))).state).toBe('failing')
    expect(smart(table(attribute(190, '70', { when_failed: 'now', flags: { prefailure: false } }))).state).toBe('good')
    expect(smart(table(attribute(5, '2000', { ...now, when_failed: 'past' }))).state).toBe('good')
  })
  test('damage that the disk does not call a failure is told', () => {
    const found = smart({ power_on_time: { hours: 1234 }, ...table(attribute(5, '1 (1 2)'), attribute(197, '1200')) })
    expect(found).toEqual({
      state: 'good',
      hours: 1234,
      words: 'health good, 1,234 hours on, 1 place replaced, 1,200 places cannot be read',
    })
    expect(smart({ nvme_smart_health_information_log: { percentage_used: 93, media_errors: 2 } }).words).toBe(
      'health good, 2 places could not be read, 93 % of its expected life used',
    )
  })
  test('no answer, nonsense, and a disk that tells nothing are unknown, not good', () => {
    for (const text of ['', 'smartctl: not found', '[]', '{}', '{"smart_status":{"passed":"yes"}}']) {
      expect(parseSmartctl(text)).toEqual({
        state: 'unknown',
        hours: null,
        words: 'health unknown: the disk does not tell',
      })
    }
  })
  test('eMMC tells its life in tenths', () => {
    expect(parseMmcHealth('0x01 0x02\n', '0x01\n').words).toBe('health good')
    expect(parseMmcHealth('0x09 0x02\n', '0x01\n').words).toBe('health good, 90 % of its expected life used')
    expect(parseMmcHealth('0x01 0x0b\n', '0x01\n').state).toBe('failing')
    expect(parseMmcHealth('0x01 0x01\n', '0x03\n').state).toBe('failing')
    expect(parseMmcHealth(null, null).state).toBe('unknown')
    expect(parseMmcHealth('0x00 0x00\n', '0x00\n').state).toBe('unknown')
  })
})

describe('the superblock of ext4', () => {
  const text = (more = '') =>
    `Last mounted on:          /data\nBlock count:              1000\nReserved block count:     50\n${more}Free blocks:              300\nBlock size:               4096\nLast mount time:          Fri Oct  2 11:12:09 2026\n`

  test('used space without what the file system itself takes; last mount', () => {
    expect(parseSuperblock(text('Overhead clusters:        100\n'))).toEqual({
      usedBytes: 600 * 4096,
      lastMounted: '2026-10-02 on /data',
    })
    expect(parseSuperblock(text()).usedBytes).toBe(700 * 4096)
  })
  test('never mounted, no folder, nothing at all', () => {
    expect(parseSuperblock(text().replace(/Fri.*/, 'n/a')).lastMounted).toBeNull()
    expect(parseSuperblock(text().replace('/data', '<not available>')).lastMounted).toBe('2026-10-02')
    expect(parseSuperblock('')).toEqual({ usedBytes: null, lastMounted: null })
  })
})

describe('a look into a file system', () => {
  test('is in a namespace of its own, read-only, on a read-only device, and without a journal', () => {
    for (const [type, option] of [
      ['ext3', 'noload'],
      ['ext4', 'noload'],
      ['xfs', 'norecovery'],
      ['btrfs', 'rescue=nologreplay'],
    ] as const) {
      const args = lookArguments(type, '/dev/sda1', '/run/look')
      expect(args.slice(0, 3)).toEqual(['--mount', '--propagation', 'private'])
      const options = args.at(-3)?.split(',')
      for (const wanted of ['ro', 'loop', 'nosuid', 'nodev', 'noexec', option]) expect(options).toContain(wanted)
      expect(options).not.toContain('rw')
    }
  })
  test('is not tried where no safe way is known', () => {
    for (const type of ['zfs_member', 'f2fs', 'apfs', 'squashfs', '']) {
      expect(canLook(type)).toBe(false)
      expect(() => lookArguments(type, '/dev/sda1', '/run/look')).toThrow('no safe way')
    }
  })
  test('tells used space and the folders of people, not those of systems', () => {
    const seen = parseLook('4096 1000 400\ntv\0lost+found\0$RECYCLE.BIN\0.Trash-1000\0movies\0a\nb\0')
    expect(seen).toEqual({ usedBytes: 600 * 4096, folders: ['a\nb', 'movies', 'tv'] })
    expect(parseFolders('abcdefghijk'.split('').join('\0'))).toHaveLength(8)
    for (const nothing of ['', 'mount: failed', '\n']) {
      expect(parseLook(nothing)).toEqual({ usedBytes: null, folders: [] })
    }
  })
})

describe('the slow look at a machine', () => {
  /** A recorded machine that notes which of its files are read. */
  async function watched(name: string) {
    const root = openRoot(layOut(name))
    const { disks } = await probeMachine(root)
    const read: string[] = []
    const noting: Root = { ...root, text: path => (read.push(path.replace('/recorded/', '')), root.text(path)) }
    const found: string[] = []
    const inspected = await inspectDisks(noting, disks, disk => found.push(disk.name))
    return { disks, inspected, read, found }
  }

  test('adds what the quick one could not know, and tells of each disk as it comes', async () => {
    const { disks, inspected, found } = await watched('n100-films')
    expect(inspected.map(disk => disk.name)).toEqual(disks.map(disk => disk.name))
    expect(found.sort()).toEqual(['nvme0n1', 'sda', 'sdb'])
    expect(inspected[0]).toMatchObject({
      health: { state: 'good', hours: 21400, words: 'health good, 21,400 hours on' },
      fileSystems: [
        { uuid: disks[0]?.fileSystems[0]?.uuid, folders: ['movies', 'tv'], lastMounted: '2026-10-02 on /data' },
      ],
    })
    expect(inspected[0]?.fileSystems[0]?.usedBytes).toBeCloseTo(3.1e12, -5)
  })
  test('reads nothing but the health of a failing disk, and nothing of the stick it runs from', async () => {
    expect((await watched('failing-disk')).read.sort()).toEqual([
      'smartctl-sda.json',
      'smartctl-sdb.json',
      'smartctl-sdz.json',
    ])
  })
  test.each(['lvm-member', 'mdraid-pair', 'zfs-mirror', 'luks-disk', 'bitlocker-disk'])(
    '%s: reads nothing but the health of a disk that is a part of something',
    async name => {
      const { read, inspected } = await watched(name)
      const members = inspected.filter(disk => disk.members.length > 0)
      expect(members).not.toEqual([])
      for (const disk of members)
        expect(read.filter(file => file.includes(disk.name))).toEqual([`smartctl-${disk.name}.json`])
    },
  )
  test('a disk in use is listed where it is mounted', async () => {
    const { inspected } = await watched('mounted-disk')
    expect(inspected[0]?.fileSystems).toMatchObject([{ usedBytes: 3.1e12, folders: ['movies', 'tv'] }])
  })
  test('a virtual disk and a disc are not asked for their health', async () => {
    expect((await watched('vm-in-place')).read).toEqual([])
    expect((await watched('optical-iso')).read).not.toContain('smartctl-sr0.json')
  })
})

describe('signatures that contradict each other', () => {
  test('are told, so that nobody takes the disk for an empty one, and neither kept nor erased without a word', async () => {
    const { disks, ...rest } = await inspected('zfs-remnants')
    const [disk] = disks
    expect(disk).toMatchObject({
      contents: ['perhaps ext4 "media", perhaps ZFS member "tank": nobody can tell which'],
      fileSystems: [],
    })
    const { keep, erase } = mediaChoices(disk as Disk, { disks, ...rest }, null)
    expect(keep).toMatchObject({ ok: false, reason: expect.stringMatching(/nobody can tell what is on it/) })
    expect(erase).toMatchObject({ ok: true, warnings: [expect.stringMatching(/will be gone: perhaps ext4 "media"/)] })
  })
  test('tables of partitions and nonsense are none', () => {
    const table = JSON.stringify({ signatures: [{ type: 'gpt' }, { type: 'PMBR', label: null }] })
    for (const text of [table, '', '[]', '{"signatures":[{}]}']) expect(parseSignatures(text)).toEqual([])
  })
})
