import { describe, expect, test } from 'vitest'
import { earlierPartitions, roomBehindImage } from '../../../firstboot/disks/behind-image.ts'
import type { Refusal, Surroundings } from '../../../firstboot/disks/cautions.ts'
import { defaultMediaUse, mediaChoices, systemChoice } from '../../../firstboot/disks/eligibility.ts'
import { FILMS_LABEL } from '../../../firstboot/disks/labels.ts'
import { layOut, PARTITION_TYPES } from '../../../firstboot/disks/partition-table.ts'
import { inPlaceMinimum } from '../../../firstboot/disks/sizes.ts'
import type { Disk } from '../../../firstboot/machine.ts'
import { aDisk, aFileSystem } from './a-disk.ts'

const stick = aDisk({ name: 'sdz', path: '/dev/sdz', serial: 'Z', kind: 'USB', bootMedium: true, sizeBytes: 32e9 })
const machine = (...disks: Disk[]): Surroundings => ({ disks, firmware: 'UEFI', role: 'live' })
const beside = (disk: Disk): Surroundings => machine(disk, stick)
const failing = { state: 'failing', hours: null, words: 'health bad' } as const

/** The reason or the warnings, as one text. */
function said(choice: Refusal | { ok: true; warnings: readonly string[] }): string {
  return choice.ok ? choice.warnings.join('; ') : choice.reason
}
const system = (more: Partial<Disk>) => {
  const disk = aDisk(more)
  return systemChoice(disk, beside(disk))
}

describe('the system disk', () => {
  test('an empty SSD of a usual size gives nothing to say', () => {
    expect(system({})).toEqual({ ok: true, inPlace: false, warnings: [] })
  })
  test.each<[string, Partial<Disk>, string]>([
    ['a disc', { kind: 'optical' }, 'it is a disc'],
    ['an SD card', { kind: 'SD' }, 'SD card'],
    ['write-protected', { readOnly: true }, 'write-protected'],
    ['too small', { sizeBytes: 16e9 }, 'too small: 32 GB'],
    ['in use', { usedAs: ['/mnt', '[SWAP]'] }, 'in use as /mnt, swap'],
    ['without any name', { serial: '', byPath: '' }, 'nothing tells this disk from another'],
  ])('%s is refused', (_, more, words) => {
    const choice = system(more)
    expect(choice.ok).toBe(false)
    expect(said(choice)).toContain(words)
  })
  test.each<[string, Partial<Disk>, string]>([
    ['USB', { kind: 'USB' }, 'connected by USB'],
    ['a hard disk', { kind: 'HDD' }, 'rotating'],
    ['no serial', { serial: '' }, 'no serial number: it is known by its place only (pci-0000:00:17.0-ata-1)'],
    ['32 GB', { sizeBytes: 31268536320 }, 'no room for a second copy'],
    ['128 GB', { sizeBytes: 128e9 }, 'small'],
    ['a RAID member', { members: ['RAID member'] }, 'RAID member'],
    ['failing', { health: failing }, 'can be gone at any time'],
    ['files', { fileSystems: [aFileSystem({ label: 'media', usedBytes: 3e12 })] }, 'gone: ext4 "media", 3.0 TB used'],
  ])('%s is possible with a warning', (_, more, words) => {
    const choice = system(more)
    expect(choice.ok).toBe(true)
    expect(said(choice)).toContain(words)
  })
  test('sizes as they are sold: a disk of 64 GB has room for the second root, one of 240 GB is enough', () => {
    expect(said(system({ sizeBytes: 62537072640 }))).not.toContain('second copy')
    expect(said(system({ sizeBytes: 240057409536 }))).toBe('')
  })
  test('sectors of 4096 bytes under UEFI, not under BIOS; more than 2 TB under both', () => {
    const disk = aDisk({ sectorBytes: 4096 })
    expect(systemChoice(disk, beside(disk)).ok).toBe(true)
    expect(said(systemChoice(disk, { ...beside(disk), firmware: 'BIOS' }))).toContain('4096 bytes')
    const large = aDisk({ sizeBytes: 8e12 })
    expect(systemChoice(large, { ...beside(large), firmware: 'BIOS' })).toMatchObject({ ok: true, warnings: [] })
  })
})

