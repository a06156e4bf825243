import { readdir, readFile, rm } from 'node:fs/promises'
import * as z from 'zod/mini'
import { writeDurably } from '../apply/durable.ts'
import { ChangeFailure } from '../apply/failure.ts'
import { hasImage, imageIds } from '../docker/images.ts'
import { archiveOf, readLayout, withPayload } from '../docker/payload.ts'
import type { Catalogue, Service } from '../stack/catalogue.ts'
import { exists } from './block-devices.ts'
import { defineChange, type Site } from './change.ts'
import { removePayload } from './copy-payload.ts'
import { readCatalogue, wantedServices } from './installed-catalogue.ts'

// The images that were there, compared and safe on the disk: their IDs. What Docker merely knows may have been torn by
// a power cut, for Docker writes down that it has a layer before the layer is on the disk.
const MARK = '/var/lib/mediaserver/images.json'
const BEGUN = '/var/lib/mediaserver/images-begun'

const Mark = z.array(z.string())

async function provenIds(site: Site): Promise<readonly string[]> {
  try {
    return Mark.parse(JSON.parse(await readFile(site.path(MARK), 'utf8')))
  } catch {
    return []
  }
}

const isProven = (service: Service, proven: readonly string[]): boolean =>
  proven.includes(service.configDigest) || proven.includes(service.manifestDigest)

const namesOf = (services: Catalogue): string[] => services.map(service => service.image)

async function lackingServices(services: Catalogue, site: Site): Promise<Catalogue> {
  const proven = await provenIds(site)
  const ids = await imageIds(namesOf(services), site)
  return services.filter(service => !isProven(service, proven) || !hasImage(ids, service))
}

/** Gives Docker the images of the services: from the payload of the stick, else by digest from their registries. */
export const images = defineChange<object>({
  id: 'images',
  where: 'target',
  parse: params => z.strictObject({}).parse(params),
  async check(_, site) {
    const wanted = await wantedServices(site)
    if (await exists(site.path(BEGUN))) return null
    const lacking = await lackingServices(wanted, site)
    return lacking.length === 0 ? `${wanted.length} services, each exactly the tested one` : null
  },
  async apply(_, site) {
    const catalogue = await readCatalogue(site)
    if (await exists(site.path(BEGUN))) await forgetTorn(catalogue, site)
    await writeDurably(site.path(BEGUN), '', { mode: 0o600 })
    const lacking = await lackingServices(catalogue, site)
    const loaded = await withPayload(site, async folder => await load(folder, lacking, site))
    const wanted = await wantedServices(site)
    await pull(await missing(wanted, site), site)
    site.progress('comparing the services')
    await site.run(['sync'])
    const left = await missing(wanted, site)
    if (left.length > 0)
      throw new ChangeFailure(
        `What was loaded is not what belongs to this version: ${left.map(each => each.title).join(', ')}.`,
        'The stick may be damaged: write it again, put it in, and try again.',
      )
    const ids = await imageIds(namesOf(catalogue), site)
    const proven = catalogue.filter(service => hasImage(ids, service))
    const digests = proven.flatMap(({ configDigest, manifestDigest }) => [configDigest, manifestDigest])
    await writeDurably(site.path(MARK), JSON.stringify(digests), { mode: 0o600 })
    await rm(site.path(BEGUN))
    if (loaded === true) await removePayload(site)
  },
})

const missing = async (services: Catalogue, site: Site): Promise<Catalogue> => {
  const ids = await imageIds(namesOf(services), site)
  return services.filter(service => !hasImage(ids, service))
}

/** Feeds Docker one archive of everything that it lacks; layers that services share are in it once. */
async function load(folder: string, lacking: Catalogue, site: Site): Promise<true> {
  const names = new Set(namesOf(lacking))
  const carried = (await readLayout(folder)).filter(image => names.has(image.reference))
  if (carried.length === 0) return true
  const { bytes, stream } = await archiveOf(folder, carried)
  const doing = 'unpacking the services'
  // Reading is the smaller half: Docker unpacks when it has everything.
  const total = bytes * 2
  let done = 0
  async function* counted() {
    for await (const chunk of stream()) {
      done += chunk.length
      site.progress(doing, done, total)
      yield chunk
    }
  }
  const onLine = (line: string) => {
    if (!line.startsWith('Loaded image')) return
    done = Math.min(total, done + bytes / carried.length)
    site.progress(doing, Math.round(done), total)
  }
  const ended = await site.attempt(['docker', 'load'], { input: counted(), onLine })
  if (ended.code !== 0) throw explain('The services could not be unpacked', ended.stderr)
  return true
}

function explain(what: string, stderr: string): ChangeFailure {
  if (/no space left on device/i.test(stderr))
    return new ChangeFailure(`${what}: the system disk is full.`, 'Free some space on it, then try again.')
  const last = stderr.trim().split('\n').at(-1) ?? ''
  return new ChangeFailure(`${what}: ${sentence(last)}`, 'Try again; if it happens again, save a report.')
}

// Programs end their last words as they like.
const sentence = (words: string): string => words.replace(/[.:]?$/, '.')

const registryOf = (image: string): string => image.split('/')[0] ?? image
const repositoryOf = (image: string): string => image.replace(/:[^/:]+$/, '')

/** Fetches what no payload has, by the digest of the lock: a tag may mean something else by now. */
async function pull(services: Catalogue, site: Site): Promise<void> {
  const total = services.reduce((sum, { bytes }) => sum + bytes, 0)
  let done = 0
  for (const { image, title, manifestDigest, bytes } of services) {
    site.progress(`downloading ${title}`, done, total)
    const exact = `${repositoryOf(image)}@${manifestDigest}`
    const ended = await site.attempt(['docker', 'pull', '--quiet', exact])
    if (ended.code !== 0) {
      const full = /no space left on device/i.test(ended.stderr)
      if (full) throw explain(`${title} could not be stored`, ended.stderr)
      const last = ended.stderr.trim().split('\n').at(-1) ?? ''
      throw new ChangeFailure(
        `${title} could not be downloaded from ${registryOf(image)}: ${sentence(last)}`,
        'See that the machine reaches the internet, then try again; what is downloaded already is kept. A stick with the full image, put in now, needs no internet.',
      )
    }
    await site.run(['docker', 'tag', exact, image])
    done += bytes
  }
}

const DATA = ['/var/lib/docker', '/var/lib/containerd'] as const

/**
 * After a power cut while images were written, layers may be torn, and Docker would use them. Where Docker never had
 * anything it begins anew; else only images of the stack go that were never proven.
 */
async function forgetTorn(catalogue: Catalogue, site: Site): Promise<void> {
  site.progress('removing what a power cut left half written')
  const proven = await provenIds(site)
  const [containers, volumes] = await Promise.all([
    site.run(['docker', 'ps', '--all', '--quiet']),
    site.run(['docker', 'volume', 'ls', '--quiet']),
  ])
  if (proven.length === 0 && containers.trim() === '' && volumes.trim() === '') {
    await site.run(['systemctl', 'stop', 'docker.socket', 'docker.service', 'containerd.service'])
    for (const folder of DATA)
      for (const name of await readdir(site.path(folder)))
        await rm(`${site.path(folder)}/${name}`, { recursive: true, force: true })
    await site.run(['systemctl', 'start', 'containerd.service', 'docker.service'])
    return
  }
  const present = await imageIds(namesOf(catalogue), site)
  const torn = catalogue.filter(service => !isProven(service, proven) && hasImage(present, service))
  if (torn.length > 0) await site.run(['docker', 'image', 'rm', '--force', ...namesOf(torn)])
}
