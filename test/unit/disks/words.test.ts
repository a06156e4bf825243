import { describe, expect, test } from 'vitest'
import { isUnchanged, withInspected } from '../../../firstboot/disks/inspected.ts'
import { fileSystemWords, healthWords, holdingWords, lastMountedWords } from '../../../firstboot/disks/words.ts'
import { aDisk, aFileSystem } from './a-disk.ts'

describe('words about a disk', () => {
  test('a file system', () => {
    const films = aFileSystem({ label: 'media', usedBytes: 3.1e12, folders: ['movies', 'tv'] })
    expect(fileSystemWords(films)).toBe('ext4 "media", 3.1 TB used, folders movies, tv')
    expect(fileSystemWords(aFileSystem({ type: 'ntfs', folders: ['Filme'] }))).toBe('NTFS, folder Filme')
  })
  test('when it was used last', () => {
    expect(lastMountedWords(aFileSystem({ lastMounted: '2026-10-02 on /data' }))).toBe(
      'last mounted 2026-10-02 on /data',
    )
    expect(lastMountedWords(aFileSystem())).toBeNull()
  })
  test('health', () => {
    expect(healthWords('good', 21400, [])).toBe('health good, 21,400 hours on')
    expect(healthWords('good', null, ['1 place replaced'])).toBe('health good, 1 place replaced')
    expect(healthWords('good', 1, [])).toBe('health good, 1 hour on')
    expect(healthWords('failing', 5, [])).toBe('health bad: this disk is about to fail, 5 hours on')
    expect(healthWords('unknown', null, 'the disk does not tell')).toBe('health unknown: the disk does not tell')
    expect(healthWords('unknown', 7, [])).toBe('health unknown, 7 hours on')
  })
  test('what it holds is never nothing', () => {
    expect(holdingWords(aDisk())).toEqual(['empty'])
    expect(holdingWords(aDisk({ members: ['ZFS member'] }))).toEqual(['ZFS member: a part of something larger'])
  })
})

describe('a later look', () => {
  const quick = aDisk({ health: { state: 'unknown', hours: null, words: '' }, fileSystems: [aFileSystem()] })
  const slow = {
    ...quick,
    health: { state: 'good', hours: 5, words: 'health good' } as const,
    fileSystems: [aFileSystem({ usedBytes: 7, folders: ['tv'], lastMounted: '2026-01-01' })],
  }

  test('keeps what the slow look found of the same disk', () => {
    expect(withInspected([quick], [slow])).toEqual([slow])
  })
  test('keeps nothing of another disk in the same place, nor of one with a new table or file system', () => {
    const others = [
      { serial: 'S2' },
      { sizeBytes: 1 },
      { tableUuid: 'x' },
      { fileSystems: [aFileSystem({ uuid: 'y' })] },
    ]
    for (const other of others) {
      const now = { ...quick, ...other }
      expect(isUnchanged(slow, now)).toBe(false)
      expect(withInspected([now], [slow])).toEqual([now])
    }
  })
  test('takes what is mounted now, and its used space, from the new look', () => {
    const mounted = { ...quick, fileSystems: [aFileSystem({ mountpoints: ['/data'], usedBytes: 9 })] }
    expect(withInspected([mounted], [slow])[0]?.fileSystems).toMatchObject([
      { mountpoints: ['/data'], usedBytes: 9, folders: ['tv'] },
    ])
  })
})
