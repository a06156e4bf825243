import { describe, expect, test } from 'vitest'
import { decidePlex, isPrivate, plexProblems, plexSchema } from '../../../builder/recipe/plex.ts'
import { parseYaml } from '../../../builder/recipe/yaml-file.ts'

describe('whether Plex is in an image', () => {
  test.each([
    ['baked', false, false, 'online', 'baked'],
    ['baked', false, true, 'online', 'first-boot'],
    ['baked', true, true, 'online', 'baked'],
    ['baked', true, false, 'online', 'baked'],
    ['first-boot', false, false, 'online', 'first-boot'],
    ['first-boot', false, true, 'online', 'first-boot'],
    ['baked', false, true, 'standin', 'baked'],
    ['first-boot', false, false, 'standin', 'first-boot'],
  ] as const)('%s, publishBaked %s, --publish %s, %s: %s', (install, publishBaked, publish, sources, expected) => {
    expect(decidePlex({ install, publishBaked }, { publish, sources })).toBe(expected)
  })
})

test.each([
  ['baked', false, 'online', true],
  ['baked', true, 'online', false],
  ['first-boot', false, 'online', false],
  ['baked', false, 'standin', false],
] as const)('an image with Plex %s, publishBaked %s, %s is for its builder alone: %s', (...what) => {
  const [install, publishBaked, sources, expected] = what
  expect(isPrivate(install, { publishBaked }, sources)).toBe(expected)
})

const repository = {
  uri: 'https://repo.example/deb/',
  suite: 'public',
  components: ['main'],
  key: 'https://repo.example/key',
  fingerprint: 'A'.repeat(40),
}

test('allowing what cannot happen is a fault', () => {
  const source = parseYaml('image/appliance.yaml', 'plex:\n  install: first-boot\n  publishBaked: true\n')
  expect(
    plexProblems(source, { install: 'first-boot', publishBaked: true, repository }).map(each => each.message),
  ).toEqual([expect.stringMatching(/^image\/appliance\.yaml:3:17: "publishBaked": .*write false$/)])
  expect(plexProblems(source, { install: 'baked', publishBaked: true, repository })).toEqual([])
})

test.each([
  ['a short fingerprint', { ...repository, fingerprint: 'ABCD' }],
  ['small letters', { ...repository, fingerprint: 'a'.repeat(40) }],
  ['a repository without encryption', { ...repository, uri: 'http://repo.example/deb/' }],
  ['a key without encryption', { ...repository, key: 'http://repo.example/key' }],
])('%s is refused', (_, wrong) => {
  expect(plexSchema.safeParse({ install: 'baked', publishBaked: false, repository: wrong }).success).toBe(false)
})
