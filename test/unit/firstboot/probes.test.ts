import { describe, expect, test } from 'vitest'
import { parseManifest } from '../../../firstboot/manifest.ts'
import { readPlaces } from '../../../firstboot/probe/by-path.ts'
import { hasWord, rootPartuuid } from '../../../firstboot/probe/cmdline.ts'
import { parseCpuinfo, parseMeminfo, tidyModel } from '../../../firstboot/probe/cpu.ts'
import { disksFrom } from '../../../firstboot/probe/disks.ts'
import { parseSecureBoot } from '../../../firstboot/probe/firmware.ts'
import { explainGraphics } from '../../../firstboot/probe/graphics.ts'
import { parseLsblk } from '../../../firstboot/probe/lsblk.ts'
import { parseIpAddr } from '../../../firstboot/probe/network.ts'
import { openRoot } from '../../../firstboot/root.ts'

describe('kernel command line', () => {
  test.each([
    ['root=PARTUUID=ABCD-01 ro', 'abcd-01'],
    ['root=/dev/sda1 root=PARTUUID=x', 'x'],
    ['root=PARTUUID=x root=/dev/sda1', null],
    ['root=PARTUUID=x/PARTNROFF=1', 'x'],
    ['quiet', null],
  ])('%s', (cmdline, expected) => expect(rootPartuuid(cmdline)).toBe(expected))

  test('a flag is a whole word', () => {
    expect(hasWord('a nomodeset b', 'nomodeset')).toBe(true)
    expect(hasWord('i915.nomodeset=1 dyndbg="x nomodeset"', 'nomodeset')).toBe(false)
  })
})

describe('processor and memory', () => {
  test('nothing readable gives a name and one core', () => {
    expect(parseCpuinfo('')).toEqual({ model: 'unknown processor', cores: 1 })
    expect(parseMeminfo('')).toBe(0)
  })
  test('without core ids every processor counts', () => {
    expect(parseCpuinfo('processor\t: 0\nmodel name\t: X\n\nprocessor\t: 1\nmodel name\t: X\n').cores).toBe(2)
  })
  test('marks and speed are left out', () => {
    expect(tidyModel('Intel(R) Celeron(R) CPU  N3350 @ 1.10GHz')).toBe('Intel Celeron N3350')
  })
})

test('Secure Boot is the fifth byte', () => {
  expect(parseSecureBoot(Uint8Array.of(6, 0, 0, 0, 1))).toBe('on')
  expect(parseSecureBoot(Uint8Array.of(6, 0, 0, 0, 0))).toBe('off')
  expect(parseSecureBoot(Uint8Array.of(6, 0, 0, 0))).toBe('unsupported')
  expect(parseSecureBoot(null)).toBe('unsupported')
})

test.each([
  [null, '', 'no driver is bound to it'],
  ['i915', 'quiet nomodeset', 'the kernel was started with nomodeset'],
  ['xe', '', 'firmware files for xe may be missing'],
  ['vfio-pci', '', 'it is reserved for a virtual machine'],
  ['simpledrm', '', 'driver simpledrm has no render node'],
])('no render node with driver %s and "%s": %s', (driver, cmdline, reason) => {
  const card = { vendorId: '8086', deviceId: '46d1', driver, renderNode: null }
  expect(explainGraphics(card, cmdline).reason).toBe(reason)
})

const MIB = 2 ** 20

