import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fingerprintOf } from '../../builder/archive/pgp-key.ts'
import { resolvePlex } from '../../builder/archive/plex-repository.ts'
import { places } from '../../builder/places.ts'
import { sha256OfFile } from '../../builder/shared/hash.ts'
import { run } from '../../builder/shared/run.ts'
import { makeStandinPlex } from '../../builder/steps/plex-standin.ts'
import { makePlexRepository } from '../standin/plex-repository.ts'
import { temporaryFolder } from '../unit/shared/fixtures.ts'

/** A maker with a key of its own, as Plex has one: Ed25519, with a subkey that signs. */
async function maker() {
  const home = join(await temporaryFolder(), 'gnupg')
  await mkdir(home, { mode: 0o700 })
  const gpg = async (argv: string[], input?: string) => {
    const words: [string, ...string[]] = ['gpg', '--homedir', home, '--batch', '--pinentry-mode', 'loopback', ...argv]
    return (await run({ argv: words, ...(input === undefined ? {} : { input }) })).stdout
  }
  onTestFinished(async () => void (await run({ argv: ['gpgconf', '--homedir', home, '--kill', 'all'] })))
  await gpg(['--passphrase', '', '--quick-generate-key', 'Maker', 'ed25519', 'cert', 'never'])
  const shown = await gpg(['--with-colons', '--list-keys'])
  const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(shown)?.[1] ?? ''
  await gpg(['--passphrase', '', '--quick-add-key', fingerprint, 'ed25519', 'sign', 'never'])
  return {
    key: await gpg(['--armor', '--export']),
    fingerprint,
    sign: async (text: string) => await gpg(['--clearsign'], text),
  }
}

async function repository() {
  const folder = join(await temporaryFolder(), 'deb')
  const deb = join(await temporaryFolder(), 'plex.deb')
  await makeStandinPlex(places().project, deb, 1795478400, run)
  const { key, fingerprint, sign } = await maker()
  await makePlexRepository(folder, deb, sign)
  const server = createServer((question, answer) => {
    readFile(join(folder, decodeURIComponent(question.url ?? '/'))).then(
      bytes => answer.end(bytes),
      () => answer.writeHead(404).end(),
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const recipe = { uri, suite: 'public', components: ['main'], key: `${uri}key`, fingerprint }
  return { folder, deb, key, recipe, fetchKey: async () => await Promise.resolve(key) }
}

test('the newest package is found, with its hash and the key', async () => {
  const { deb, key, recipe, fetchKey } = await repository()
  expect(fingerprintOf(key)).toBe(recipe.fingerprint)
  expect(await resolvePlex(recipe, run, undefined, fetchKey)).toEqual({
    key,
    package: {
      name: 'plexmediaserver',
      version: '1.43.3.10000-standin',
      architecture: 'amd64',
      path: 'pool/main/p/plexmediaserver/plexmediaserver_1.43.3.10000-standin_amd64.deb',
      size: (await readFile(deb)).length,
      sha256: await sha256OfFile(deb),
    },
  })
})

test('another key than that of the recipe is refused before anything is asked', async () => {
  const { recipe } = await repository()
  const other = await maker()
  await expect(resolvePlex(recipe, run, undefined, async () => await Promise.resolve(other.key))).rejects.toThrow(
    `its fingerprint is ${other.fingerprint}, and not ${recipe.fingerprint}`,
  )
})

test.each<[string, (folder: string) => Promise<void>]>([
  [
    'an index that was changed',
    folder => appendFile(join(folder, 'dists/public/main/binary-amd64/Packages'), '\nX: y\n'),
  ],
  [
    'an index signed by somebody else',
    async folder => {
      const release = await readFile(join(folder, 'dists/public/Release'), 'utf8')
      await writeFile(join(folder, 'dists/public/InRelease'), await (await maker()).sign(release))
    },
  ],
])('%s is refused', async (_, change) => {
  const { folder, recipe, fetchKey } = await repository()
  await change(folder)
  await expect(resolvePlex(recipe, run, undefined, fetchKey)).rejects.toThrow(
    /The repository of Plex at .* cannot be used: /,
  )
})
