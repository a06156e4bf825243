import { describe, expect, test } from 'vitest'
import { LABELS } from '../../../firstboot/disks/labels.ts'
import { GIBIBYTE, MEBIBYTE } from '../../../firstboot/disks/partition-table.ts'
import { guidFrom, hashOf } from '../../../firstboot/plan/hash.ts'
import { inPlaceLayout, systemIds, wholeDiskLayout } from '../../../firstboot/plan/system-layout.ts'

const ids = systemIds('seed')
const names = (layout: { partitions: readonly { name: string }[] }) => layout.partitions.map(part => part.name)

describe('the table of the system disk', () => {
  test.each([29.8, 59.6, 119.2, 931.5, 7452].map(size => [size]))('fits on %d GiB, without gap or overlap', size => {
    const bytes = Math.round(size * GIBIBYTE)
    const layout = wholeDiskLayout(ids, bytes)
    for (const [index, part] of layout.partitions.entries()) {
      expect(part.start % MEBIBYTE).toBe(0)
      expect(part.bytes % MEBIBYTE).toBe(0)
      expect(part.bytes).toBeGreaterThan(0)
      const next = layout.partitions[index + 1]
      expect(part.start + part.bytes).toBeLessThanOrEqual(next?.start ?? bytes - MEBIBYTE)
    }
    expect(layout.bytes).toBeLessThanOrEqual(bytes)
  })

  test('has a second root only where there is room for it', () => {
    expect(names(wholeDiskLayout(ids, 29.8 * GIBIBYTE))).not.toContain(LABELS.rootB)
    expect(names(wholeDiskLayout(ids, 64e9))).toContain(LABELS.rootB)
    expect(names(wholeDiskLayout(ids, 931 * GIBIBYTE))).toEqual(Object.values(LABELS))
  })

  test('behind an image there is neither a new boot partition nor anything before its end', () => {
    const from = 777 * MEBIBYTE + 12345
    const layout = inPlaceLayout(ids, from, 128 * GIBIBYTE)
    expect(names(layout)).toEqual([LABELS.rootA, LABELS.rootB, LABELS.state])
    expect(layout.partitions[0]?.start).toBeGreaterThanOrEqual(from)
    const last = layout.partitions.at(-1)
    expect((last?.start ?? 0) + (last?.bytes ?? 0)).toBeLessThanOrEqual(127.9995 * GIBIBYTE)
  })
})

describe('identities', () => {
  test('are fresh for every seed, and never shared within one', () => {
    const all = Object.values(ids)
    expect(new Set(all).size).toBe(all.length)
    expect(Object.values(systemIds('other')).filter(id => all.includes(id))).toEqual([])
  })

  test('are GUIDs', () => {
    expect(guidFrom('x')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  test('the hash of a plan changes with every byte and not with the order of keys', () => {
    expect(hashOf({ a: 1, b: [2] })).toBe(hashOf({ b: [2], a: 1 }))
    expect(hashOf({ a: 1, b: [2] })).not.toBe(hashOf({ a: 1, b: [3] }))
  })
})
