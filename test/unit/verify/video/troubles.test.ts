import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { places } from '../../../../builder/places.ts'
import { videoChecks } from '../../../../firstboot/verify/video/all.ts'
import { videoTroubles } from '../../../../firstboot/verify/video/troubles.ts'

const folder = join(places().project, 'firstboot/verify/video')
const names = (file: string): string[] =>
  [...readFileSync(join(folder, file), 'utf8').matchAll(/'(video-[a-z-]+)'/g)].map(match => match[1] ?? '')
const known = videoTroubles.map(({ id }) => id)
const checks = videoChecks.map(({ id }) => id)

test('each trouble that a finding names is told, and each that is told can be found', () => {
  const used = readdirSync(folder)
    .filter(file => file !== 'troubles.ts')
    .flatMap(names)
  // Some names are those of a check and of its trouble.
  expect([...new Set(used)].filter(name => !checks.includes(name) && !known.includes(name))).toEqual([])
  expect(known.filter(name => !used.includes(name))).toEqual([])
  expect(new Set(known).size).toBe(known.length)
})

describe.each(videoTroubles)('$id', ({ symptom, cause, mend }) => {
  test('is told in plain sentences with a mend', () => {
    expect(symptom).toMatch(/^[A-Z][^.]+$/)
    expect(cause).toMatch(/^[A-Z].+\.$/)
    expect(mend.length).toBeGreaterThan(0)
    for (const line of mend) expect(line).toMatch(/^\S.{10,}\S$/)
  })
})

test('the checks have short titles, names that stay, and sentences', () => {
  expect(checks).toEqual([
    'video-gpu',
    'video-node',
    'video-permission',
    'video-firmware',
    'video-driver',
    'video-encode',
    'video-busy',
    'video-plex',
  ])
  for (const { section, title, how } of videoChecks) {
    expect(section).toBe('hardware video')
    expect(title.length).toBeLessThanOrEqual(34)
    expect(how).toMatch(/^[A-Z].+\.$/)
  }
})
