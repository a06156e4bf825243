import { describe, expect, it } from 'vitest'
import { chosenAccel } from '../../../builder/qemu/accel.ts'
import { deadlineFactor } from '../../../builder/qemu/deadlines.ts'
import { FIRST_SCREEN } from '../../../builder/qemu/first-screen.ts'
import { findPartition } from '../../../builder/qemu/image-kernel.ts'
import { characterQcodes } from '../../../builder/qemu/keys.ts'
import { uptimeAt } from '../../../builder/qemu/measure-boot.ts'

describe('deadlines', () => {
  it('are stretched by one factor, which the environment can set', () => {
    expect(deadlineFactor('kvm', {})).toBe(1)
    expect(deadlineFactor('tcg', {})).toBeGreaterThan(1)
    expect(deadlineFactor('tcg', { MEDIASERVER_DEADLINE_FACTOR: '2.5' })).toBe(2.5)
    expect(deadlineFactor('kvm', { MEDIASERVER_DEADLINE_FACTOR: 'nonsense' })).toBe(1)
  })
})

describe('the accelerator', () => {
  it('is found by trial unless the user chose', () => {
    expect(chosenAccel({})).toBeUndefined()
    expect(chosenAccel({ MEDIASERVER_ACCEL: 'tcg' })).toBe('tcg')
    expect(() => chosenAccel({ MEDIASERVER_ACCEL: 'xen' })).toThrow('MEDIASERVER_ACCEL is "xen"')
  })
})

describe('keys', () => {
  it('of a US keyboard make capitals and signs with shift', () => {
    expect(characterQcodes('a')).toEqual(['a'])
    expect(characterQcodes('A')).toEqual(['shift', 'a'])
    expect(characterQcodes('?')).toEqual(['shift', 'slash'])
    expect(() => characterQcodes('é')).toThrow(RangeError)
  })
})

describe('the EFI system partition', () => {
  it('is found in a partition table by its type', () => {
    const disk = Buffer.alloc(34 * 512)
    disk.write('EFI PART', 512)
    disk.writeBigUInt64LE(2n, 512 + 72)
    disk.writeUInt32LE(128, 512 + 80)
    disk.writeUInt32LE(128, 512 + 84)
    const second = 1024 + 128
    disk.write('28732ac11ff8d211ba4b00a0c93ec93b', second, 'hex')
    disk.writeBigUInt64LE(4096n, second + 32)
    expect(findPartition(disk, 'esp')).toBe(4096 * 512)
    expect(findPartition(Buffer.alloc(34 * 512), 'esp')).toBeUndefined()
  })
})

describe('the first screen', () => {
  it('is told from a boot message by its line of keys', () => {
    expect(FIRST_SCREEN.test(' Media Server   0.1.0\n ...\n F2 shell  F10 power')).toBe(true)
    expect(FIRST_SCREEN.test('Starting Media Server setup...')).toBe(false)
  })
})

describe('the uptime at an earlier moment', () => {
  it('is the uptime read later less the time between', () => {
    expect(uptimeAt(50, { uptime: 45, before: 59, after: 61 })).toBe(35)
  })
})
