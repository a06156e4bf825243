import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chooseLock, imageSources } from '../../../builder/archive/choose-lock.ts'
import { type BaseLock, readLock, requestDigest, writeLock } from '../../../builder/archive/lock.ts'
import { isUnreachable, type ResolveOptions } from '../../../builder/archive/resolve.ts'
import { CommandError, type Runner } from '../../../builder/shared/run.ts'
import { temporaryFolder } from '../shared/fixtures.ts'

const options: ResolveOptions = {
  title: 'Debian 13',
  request: { suite: 'trixie', components: ['main'], packages: ['nano', 'vainfoo'] },
  mode: 'root',
}
const chosen = [{ name: 'vainfoo', why: 'w', file: 'image/packages/media.yaml', line: 4 }]
const digest = 'a'.repeat(64)
const lock = (epoch: number, request = requestDigest(options.request)): BaseLock => ({ epoch, request, packages: [] })
const free = { locked: false, update: false, reachable: async () => {} }

// Stands for mmdebstrap: fills the files that its hooks would fill, and says what it would say.
function archive(uris: string, stderr = ''): Runner & { calls: number } {
  const runner = Object.assign(
    async ({ argv }: { argv: readonly string[] }) => {
      runner.calls += 1
      for (const word of argv) {
        const to = /download \S+ (\S+)$/.exec(word)?.[1]
        if (to !== undefined)
          await writeFile(to, to.endsWith('uris') ? uris : 'deb http://archive.example/debian trixie main\n')
      }
      return { stdout: '', stderr }
    },
    { calls: 0 },
  )
  return runner
}
const nano = `'http://archive.example/debian/pool/n_1_all.deb' nano_1_all.deb 12 SHA256:${digest}\n`

async function files() {
  const folder = await temporaryFolder()
  return { committed: join(folder, 'committed.yaml'), local: join(folder, 'local.yaml') }
}

test('the committed lock serves when it answers the request; the archive is not asked', async () => {
  const where = await files()
  await writeLock(where.committed, 'debian-13', lock(1))
  const run = archive(nano)
  expect((await chooseLock('debian-13', options, chosen, where, free, run)).epoch).toBe(1)
  expect((await chooseLock('debian-13', options, chosen, where, { ...free, locked: true }, run)).epoch).toBe(1)
  expect(run.calls).toBe(0)
})

test('a lock of this machine comes before the committed one, unless only the committed one may be used', async () => {
  const where = await files()
  await writeLock(where.committed, 'debian-13', lock(1))
  await writeLock(where.local, 'debian-13', lock(2))
  expect((await chooseLock('debian-13', options, chosen, where, free, archive(nano))).epoch).toBe(2)
  expect((await chooseLock('debian-13', options, chosen, where, { ...free, locked: true }, archive(nano))).epoch).toBe(
    1,
  )
})

test('a lock for another package list makes the archive be asked, and the answer is remembered on this machine', async () => {
  const where = await files()
  await writeLock(where.committed, 'debian-13', lock(1, 'b'.repeat(64)))
  const run = archive(nano)
  const made = await chooseLock('debian-13', options, chosen, where, free, run)
  expect(made.packages.map(each => each.name)).toEqual(['nano'])
  expect(made.epoch % 86400).toBe(0)
  expect(await readLock(where.local)).toEqual({ 'debian-13': made })
  expect(await chooseLock('debian-13', options, chosen, where, free, run)).toEqual(made)
  expect(run.calls).toBe(1)
})

test('an update asks the archive although there is a lock', async () => {
  const where = await files()
  await writeLock(where.committed, 'debian-13', lock(1))
  expect(
    (await chooseLock('debian-13', options, chosen, where, { ...free, update: true }, archive(nano))).packages,
  ).toHaveLength(1)
})

test('where only the committed lock may be used, one that is absent or for another list is refused with the mend', async () => {
  const where = await files()
  const refusal = async () =>
    await chooseLock('debian-13', options, chosen, where, { ...free, locked: true }, archive(nano)).catch(
      (error: unknown) => error,
    )
  expect(await refusal()).toMatchObject({
    message: 'image/appliance.lock.yaml holds nothing for debian-13.',
    mend: 'Make it anew: npm run lock -- --base debian-13',
  })
  await writeLock(where.committed, 'debian-13', lock(1, 'b'.repeat(64)))
  expect(await refusal()).toMatchObject({
    message: 'image/appliance.lock.yaml was made for another package list of debian-13.',
  })
})

test('missing packages are named with their line of the recipe and the base', async () => {
  const run = archive('', 'E: Unable to locate package vainfoo\n')
  const error: unknown = await chooseLock('debian-13', options, chosen, await files(), free, run).catch(
    (thrown: unknown) => thrown,
  )
  expect((error as Error).message).toBe(
    'image/packages/media.yaml:4: Debian 13 has no package "vainfoo".\n  Correct the name, or limit it to other bases with "only".',
  )
})

test('packages that exclude each other are told in the words of apt', async () => {
  const error: unknown = await chooseLock(
    'debian-13',
    options,
    chosen,
    await files(),
    free,
    archive('', 'I: x\nE: Unable to correct problems, you have held broken packages.\n'),
  ).catch((thrown: unknown) => thrown)
  expect((error as Error).message).toBe(
    'apt found no way to install the packages of Debian 13:\nE: Unable to correct problems, you have held broken packages.',
  )
})

const failing =
  (stderr: string): Runner =>
  async () =>
    await Promise.reject(new CommandError('mmdebstrap failed', '', 25, stderr, undefined))

test('an archive that does not answer is told in a plain sentence, another failure as it is', async () => {
  const unreachable: unknown = await chooseLock(
    'debian-13',
    options,
    chosen,
    await files(),
    free,
    failing('E: Could not resolve host'),
  ).catch((thrown: unknown) => thrown)
  expect((unreachable as Error).message).toBe('The archive of Debian 13 cannot be reached from here.')
  const other: unknown = await chooseLock(
    'debian-13',
    options,
    chosen,
    await files(),
    free,
    failing('E: no such user'),
  ).catch((thrown: unknown) => thrown)
  expect((other as Error).message).toBe('mmdebstrap failed')
  expect(isUnreachable('E: The repository does not have a Release file.')).toBe(true)
})

test('an index that has expired is told apart from a network that is gone', async () => {
  const said =
    'E: Release file for http://mirror.example/debian/dists/testing/InRelease is expired (invalid since 19d). Updates'
  const expired: unknown = await chooseLock('debian-13', options, chosen, await files(), free, failing(said)).catch(
    (thrown: unknown) => thrown,
  )
  expect((expired as Error).message).toContain('its index has expired')
  expect(isUnreachable(said)).toBe(false)
})

test('the sources of an image are asked for once', async () => {
  const folder = await temporaryFolder()
  const run = archive('')
  expect(await imageSources(options, folder, run)).toMatch(/^deb http/)
  await imageSources(options, folder, run)
  expect(run.calls).toBe(1)
  await imageSources({ ...options, mirror: ['deb http://mirror.example/debian trixie main'] }, folder, run)
  expect(run.calls).toBe(2)
})
