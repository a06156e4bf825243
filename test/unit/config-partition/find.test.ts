import { describe, expect, test } from 'vitest'
import { findConfig } from '../../../firstboot/config-partition/find.ts'
import { parseLsblk } from '../../../firstboot/probe/lsblk.ts'

const part = (name: string, more: object) => ({ name, path: `/dev/${name}`, type: 'part', size: 1, ...more })
const disk = (name: string, ...children: object[]) => ({
  name,
  path: `/dev/${name}`,
  type: 'disk',
  size: 1000,
  children,
})
const root = (name: string) => part(name, { fstype: 'squashfs', partuuid: 'AB' })
const find = (...disks: object[]) => findConfig(parseLsblk(JSON.stringify({ blockdevices: disks })), 'ab')

describe('the partition CONFIG', () => {
  test.each([
    [{ partlabel: 'config', fstype: 'vfat', label: 'CONFIG' }],
    [{ partlabel: 'CONFIG', fstype: 'vfat', label: 'NO NAME' }],
    [{ partlabel: null, fstype: 'vfat', label: 'config' }],
    [{ partlabel: 'Basic data partition', fstype: 'exfat', label: 'Config' }],
  ])('is known by either name, whatever its case: %j', fields => {
    expect(find(disk('sdb', part('sdb3', fields), root('sdb4')))).toEqual({
      path: '/dev/sdb3',
      fileSystem: fields.fstype,
    })
  })
  test('of another stick is not taken, not even when the own one is gone', () => {
    const other = disk('sda', part('sda1', { partlabel: 'config', fstype: 'vfat', label: 'CONFIG' }))
    expect(find(other, disk('sdb', part('sdb3', { partlabel: 'config', fstype: 'vfat' }), root('sdb4')))).toMatchObject(
      {
        path: '/dev/sdb3',
      },
    )
    expect(find(other, disk('sdb', root('sdb4')))).toHaveProperty('note')
    expect(find(other)).toEqual({ note: 'The stick is no longer in the machine.' })
  })
  test('the name in the partition table wins over a label', () => {
    const found = find(
      disk(
        'sdb',
        part('sdb2', { partlabel: 'efi', fstype: 'vfat', label: 'CONFIG' }),
        part('sdb3', { partlabel: 'config', fstype: 'vfat', label: 'X' }),
        root('sdb4'),
      ),
    )
    expect(found).toMatchObject({ path: '/dev/sdb3' })
  })
  test('that holds something else says what to do', () => {
    for (const [fstype, words] of [
      [null, 'nothing that can be read'],
      ['ntfs', 'holds ntfs'],
    ]) {
      const found = find(disk('sdb', part('sdb3', { partlabel: 'config', fstype }), root('sdb4')))
      expect(found).toHaveProperty('note', expect.stringContaining(words ?? ''))
      expect(found).toHaveProperty('note', expect.stringContaining('Format it as FAT32'))
    }
  })
})
