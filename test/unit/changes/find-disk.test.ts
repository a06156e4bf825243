import { describe, expect, test } from 'vitest'
import { chooseDisk } from '../../../firstboot/changes/find-disk.ts'
import { IdentityParams } from '../../../firstboot/changes/schemas.ts'
import { identityOf } from '../../../firstboot/disks/identity.ts'
import { planSetup } from '../../../firstboot/plan/plan-setup.ts'
import type { Machine } from '../../../firstboot/machine.ts'
import { aDisk, aFileSystem } from '../disks/a-disk.ts'
import { someAnswers } from '../plan-setup/answers.ts'

// Docks that all say the same serial number, with disks of one size.
const dock = { serial: '000000000033', model: 'Dock', kind: 'USB', transport: 'usb', sizeBytes: 4e12 } as const
const blank = aDisk({ ...dock, name: 'sda', path: '/dev/sda', byPath: 'usb-1' })
const films = aDisk({
  ...dock,
  name: 'sdb',
  path: '/dev/sdb',
  byPath: 'usb-2',
  fileSystems: [aFileSystem({ path: '/dev/sdb', uuid: 'films' })],
})

describe('two docks with one serial number: the blank disk shall be erased, films lie on the other one', () => {
  const named = identityOf(blank, '000000000033@usb-1')

  test('with both connected the named one is taken', () => {
    expect(chooseDisk([films, blank], named, null)).toBe(blank)
  })
  test('once it is gone, the films are not taken in its place', () => {
    expect(() => chooseDisk([films], named, null)).toThrow(
      'The disk with serial 000000000033 at usb-1 is not there any more.',
    )
  })
  test('a dock that changed its place is not taken for the other', () => {
    expect(() => chooseDisk([{ ...films, byPath: 'usb-1' }], named, null)).toThrow(
      'is not as it was when you agreed: it held nothing and holds ext4 films now.',
    )
  })
  test('when one comes after the consent to the other, none is erased: the first may not be the one that was meant', () => {
    const only = identityOf(blank, '000000000033')
    expect(() => chooseDisk([films], only, null)).toThrow('it held nothing and holds ext4 films now')
    for (const late of [films, { ...blank, path: '/dev/sdc' }])
      expect(() => chooseDisk([blank, late], only, null)).toThrow('more than one')
    expect(() => chooseDisk([blank, films], identityOf(films, '000000000033'), null)).toThrow('more than one')
  })
  test('a set-up that was cut off finds the disk that it has erased already, wherever it is now', () => {
    const ours = { ...blank, byPath: 'usb-3', tableUuid: 'ours', fileSystems: [aFileSystem({ uuid: 'ours-films' })] }
    expect(chooseDisk([films, ours], named, 'OURS')).toBe(ours)
    expect(() => chooseDisk([films, ours], named, null)).toThrow('not there any more')
  })
})

describe('the plan', () => {
  const ssd = aDisk({ name: 'nvme0n1', path: '/dev/nvme0n1', serial: 'SSD', byPath: 'nvme' })
  const machine = { role: 'live', firmware: 'UEFI', disks: [ssd, blank, films] } as unknown as Machine
  const facts = { seed: 's', vendor: 'debian', liveRoot: 'live', image: 'i' }

  const identityIn = (on: Machine, systemDisk: string, change: string) => {
    const media = systemDisk === 'SSD' ? [{ disk: '000000000033@usb-1', use: 'erase' as const }] : []
    const plan = planSetup(on, { ...someAnswers, systemDisk, media }, facts)
    if ('problems' in plan) throw new Error(plan.problems.join(' '))
    return IdentityParams.parse(plan.changes.find(({ id }) => id === change)?.params['disk'])
  }

  test('keeps how a disk was named, and what it held', () => {
    expect(chooseDisk([films, blank], identityIn(machine, 'SSD', 'films-disk'), null)).toBe(blank)
    expect(() => chooseDisk([films], identityIn(machine, 'SSD', 'films-disk'), null)).toThrow('not there any more')
    expect(chooseDisk([{ ...ssd, byPath: 'moved' }], identityIn(machine, 'SSD', 'partition'), null).serial).toBe('SSD')
  })
  test('in place erases nothing, and still finds the disk that it added file systems to', () => {
    const own = { ...ssd, bootMedium: true, tableUuid: 'image', fileSystems: [aFileSystem()] }
    const identity = identityIn({ ...machine, disks: [own] }, 'SSD@nvme', 'add-partitions')
    const grown = { ...own, fileSystems: [aFileSystem(), aFileSystem({ uuid: 'root-a' })] }
    expect(chooseDisk([grown], identity, 'ours')).toBe(grown)
  })
  test('of an earlier version says neither, and is still read', () => {
    const { serial, wwn, sizeBytes, byPath, tableUuid } = ssd
    const identity = IdentityParams.parse({ serial, wwn, sizeBytes, byPath, tableUuid })
    expect(chooseDisk([ssd], identity, null)).toBe(ssd)
  })
})
