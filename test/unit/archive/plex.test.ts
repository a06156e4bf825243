import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { choosePlex } from '../../../builder/archive/choose-plex.ts'
import { fingerprintOf } from '../../../builder/archive/pgp-key.ts'
import { type PlexLock, readPlexLock, writePlexLock } from '../../../builder/archive/plex-lock.ts'
import { parsePlexUri, plexSources, requirePlexKey } from '../../../builder/archive/plex-repository.ts'
import { temporaryFolder } from '../shared/fixtures.ts'

// A version 4 key packet: creation time, algorithm 22 (EdDSA), curve, and a made-up point.
const body = Buffer.concat([
  Buffer.from([4, 0x65, 0, 0, 0, 22, 9]),
  Buffer.from('2b06010401da470f01', 'hex'),
  Buffer.from([1, 7, 0x40]),
  Buffer.alloc(32, 7),
])
const userId = Buffer.concat([Buffer.from([0xcd, 4]), Buffer.from('Plex')])
const fingerprint = createHash('sha1')
  .update(Buffer.from([0x99, 0, body.length]))
  .update(body)
  .digest('hex')
  .toUpperCase()
const armour = (bytes: Buffer, headers = '') =>
  `-----BEGIN PGP PUBLIC KEY BLOCK-----\n${headers}\n${bytes.toString('base64').replace(/.{64}/g, '$&\n')}\n=AbCd\n-----END PGP PUBLIC KEY BLOCK-----\n`
const newFormat = Buffer.concat([Buffer.from([0xc6, body.length]), body])
const oldFormat = Buffer.concat([Buffer.from([0x98, body.length]), body])
const key = armour(Buffer.concat([newFormat, userId]))

describe('the fingerprint of a key', () => {
  test.each([
    ['new packet format', key],
    ['old packet format', armour(Buffer.concat([oldFormat, userId]))],
    ['with a header, as old programs wrote them', armour(newFormat, 'Version: GnuPG v2\n')],
    ['with the line ends of Windows', key.replaceAll('\n', '\r\n')],
  ])('%s', (_, text) => expect(fingerprintOf(text)).toBe(fingerprint))

  test.each([
    ['nothing', ''],
    ['a web page', '<html>404</html>'],
    ['two blocks', key + key],
    ['two keys in one block', armour(Buffer.concat([newFormat, userId, newFormat]))],
    ['another packet first', armour(Buffer.concat([userId, newFormat]))],
    ['version 6', armour(Buffer.concat([Buffer.from([0xc6, body.length, 6]), body.subarray(1)]))],
  ])('%s is no key', (_, text) => expect(() => fingerprintOf(text)).toThrow('not one OpenPGP key'))

  test('another key than that of the recipe is refused, and both fingerprints are named', () => {
    const wanted = 'A'.repeat(40)
    expect(() => requirePlexKey(key, { fingerprint: wanted }, 'https://repo.example/key')).toThrow(
      `https://repo.example/key is another key than the recipe names: its fingerprint is ${fingerprint}, and not ${wanted}.`,
    )
    expect(() => requirePlexKey(key, { fingerprint }, 'x')).not.toThrow()
  })
})

const repository = {
  uri: 'https://repo.example/deb/',
  suite: 'public',
  components: ['main'],
  key: 'https://repo.example/key',
  fingerprint,
}
const locked: PlexLock = {
  key,
  package: {
    name: 'plexmediaserver',
    version: '1.43.3.1-ab',
    architecture: 'amd64',
    path: 'pool/main/p/plexmediaserver_1.43.3.1-ab_amd64.deb',
    size: 80,
    sha256: 'c'.repeat(64),
  },
}

test('apt in the image believes only that key', () => {
  expect(plexSources(repository, '/key.asc')).toBe(
    `# Plex, from its maker.
Types: deb
URIs: https://repo.example/deb/
Suites: public
Components: main
Architectures: amd64
Signed-By: /key.asc
`,
  )
  expect(plexSources(repository, undefined)).toContain('Trusted: yes')
})

test("apt's answer becomes a path below the repository", () => {
  const line = `'https://repo.example/deb/pool/main/p/plexmediaserver_1.43.3.1%2bx_amd64.deb' plexmediaserver_1.43.3.1%2bx_amd64.deb 80 SHA256:${'c'.repeat(64)}\n`
  expect(parsePlexUri(line, 'https://repo.example/deb')).toEqual({
    ...locked.package,
    version: '1.43.3.1+x',
    path: 'pool/main/p/plexmediaserver_1.43.3.1+x_amd64.deb',
  })
  expect(() => parsePlexUri('', 'https://repo.example/deb')).toThrow('not understood')
  expect(() => parsePlexUri(line, 'https://elsewhere.example')).toThrow('not understood')
})

describe('which Plex an image gets', () => {
  const recipe = { install: 'baked', publishBaked: false, repository } as const
  const how = { sources: 'online', publish: false, locked: false, update: false } as const
  const none = async () => await Promise.reject(new Error('nobody was to be asked'))
  async function files() {
    const folder = await temporaryFolder()
    return { committed: join(folder, 'committed.yaml'), local: join(folder, 'local.yaml') }
  }

  test('without a lock its maker is asked, and the answer is kept', async () => {
    const where = await files()
    const made = await choosePlex(recipe, how, where, none, undefined, async () => await Promise.resolve(locked))
    expect(made).toEqual({ install: 'baked', repository, locked })
    expect(await readPlexLock(where.local)).toEqual(locked)
    expect(await choosePlex(recipe, how, where, none, undefined, none)).toEqual(made)
  })

  test('the committed lock needs no network, and --locked takes nothing else', async () => {
    const where = await files()
    await writePlexLock(where.committed, locked)
    expect((await choosePlex(recipe, { ...how, locked: true }, where, none, undefined, none)).locked).toEqual(locked)
    await expect(choosePlex(recipe, { ...how, locked: true }, await files(), none, undefined, none)).rejects.toThrow(
      'image/plex.lock.yaml is not there',
    )
  })

  test('a lock with another key is refused', async () => {
    const where = await files()
    await writePlexLock(where.committed, locked)
    const other = { ...recipe, repository: { ...repository, fingerprint: 'B'.repeat(40) } }
    await expect(choosePlex(other, how, where, none, undefined, none)).rejects.toThrow('another key than the recipe')
  })

  test('a damaged lock is told as such', async () => {
    const where = await files()
    await writePlexLock(where.committed, { ...locked, key: '' })
    await expect(choosePlex(recipe, how, where, none, undefined, none)).rejects.toThrow('The lock of Plex is damaged.')
  })

  test('a stand-in asks nobody', async () => {
    expect(await choosePlex(recipe, { ...how, sources: 'standin' }, await files(), none, undefined, none)).toEqual({
      install: 'baked',
      repository,
      locked: null,
    })
  })
})