describe('what the system was started from', () => {
  const flashed = aDisk({ bootMedium: true, freeBytes: inPlaceMinimum })

  test('a stick is refused beside another disk, and serves in place where it is alone', () => {
    const large = { ...stick, sizeBytes: 128e9, freeBytes: 120e9 }
    expect(said(systemChoice(large, machine(large, aDisk())))).toBe('you started from this stick')
    expect(systemChoice(large, machine(large))).toMatchObject({ ok: true, inPlace: true })
    const disc = aDisk({ kind: 'optical', path: '/dev/sr0' })
    expect(systemChoice(large, machine(large, disc)).ok).toBe(true)
  })
  test('an internal disk serves in place where the room is enough, and loses nothing', () => {
    const choice = systemChoice({ ...flashed, usedAs: ['/run/config'] }, machine(flashed))
    expect(choice).toEqual({ ok: true, inPlace: true, warnings: [] })
    const full = { ...flashed, freeBytes: inPlaceMinimum - 1 }
    expect(said(systemChoice(full, machine(full)))).toContain('too small to set the system up beside the image')
  })
  describe('and holds a media server that was set up behind the image', () => {
    const part = (number: number, partlabel: string, startBytes: number, sizeBytes: number) => {
      const path = `/dev/sda${number}`
      return { number, path, sizeBytes, startBytes, partuuid: `p${number}`, parttype: '', partlabel }
    }
    const image = part(4, 'root', 2 ** 20, 1e9)
    const own = [part(6, 'ms-root-a', 2e9, 17e9), part(7, 'ms-root-b', 19e9, 17e9), part(8, 'ms-state', 36e9, 963e9)]
    const again = aDisk({
      bootMedium: true,
      freeBytes: 0,
      installation: { partlabel: 'ms-state', path: '/dev/sda8', uuid: 'u' },
      partitions: [image, ...own],
    })
    const words = (more: Partial<Disk>) => {
      const disk = { ...again, ...more }
      return said(systemChoice(disk, machine(disk)))
    }

    test('its room counts, and it is said what goes with it', () => {
      expect(systemChoice(again, machine(again))).toMatchObject({ ok: true, inPlace: true })
      expect(words({})).toBe(
        'a media server was set up on it, or half set up: all its files and any films on this disk will be gone',
      )
      expect(earlierPartitions(again)).toEqual(own)
      expect(roomBehindImage(again)).toBe(
        (Math.floor(1e12 / 2 ** 20) - 1 - Math.ceil((2 ** 20 + 1e9) / 2 ** 20)) * 2 ** 20,
      )
    })
    test('while it is in use, it stays', () => {
      const fileSystems = [aFileSystem({ path: '/dev/sda8', mountpoints: ['/mnt'] })]
      expect(words({ fileSystems })).toContain('in use as /mnt: start this machine again')
    })
    test.each<[string, Partial<Disk>]>([
      ['what somebody else has put behind it', { partitions: [image, ...own, part(9, 'holiday', 999e9, 1e9)] }],
      ['a partition of which the place is not known', { partitions: [image, ...own, part(9, 'holiday', 0, 1e9)] }],
      [
        'a partition without an identity',
        { partitions: [image, ...own.map(each => ({ ...each, partuuid: each.number === 7 ? '' : each.partuuid }))] },
      ],
    ])('%s is never erased: the way out is told', (_, more) => {
      expect(earlierPartitions({ ...again, ...more })).toEqual([])
      expect(words(more)).toContain('write the image to this disk anew, which erases all of it (0 B are free')
    })
    test('on any other disk it goes with the whole disk', () => {
      expect(earlierPartitions({ ...again, bootMedium: false })).toEqual([])
    })
  })
  test('two copies of the image: neither can be chosen', () => {
    const both = machine(flashed, stick)
    for (const disk of both.disks) expect(said(systemChoice(disk, both))).toContain('a copy of the same image')
  })
  test('an installed system stays where it is, even on a full disk', () => {
    const installed = { ...flashed, freeBytes: 0, usedAs: ['/'] }
    const other = aDisk({ path: '/dev/sdb', serial: 'S2' })
    const now: Surroundings = { ...machine(installed, other), role: 'installed' }
    expect(systemChoice(installed, now)).toEqual({ ok: true, inPlace: true, warnings: [] })
    expect(said(systemChoice(other, now))).toContain('start from the stick')
  })
})