describe('block devices', () => {
  const one = (more: object) =>
    parseLsblk(JSON.stringify({ blockdevices: [{ name: 'sda', type: 'disk', size: 1000, ...more }] }))
  const kind = (more: object) => disksFrom(one(more), { rootPartuuid: null })[0]?.kind

  test('the kind follows the bus first, then the medium', () => {
    expect(kind({ rota: true, tran: 'sata' })).toBe('HDD')
    expect(kind({ rota: false, tran: 'sata' })).toBe('SSD')
    expect(kind({ rota: '1' })).toBe('HDD')
    expect(kind({ rota: true, tran: 'usb' })).toBe('USB')
    expect(kind({ name: 'vda', rota: true })).toBe('virtual')
  })
  test('memory, loop and empty devices are not disks', () => {
    for (const name of ['zram0', 'loop1', 'ram0', 'fd0', 'nbd3', 'mmcblk0boot0', 'mmcblk0rpmb']) {
      expect(disksFrom(one({ name }), { rootPartuuid: null })).toEqual([])
    }
    expect(disksFrom(one({ size: 0 }), { rootPartuuid: null })).toEqual([])
  })
  test('with an identity a mount at / does not make a boot medium', () => {
    const devices = one({ mountpoints: ['/'], children: [{ name: 'sda1', type: 'part', size: 1, partuuid: 'AB' }] })
    expect(disksFrom(devices, { rootPartuuid: 'ab' })[0]?.bootMedium).toBe(true)
    expect(disksFrom(devices, { rootPartuuid: 'cd' })[0]?.bootMedium).toBe(false)
    expect(disksFrom(devices, { rootPartuuid: null })[0]?.bootMedium).toBe(true)
  })
  test('the room after the last partition is in whole MiB, without the copy of the table', () => {
    const free = (more: object) => disksFrom(one({ size: 100 * MIB, ...more }), { rootPartuuid: null })[0]?.freeBytes
    const part = (start: number | null, size: number) => ({ name: 'sda1', type: 'part', start, size })
    expect(free({})).toBe(98 * MIB)
    expect(free({ pttype: 'gpt' })).toBe(98 * MIB)
    expect(free({ pttype: 'gpt', children: [part(2048, 10 * MIB)] })).toBe(88 * MIB)
    expect(free({ pttype: 'gpt', children: [part(2048, 10 * MIB - 512)] })).toBe(88 * MIB)
    expect(free({ pttype: 'gpt', children: [part(40 * 2048, 10 * MIB), part(2048, 2 * MIB)] })).toBe(49 * MIB)
    expect(free({ pttype: 'gpt', children: [part(2048, 99 * MIB)] })).toBe(0)
  })
  test('no room is told of where it is not certain', () => {
    const free = (more: object) => disksFrom(one({ size: 100 * MIB, ...more }), { rootPartuuid: null })[0]?.freeBytes
    expect(free({ fstype: 'ext4' })).toBe(0)
    expect(free({ pttype: 'gpt', children: [{ name: 'sda1', type: 'part', start: null, size: MIB }] })).toBe(0)
  })
  test('what a disk is a part of is said once, wherever it lies; dynamic disks of Windows are known by their type', () => {
    const members = (more: object) => disksFrom(one(more), { rootPartuuid: null })[0]?.members
    const part = (more: object) => ({ name: 'sda1', type: 'part', size: 1, ...more })
    expect(members({ fstype: 'LVM2_member' })).toEqual(['LVM volume'])
    expect(members({ children: [part({ fstype: 'linux_raid_member' }), part({ fstype: 'ddf_raid_member' })] })).toEqual(
      ['RAID member'],
    )
    expect(members({ children: [part({ parttype: 'E75CAF8F-F680-4CEE-AFA3-B001E56EFC2D' })] })).toEqual([
      'Windows Storage Spaces',
    ])
    expect(members({ fstype: 'ext4' })).toEqual([])
  })
  test('swap and members are no file systems; one on a mapped device is', () => {
    const mapped = {
      name: 'dm-0',
      path: '/dev/mapper/x',
      type: 'crypt',
      size: 9,
      fstype: 'xfs',
      uuid: 'U',
      fsused: '5',
    }
    const children = [
      { name: 'sda1', type: 'part', size: 1, fstype: 'swap' },
      { name: 'sda2', type: 'part', size: 10, fstype: 'crypto_LUKS', children: [mapped] },
    ]
    const found = disksFrom(one({ children }), { rootPartuuid: null })[0]?.fileSystems
    expect(found).toMatchObject([{ path: '/dev/mapper/x', uuid: 'U', type: 'xfs', usedBytes: 5 }])
  })
  test('of several places of a disk the shortest is taken; partitions have none', () => {
    const links: Record<string, string> = {
      'pci-1-ata-2.0': '../../sda',
      'pci-1-ata-2': '../../sda',
      'pci-1-ata-2-part1': '../../sda1',
      'virtio-pci-0000:00:04.0': '../../vda',
      'pci-0000:00:04.0': '../../vda',
      broken: '',
    }
    const root = {
      ...openRoot('/nowhere'),
      list: () => Object.keys(links).sort(),
      link: (path: string) => links[path.replace('/dev/disk/by-path/', '')] || null,
    }
    expect(readPlaces(root)).toEqual({ sda: 'pci-1-ata-2', vda: 'pci-0000:00:04.0' })
  })
  test('something else than the output of lsblk is refused', () => {
    expect(() => parseLsblk('{"blockdevices":[{"name":1}]}')).toThrow()
  })
})

test('loopback and link-local addresses are left out', () => {
  const text = JSON.stringify([
    { ifname: 'lo', link_type: 'loopback', addr_info: [{ local: '127.0.0.1', scope: 'host' }] },
    { ifname: 'docker0', link_type: 'ether' },
    {},
    {
      ifname: 'e0',
      link_type: 'ether',
      operstate: 'UP',
      addr_info: [
        { local: 'fe80::1', scope: 'link' },
        { local: '10.0.0.2', scope: 'global' },
      ],
    },
  ])
  expect(parseIpAddr(text)).toEqual([{ name: 'e0', mac: '', up: true, addresses: ['10.0.0.2'] }])
})

test('a screen always has a title', () => {
  expect(parseManifest('{"product":"Box","version":"1.2","more":1}')).toEqual({ product: 'Box', version: '1.2' })
  for (const text of [null, '', '{}', '[]']) expect(parseManifest(text).product).toBe('Media Server')
})
