import { describe, expect, test } from 'vitest'
import { parseManifest } from '../../../firstboot/manifest.ts'
import { hasWord, rootPartuuid } from '../../../firstboot/probe/cmdline.ts'
import { parseCpuinfo, parseMeminfo, tidyModel } from '../../../firstboot/probe/cpu.ts'
import { disksFrom } from '../../../firstboot/probe/disks.ts'
import { parseSecureBoot } from '../../../firstboot/probe/firmware.ts'
import { explainGraphics } from '../../../firstboot/probe/graphics.ts'
import { parseLsblk } from '../../../firstboot/probe/lsblk.ts'
import { parseIpAddr } from '../../../firstboot/probe/network.ts'

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