describe('a film disk', () => {
  const withFs = (...fileSystems: Disk['fileSystems']) => aDisk({ fileSystems })
  const choices = (disk: Disk) => mediaChoices(disk, beside(disk), null)

  test.each(['ext2', 'ext3', 'ext4', 'xfs', 'btrfs'])('%s is kept without a warning, and by default', type => {
    const disk = withFs(aFileSystem({ type }))
    expect(choices(disk).keep).toEqual({ ok: true, warnings: [], fileSystem: disk.fileSystems[0] })
    expect(defaultMediaUse(disk, beside(disk), null)).toBe('keep')
  })
  test.each(['ntfs', 'exfat'])('%s is kept with a warning', type => {
    expect(choices(withFs(aFileSystem({ type }))).keep).toMatchObject({
      ok: true,
      warnings: [expect.stringContaining('without hard links and permissions')],
    })
  })
  test.each(['vfat', 'apfs', 'hfsplus', 'iso9660', 'f2fs', 'udf'])(
    '%s is not kept, and never erased by default',
    type => {
      const disk = withFs(aFileSystem({ type }))
      expect(choices(disk).keep).toMatchObject({ ok: false, reason: expect.stringContaining('cannot be used') })
      expect(defaultMediaUse(disk, beside(disk), null)).toBe('ignore')
    },
  )
  test('an empty one is left alone until somebody decides', () => {
    const disk = aDisk()
    expect(choices(disk)).toMatchObject({ keep: { ok: false }, erase: { ok: true }, ignore: { ok: true } })
    expect(defaultMediaUse(disk, beside(disk), null)).toBe('ignore')
  })
  test('of several file systems the largest is used, and it is said which', () => {
    const small = aFileSystem({ path: '/dev/sda1', uuid: 'a', sizeBytes: 1e11 })
    const large = aFileSystem({ path: '/dev/sda2', uuid: 'b', sizeBytes: 9e11, type: 'xfs', label: 'films' })
    const { keep } = choices(withFs(small, large))
    expect(keep).toMatchObject({ ok: true, fileSystem: { uuid: 'b' } })
    expect(keep.ok && keep.warnings[0]).toContain('2 file systems on it: the largest will be used, xfs "films"')
  })
  test('a part of something larger, or encrypted, is not kept even with a file system beside it', () => {
    for (const member of ['LVM volume', 'RAID member', 'ZFS member', 'encrypted (LUKS)', 'encrypted (BitLocker)']) {
      const { keep } = choices({ ...withFs(aFileSystem()), members: [member] })
      expect(keep).toMatchObject({ ok: false, reason: expect.stringContaining(member) })
    }
  })
  test('a file system that another disk has too could be mistaken, and is not kept', () => {
    const one = withFs(aFileSystem())
    const copy = { ...one, name: 'sdb', path: '/dev/sdb', serial: 'S2' }
    const both = machine(one, copy, stick)
    expect(mediaChoices(one, both, null).keep).toMatchObject({
      reason: expect.stringContaining('sdb has a file system'),
    })
    expect(mediaChoices(copy, both, null).keep).toMatchObject({ ok: false })
  })
  test('a file system without identifier cannot be mounted again, and is not kept', () => {
    expect(choices(withFs(aFileSystem({ uuid: '' }))).keep.ok).toBe(false)
  })
  test('the parts of an earlier media server are not films', () => {
    const part = { number: 1, sizeBytes: 1, startBytes: 1, partuuid: '', parttype: '' }
    const fileSystems = [aFileSystem({ path: '/dev/sda5', label: 'ms-state' })]
    const partitions = [{ ...part, path: '/dev/sda5', partlabel: 'ms-state' }]
    const installation = { partlabel: 'ms-state', path: '/dev/sda5', uuid: 'u' } as const
    const { keep } = choices(aDisk({ fileSystems, partitions, installation }))
    expect(keep).toMatchObject({ reason: expect.stringContaining('system of a media server') })
  })
  test('in use: kept, but not erased', () => {
    const disk = aDisk({ fileSystems: [aFileSystem({ mountpoints: ['/mnt'] })], usedAs: ['/mnt'] })
    expect(choices(disk)).toMatchObject({
      keep: { ok: true, warnings: ['in use as /mnt right now'] },
      erase: { ok: false },
    })
  })
  test('failing: kept or erased with a warning', () => {
    const { keep, erase } = choices({ ...withFs(aFileSystem()), health: failing })
    expect([said(keep), said(erase)]).toEqual([
      expect.stringContaining('can be gone at any time'),
      expect.stringContaining('can be gone at any time'),
    ])
  })
  test('films on a disk that an earlier set-up has erased for them can be kept, and are by default', () => {
    const { partitions } = layOut('', [{ name: FILMS_LABEL, type: PARTITION_TYPES.linux, guid: 'g', bytes: 9e11 }])
    const [made] = partitions.map(({ name, type, guid, start, bytes }) => ({
      number: 1,
      path: '/dev/sda1',
      sizeBytes: bytes,
      startBytes: start,
      partuuid: guid,
      parttype: type,
      partlabel: name,
    }))
    const disk = aDisk({
      fileSystems: [aFileSystem({ path: '/dev/sda1', label: 'films' })],
      partitions: made === undefined ? [] : [made],
    })
    expect(choices(disk).keep).toMatchObject({ ok: true, fileSystem: { label: 'films' } })
    expect(defaultMediaUse(disk, beside(disk), null)).toBe('keep')
  })
  test('the system disk, the boot medium and discs are only ever left alone', () => {
    const disk = withFs(aFileSystem())
    const disc = withFs(aFileSystem({ type: 'iso9660' }))
    const left = { keep: { ok: false }, erase: { ok: false }, ignore: { ok: true } }
    expect(mediaChoices(disk, beside(disk), disk)).toMatchObject(left)
    expect(mediaChoices(stick, machine(stick), null)).toMatchObject(left)
    expect(choices({ ...disc, kind: 'optical' })).toMatchObject(left)
  })
})
