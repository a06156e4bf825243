import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { addImage, addText, finishLayout } from '../../../builder/containers/layout.ts'
import { images } from '../../../firstboot/changes/images.ts'
import { payloadFolder, payloadMark } from '../../../firstboot/docker/payload.ts'
import type { Catalogue } from '../../../firstboot/stack/catalogue.ts'
import { aService } from '../stack/a-service.ts'
import { temporaryFolder } from '../shared/fixtures.ts'
import { FakeDocker } from './fake-docker.ts'

const MARK = '/var/lib/mediaserver/images.json'
const BEGUN = '/var/lib/mediaserver/images-begun'
const pin = (letter: string) => `sha256:${letter.repeat(64)}`

const catalogue: Catalogue = [
  aService({ name: 'one', title: 'One', image: 'a.test/one:1', configDigest: pin('1'), manifestDigest: pin('2') }),
  aService({ name: 'two', title: 'Two', image: 'a.test/two:2', configDigest: pin('3'), manifestDigest: pin('4') }),
  aService({ name: 'extra', title: 'Extra', when: 'chosen', image: 'a.test/extra:3', configDigest: pin('5') }),
]

/** A payload that holds images of these names; what is in them does not matter to a Docker that is no real one. */
async function carry(docker: FakeDocker): Promise<void> {
  const folder = join(docker.root, payloadFolder)
  await mkdir(folder, { recursive: true })
  const layout = await temporaryFolder()
  const entries: Record<string, { reference: string; manifest: string }> = {}
  for (const { name, image } of catalogue) {
    await addText(layout, name)
    entries[name] = { reference: image, manifest: await addImage(layout, [], { Entrypoint: [name], Env: [] }, 0) }
  }
  await finishLayout(layout, entries)
  await cp(layout, folder, { recursive: true })
  await writeFile(join(docker.root, payloadMark), 'complete')
}

const loadAll = (docker: FakeDocker, ids: Readonly<Record<string, string>>) => () => {
  for (const [image, id] of Object.entries(ids)) docker.images.set(image, id)
  return { code: 0, stdout: '', stderr: '' }
}
const right = { 'a.test/one:1': pin('1'), 'a.test/two:2': pin('4'), 'a.test/extra:3': pin('5') }
const failure = async (docker: FakeDocker) =>
  await images.apply({}, docker.site).then(
    () => 'it did not fail',
    (error: Error & { mend?: string }) => `${error.message} ${error.mend ?? ''}`,
  )

describe('images', () => {
  let docker: FakeDocker
  beforeEach(async () => {
    docker = await FakeDocker.open(catalogue)
  })
  const has = (path: string) => existsSync(join(docker.root, path))

  test('come from the payload in one load; by configuration or by manifest, as the image store has it', async () => {
    await carry(docker)
    docker.onLoad = loadAll(docker, right)
    expect(await images.check({}, docker.site)).toBeNull()
    await images.apply({}, docker.site)
    expect(docker.calls.filter(call => call.startsWith('docker load'))).toHaveLength(1)
    expect(await images.check({}, docker.site)).toBe('2 services, each exactly the tested one')
    expect([has(MARK), has(BEGUN), has(payloadFolder)]).toEqual([true, false, false])
  })

  test('are safe on the disk before they are said to be there', async () => {
    await carry(docker)
    docker.onLoad = loadAll(docker, right)
    await images.apply({}, docker.site)
    const load = docker.calls.indexOf('docker load')
    expect(docker.calls.slice(load)).toContain('sync')
  })

  test('that Docker has but nobody has proven are not believed', async () => {
    loadAll(docker, right)()
    expect(await images.check({}, docker.site)).toBeNull()
  })

  test('that are others than the tested ones are refused', async () => {
    await carry(docker)
    docker.onLoad = loadAll(docker, { ...right, 'a.test/two:2': pin('f') })
    docker.registry.set(`a.test/two@${pin('4')}`, pin('f'))
    expect(await failure(docker)).toMatch(/What was loaded is not what belongs to this version: Two\. The stick may be/)
    // The payload is still there for the next try, and the next try does not believe what it finds.
    expect([has(MARK), has(BEGUN), has(payloadMark)]).toEqual([false, true, true])
  })

  test('a disk that is full is told as such, and the payload stays', async () => {
    await carry(docker)
    docker.onLoad = () => ({ code: 1, stdout: '', stderr: 'write /x: no space left on device' })
    expect(await failure(docker)).toBe(
      'The services could not be unpacked: the system disk is full. Free some space on it, then try again.',
    )
    expect(has(payloadMark)).toBe(true)
  })

  test('after a power cut in the first load Docker begins anew, for its layers may be torn', async () => {
    await carry(docker)
    await docker.write(BEGUN, '')
    await docker.write('/var/lib/docker/overlay2/torn/diff', '')
    await docker.write('/var/lib/containerd/torn', '')
    docker.images.set('a.test/one:1', pin('1'))
    docker.onCall = argv => {
      if (argv.join(' ') === 'systemctl start containerd.service docker.service') docker.images.clear()
    }
    docker.onLoad = loadAll(docker, right)
    await images.apply({}, docker.site)
    expect(await readdir(join(docker.root, 'var/lib/docker'))).toEqual([])
    expect(await readdir(join(docker.root, 'var/lib/containerd'))).toEqual([])
    expect(await images.check({}, docker.site)).not.toBeNull()
  })

  test('after a power cut in a later load, what was proven and what belongs to somebody else stays', async () => {
    await carry(docker)
    await docker.write(MARK, JSON.stringify([pin('1')]))
    await docker.write(BEGUN, '')
    await docker.write('/var/lib/docker/somebody', '')
    loadAll(docker, right)()
    docker.onLoad = loadAll(docker, right)
    await images.apply({}, docker.site)
    expect(docker.calls).toContain('docker image rm --force a.test/two:2 a.test/extra:3')
    expect(docker.calls.some(call => call.includes('systemctl stop'))).toBe(false)
    expect(await readdir(join(docker.root, 'var/lib/docker'))).toEqual(['somebody'])
  })

  test('without a payload the chosen ones are pulled by digest, and get their tags', async () => {
    docker.registry.set(`a.test/one@${pin('2')}`, pin('1'))
    docker.registry.set(`a.test/two@${pin('4')}`, pin('4'))
    await images.apply({}, docker.site)
    expect(docker.calls.filter(call => call.startsWith('docker pull'))).toEqual([
      `docker pull --quiet a.test/one@${pin('2')}`,
      `docker pull --quiet a.test/two@${pin('4')}`,
    ])
    expect(await images.check({}, docker.site)).toBe('2 services, each exactly the tested one')
  })

  test('a registry that does not answer is named, with what helps', async () => {
    expect(await failure(docker)).toMatch(
      /^One could not be downloaded from a\.test: .*connection refused\. See that the machine reaches the internet/,
    )
  })

  test('a service that is chosen later was carried, and is there at once', async () => {
    await carry(docker)
    docker.onLoad = loadAll(docker, right)
    await images.apply({}, docker.site)
    const site = { ...docker.site, answers: { ...docker.site.answers, services: ['extra'] } }
    expect(await images.check({}, site)).toBe('3 services, each exactly the tested one')
  })
})
