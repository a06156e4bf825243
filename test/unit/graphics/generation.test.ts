import { expect, test } from 'vitest'
import { generationOf } from '../../../firstboot/graphics/generation.ts'

test.each([
  ['Ivy Bridge', '8086:0152', 'i965', false, false, 'none'],
  ['Haswell', '8086:0412', 'i965', false, false, 'none'],
  ['Haswell in a notebook', '8086:0A16', 'i965', false, false, 'none'],
  ['Bay Trail', '8086:0f31', 'i965', false, false, 'none'],
  ['Braswell', '8086:22b1', 'i965', false, false, 'none'],
  ['Broadwell', '8086:1616', 'iHD', false, false, 'none'],
  ['Skylake', '8086:1912', 'iHD', false, false, 'chosen'],
  ['Apollo Lake, which has the number of a Haswell', '8086:0a84', 'iHD', false, false, 'chosen'],
  ['Coffee Lake', '8086:3e91', 'iHD', false, false, 'chosen'],
  ['Jasper Lake', '8086:4e61', 'iHD', false, true, 'chosen'],
  ['Tiger Lake', '8086:9a49', 'iHD', true, false, 'chosen'],
  ['N100', '8086:46d1', 'iHD', true, false, 'by itself'],
  ['Raptor Lake', '8086:a780', 'iHD', true, false, 'by itself'],
  ['Arc A380', '8086:56a5', 'iHD', true, true, 'by itself'],
  ['Lunar Lake', '8086:64a0', 'iHD', true, false, 'by itself'],
  ['Battlemage', '8086:e20b', 'iHD', true, false, 'by itself'],
  ['one that is not known yet', '8086:ffff', 'iHD', true, false, 'by itself'],
])('%s (%s)', (_, pciId, driver, quickSync, lowPowerOnly, firmware) =>
  expect(generationOf(pciId)).toMatchObject({ driver, quickSync, lowPowerOnly, firmware }),
)
