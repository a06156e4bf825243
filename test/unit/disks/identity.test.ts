import { describe, expect, test } from 'vitest'
import { diskId, findDisk, identityOf, sameDisk } from '../../../firstboot/disks/identity.ts'
import type { Disk } from '../../../firstboot/machine.ts'
import { aDisk, aFileSystem } from './a-disk.ts'

const at = (byPath: string, serial = ''): Disk => aDisk({ serial, byPath })

describe('what a disk is called', () => {
  test('its serial as it is written, where nobody else has it', () => {
    const disk = at('p1', 'Ab12')
    expect(diskId(disk, [disk, at('p2', 'AB12')])).toBe('Ab12')
  })
  test('serial and place where two have the same serial; place alone without a serial', () => {
    const [one, two, bare] = [at('p1', 'X'), at('p2', 'X'), at('p3')]
    const all = [one, two, bare]
    expect(all.map(disk => diskId(disk, all))).toEqual(['X@p1', 'X@p2', 'p3'])
  })
  test('nothing where nothing tells it from another', () => {
    const all = [at('', 'X'), at('', 'X'), at(''), at('p'), at('p')]
    expect(all.map(disk => diskId(disk, all))).toEqual(['', '', '', '', ''])
  })
})

describe('finding a disk', () => {
  const disks = [at('p1', 'X'), at('p2', 'X'), at('p3', 'Y'), at('p4')]
  const problem = (id: string) => {
    const found = findDisk({ disks }, id)
    return found.ok ? null : found.problem
  }

  test('every disk is found by what it is called', () => {
    for (const disk of disks) expect(findDisk({ disks }, diskId(disk, disks))).toEqual({ ok: true, disk })
  })
  test('a name with its place still holds when the twin is gone', () => {
    expect(findDisk({ disks: [at('p1', 'X')] }, 'X@p1').ok).toBe(true)
  })
  test('none, or more than one, is a problem that lists what may be meant', () => {
    expect(problem('Z')).toBe('No disk is called "Z" here. Connect it, or name one of these: X@p1, X@p2, Y, p4')
    expect(problem('X')).toBe('2 disks are called "X". Name one of them by its place too: X@p1, X@p2')
    expect(problem('')).toBe('No disk was named. Name one of these: X@p1, X@p2, Y, p4')
    expect(problem('y')).toContain('No disk is called "y"')
  })
  test('a part of a serial finds nothing, and neither does a place of a disk that has a serial', () => {
    const long = [at('p1', 'S5GXNX0T124Q7K')]
    for (const id of ['4Q7K', 'S5GX', 'p1', '@p1']) expect(findDisk({ disks: long }, id).ok).toBe(false)
  })
  test('without any disk that can be named it says so', () => {
    expect(findDisk({ disks: [] }, 'X')).toMatchObject({ problem: expect.stringContaining('one of these: none') })
  })
})

describe('the same disk right before it is written', () => {
  const disk = aDisk({ serial: 'S1', wwn: '0x5', sizeBytes: 8e12, byPath: 'p1', tableUuid: 'aa' })
  const planned = identityOf(disk, 'S1')
  const differs = (now: Disk, ownTable?: string) => {
    const sameness = sameDisk(planned, now, ownTable)
    return sameness.same ? [] : sameness.differs
  }

  test('it is, wherever it is plugged in and whatever it is called by the kernel', () => {
    expect(sameDisk(planned, disk)).toEqual({ same: true })
    expect(sameDisk(planned, { ...disk, byPath: 'p2', path: '/dev/sdq', name: 'sdq' })).toEqual({ same: true })
    expect(JSON.parse(JSON.stringify(planned))).toEqual(planned)
  })
  test('each difference is said in words', () => {
    expect(differs({ ...disk, serial: 'S2' })).toEqual(['its serial number was S1 and is S2 now'])
    expect(differs({ ...disk, serial: '' })).toEqual(['its serial number was S1 and is none now'])
    expect(differs({ ...disk, wwn: '0x6' })).toEqual(['its World Wide Name was 0x5 and is 0x6 now'])
    expect(differs({ ...disk, sizeBytes: 4e12 })).toEqual([
      'its size was 8.0 TB (8000000000000 bytes) and is 4.0 TB (4000000000000 bytes) now',
    ])
    expect(differs({ ...disk, tableUuid: 'bb' })).toEqual(['its partition table was aa and is bb now'])
  })
  test('the table that the plan itself wrote is no difference, a missing one is', () => {
    expect(differs({ ...disk, tableUuid: 'bb' }, 'BB')).toEqual([])
    expect(differs({ ...disk, tableUuid: 'cc' }, 'BB')).toHaveLength(1)
    expect(differs({ ...disk, tableUuid: '' }, '')).toEqual(['its partition table was aa and is none now'])
  })
  test('without serial and WWN the place must be the same, and known', () => {
    const bare = aDisk({ serial: '', wwn: '', byPath: 'p1' })
    expect(sameDisk(identityOf(bare, 'p1'), bare)).toEqual({ same: true })
    expect(sameDisk(identityOf(bare, 'p1'), { ...bare, byPath: 'p2' }).same).toBe(false)
    const lost = { ...bare, byPath: '' }
    expect(sameDisk(identityOf(lost, ''), lost).same).toBe(false)
  })
  test('a disk that was named by its place must still be there', () => {
    const named = identityOf(disk, 'S1@p1')
    expect(sameDisk(named, disk)).toEqual({ same: true })
    expect(sameDisk(named, { ...disk, byPath: 'p2' })).toEqual({
      same: false,
      differs: ['its place was p1 and is p2 now'],
    })
  })
  test('it holds what it held, whatever the kernel calls it; anything else is said in words', () => {
    const partition = { number: 1, sizeBytes: 1, startBytes: 0, partuuid: '', parttype: '', partlabel: '' }
    const at = (disk: string) => [
      { ...partition, path: `${disk}1` },
      { ...partition, path: `${disk}2` },
    ]
    const one = (path = '/dev/sda1') => aFileSystem({ uuid: 'u1', path })
    const two = (path = '/dev/sda2') => aFileSystem({ type: 'vfat', uuid: 'u2', path })
    const full = { ...disk, partitions: at('/dev/sda'), fileSystems: [one(), two()], members: ['LVM volume'] }
    const now = (more: Partial<Disk>) => sameDisk(identityOf(full, 'S1'), { ...full, ...more })
    const moved = { path: '/dev/sdq', partitions: at('/dev/sdq'), fileSystems: [two('/dev/sdq2'), one('/dev/sdq1')] }
    expect(now(moved)).toEqual({ same: true })
    // What LVM makes of it appears when somebody looks.
    expect(now({ fileSystems: [one(), two(), aFileSystem({ path: '/dev/mapper/v', uuid: 'u3' })] }).same).toBe(true)
    expect(now({ fileSystems: [one()], members: [] })).toEqual({
      same: false,
      differs: ['it held LVM volume, ext4 u1, vfat u2 and holds ext4 u1 now'],
    })
    expect(differs({ ...disk, fileSystems: [aFileSystem()] })).toEqual(['it held nothing and holds ext4 u1 now'])
  })
  test('where our own table lies, neither its old contents nor its old place matter', () => {
    const full = identityOf({ ...disk, fileSystems: [aFileSystem()] }, 'S1@p1')
    const ours = { ...disk, byPath: 'p2', tableUuid: 'bb', fileSystems: [aFileSystem({ uuid: 'new' })] }
    expect(sameDisk(full, ours, 'BB')).toEqual({ same: true })
    expect(sameDisk(full, ours).same).toBe(false)
  })
})
