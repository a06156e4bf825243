import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type BaseLock, readLock, requestDigest, writeLock } from '../../../builder/archive/lock.ts'
import { debian13 } from '../plan/fixture-inputs.ts'
import { temporaryFolder } from '../shared/fixtures.ts'

const lock: BaseLock = debian13.lock

test('what is written is read again, each base by itself and sorted', async () => {
  const file = join(await temporaryFolder(), 'lock.yaml')
  await writeLock(file, 'ubuntu-26.04', { ...lock, packages: [] })
  await writeLock(file, 'debian-13', lock)
  expect(await readLock(file)).toEqual({ 'debian-13': lock, 'ubuntu-26.04': { ...lock, packages: [] } })
  const text = await readFile(file, 'utf8')
  expect(text.indexOf('debian-13')).toBeLessThan(text.indexOf('ubuntu-26.04'))
  await writeLock(file, 'debian-13', lock)
  expect(await readFile(file, 'utf8')).toBe(text)
})

test('an absent lock holds no base', async () => {
  expect(await readLock(join(await temporaryFolder(), 'lock.yaml'))).toEqual({})
})

test('the order of the package names asks for nothing else, another name or suite does', () => {
  const request = { suite: 'trixie', components: ['main'], packages: ['a', 'b'] }
  expect(requestDigest({ ...request, packages: ['b', 'a'] })).toBe(requestDigest(request))
  expect(requestDigest({ ...request, packages: ['a'] })).not.toBe(requestDigest(request))
  expect(requestDigest({ ...request, suite: 'forky' })).not.toBe(requestDigest(request))
})

test.each([
  [
    'bases:\n  debian-13: {epoch: now, request: "x", packages: []}\n',
    /lock\.yaml:2:22: "epoch": expected a number, found "now"/,
  ],
  ['bases: [\n', /lock\.yaml:2:1: /],
  ['bases: {}\nother: 1\n', /lock\.yaml:2:1: unknown key "other"/],
])('a damaged lock is told with its places and the mend, not as a fault of ours: %j', async (text, place) => {
  const file = join(await temporaryFolder(), 'lock.yaml')
  await writeFile(file, text)
  const error: unknown = await readLock(file).catch((thrown: unknown) => thrown)
  expect(String(error)).toMatch(place)
  expect(String(error)).toMatch(/npm run lock/)
  expect((error as Error).name).toBe('UserErrors')
})
