import { mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { LockedPackage } from '../../../builder/archive/lock.ts'
import { sha256 } from '../../../builder/shared/hash.ts'
import { run } from '../../../builder/shared/run.ts'
import { PackageGone, packagesStep } from '../../../builder/steps/packages.ts'
import { temporaryFolder } from '../shared/fixtures.ts'
import { contextIn } from './context.ts'

async function archive(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/debian`
}

/** A true little package, and the bytes of its file. */
async function deb(name: string): Promise<{ locked: LockedPackage; bytes: Buffer }> {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'tree/DEBIAN'), { recursive: true })
  await writeFile(
    join(folder, 'tree/DEBIAN/control'),
    `Package: ${name}\nVersion: 1+b1\nArchitecture: all\nMaintainer: nobody <n@example.org>\nDescription: a test\n`,
  )
  await run({ argv: ['dpkg-deb', '--build', '--root-owner-group', 'tree', 'it.deb'], cwd: folder })
  const bytes = await readFile(join(folder, 'it.deb'))
  return {
    bytes,
    locked: {
      name,
      version: '1+b1',
      architecture: 'all',
      path: `pool/main/${name}_1+b1_all.deb`,
      size: bytes.length,
      sha256: sha256(bytes),
    },
  }
}

async function fetched(folder: string, packages: LockedPackage[], root: string): Promise<unknown> {
  await rm(join(folder, 'out'), { recursive: true, force: true })
  const context = await contextIn(folder, 'packages', { packages })
  return await packagesStep(async () => [root])(context).then(
    () => undefined,
    (error: unknown) => error,
  )
}

test('packages become an archive that apt can read, and are kept for the next build', async () => {
  const [folder, a, b] = [await temporaryFolder(), await deb('aa'), await deb('bb')]
  const asked: string[] = []
  const root = await archive((request, response) => {
    asked.push(decodeURIComponent(request.url ?? ''))
    response.end(request.url?.includes('aa') === true ? a.bytes : b.bytes)
  })
  expect(await fetched(folder, [a.locked, b.locked], root)).toBeUndefined()
  const index = await readFile(join(folder, 'out/Packages'), 'utf8')
  expect(index).toContain(
    `Description: a test\nFilename: ./${a.locked.sha256}.deb\nSize: ${a.bytes.length}\nSHA256: ${a.locked.sha256}\n\nPackage: bb`,
  )
  expect(asked.sort()).toEqual(['/debian/pool/main/aa_1+b1_all.deb', '/debian/pool/main/bb_1+b1_all.deb'])
  expect(await fetched(folder, [a.locked, b.locked], 'http://127.0.0.1:9')).toBeUndefined()
})

test('a transfer that breaks off fails the step, keeps what came whole, and the next try fetches only the rest', async () => {
  const [folder, a, b] = [await temporaryFolder(), await deb('aa'), await deb('bb')]
  let broken = true
  const asked: string[] = []
  const root = await archive((request, response) => {
    asked.push(request.url ?? '')
    if (request.url?.includes('aa') === true) response.end(a.bytes)
    else if (!broken) response.end(b.bytes)
    else {
      response.writeHead(200, { 'content-length': b.bytes.length })
      response.write(b.bytes.subarray(0, 100))
      setTimeout(() => response.destroy(), 100)
    }
  })
  expect(String(await fetched(folder, [a.locked, b.locked], root))).toMatch(/bb 1\+b1 could not be downloaded/)
  expect((await readdir(join(folder, 'store/debs'))).filter(name => name.includes('part'))).toEqual([])
  broken = false
  asked.length = 0
  expect(await fetched(folder, [a.locked, b.locked], root)).toBeUndefined()
  expect(asked).toHaveLength(1)
})

test('other bytes than the lock names are refused and not kept', async () => {
  const [folder, a] = [await temporaryFolder(), await deb('aa')]
  const root = await archive((_, response) => response.end('something else'))
  expect(String(await fetched(folder, [a.locked], root))).toMatch(
    /The archive sent other bytes for aa 1\+b1 than the lock names/,
  )
  expect(await readdir(join(folder, 'store/debs'))).toEqual([])
})

test('a package that the archive no longer has is told as gone, and the other downloads end', async () => {
  const [folder, a, b] = [await temporaryFolder(), await deb('aa'), await deb('bb')]
  const root = await archive((request, response) => {
    if (request.url?.includes('aa') === true) response.writeHead(404).end()
    else response.writeHead(200).write('x') // and never ends by itself
  })
  const error = await fetched(folder, [a.locked, b.locked], root)
  expect(error).toBeInstanceOf(PackageGone)
  expect(String(error)).toMatch(/aa 1\+b1 is in the lock but no longer in the archive/)
})

test('an archive in trouble is not taken for one that lacks the package', async () => {
  const [folder, a] = [await temporaryFolder(), await deb('aa')]
  const error = await fetched(folder, [a.locked], await archive((_, response) => response.writeHead(503).end()))
  expect(error).not.toBeInstanceOf(PackageGone)
  expect(String(error)).toMatch(/could not be downloaded: 503/)
})

test('a kept package that has decayed is fetched again, and parts of a killed build are removed', async () => {
  const [folder, a] = [await temporaryFolder(), await deb('aa')]
  const root = await archive((_, response) => response.end(a.bytes))
  await fetched(folder, [a.locked], root)
  const kept = join(folder, 'store/debs', `${a.locked.sha256}.deb`)
  await truncate(kept, 10)
  await writeFile(`${kept}.1.part`, 'x')
  expect(await fetched(folder, [a.locked], root)).toBeUndefined()
  expect(await readFile(kept)).toEqual(a.bytes)
  expect((await readdir(join(folder, 'store/debs'))).filter(name => name.includes('part'))).toEqual([])
})

test('a disk that gets full while downloading is told as such', async () => {
  const [folder, a] = [await temporaryFolder(), await deb('aa')]
  await mkdir(join(folder, 'store/debs'), { recursive: true })
  await symlink('/dev/full', join(folder, 'store/debs', `${a.locked.sha256}.deb.${process.pid}.part`))
  const error = await fetched(folder, [a.locked], await archive((_, response) => response.end(a.bytes)))
  expect(String(error)).toMatch(/UserError: The disk is full/)
})
