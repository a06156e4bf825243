import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CARRIED_FILE, CarriedImages, LAYOUT_FOLDER } from '../../builder/containers/carried.ts'
import type { Certificate } from './authority.ts'
import type { TestInternet } from './internet.ts'
import { startNameServer } from './name-server.ts'
import { REGISTRY } from './names.ts'
import type { Running, Space } from './space.ts'

/** The host in the names of the stand-ins' images. */
const HOST = 'registry.standin.test'

/** A real container registry out there, by the name that the images of the stand-ins have; it begins switched off. */
export class PublicRegistry implements AsyncDisposable {
  readonly #space: Space
  readonly #settings: string
  #running: Running | null = null

  private constructor(space: Space, settings: string) {
    this.#space = space
    this.#settings = settings
  }

  static async open(internet: TestInternet): Promise<PublicRegistry> {
    const folder = join(internet.folder, 'registry')
    await mkdir(folder)
    const space = await internet.openPublicSpace('registry', REGISTRY)
    await startNameServer(space, [`--address=/${HOST}/${REGISTRY}`])
    await internet.delegate([HOST], REGISTRY)
    const settings = join(folder, 'config.yml')
    await writeFile(settings, renderSettings(join(folder, 'data'), await internet.authority.issue([HOST])))
    return new PublicRegistry(space, settings)
  }

  async switchOn(): Promise<void> {
    this.#running = this.#space.start(['docker-registry', 'serve', this.#settings])
    await this.#running.waitFor(/listening on/)
  }

  async switchOff(): Promise<void> {
    await this.#running?.stop()
    this.#running = null
  }

  /** Puts what a build has made for its services into it: the result of the step `containers`. Must be on. */
  async fill(containers: string): Promise<void> {
    const images = CarriedImages.parse(JSON.parse(await readFile(join(containers, CARRIED_FILE), 'utf8')))
    for (const { reference } of Object.values(images)) {
      const to = `docker://${reference.replace(HOST, '127.0.0.1:443')}`
      const copy = ['copy', '--quiet', '--preserve-digests', '--dest-tls-verify=false']
      await this.#space.run(
        'skopeo',
        '--insecure-policy',
        ...copy,
        `oci:${join(containers, LAYOUT_FOLDER)}:${reference}`,
        to,
      )
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#space[Symbol.asyncDispose]()
  }
}

// YAML takes JSON as it is.
const renderSettings = (data: string, { certificate, key }: Certificate): string =>
  JSON.stringify({
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: data } },
    http: { addr: ':443', tls: { certificate, key } },
  })
