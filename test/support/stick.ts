import { copyFile, constants, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mtoolsDrive } from '../../builder/qemu/image-kernel.ts'
import { run } from '../../builder/shared/run.ts'

/** A stick of the test's own: the image as it ships, with files on CONFIG as a person puts them there. */
export class Stick implements AsyncDisposable {
  readonly image: string
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
    this.image = join(folder, 'stick.img')
  }

  /** Copies an image. The stick keeps what is written to it; it goes with the test. */
  static async write(image: string): Promise<Stick> {
    const stick = new Stick(await mkdtemp(join(process.env['MEDIASERVER_VM_DIR'] ?? '/var/tmp', 'ms-stick-')))
    await copyFile(image, stick.image, constants.COPYFILE_FICLONE)
    return stick
  }

  /** The same for a larger disk: the image is on it as if it had been written straight to it. */
  static async writeOnto(image: string, gibibytes: number): Promise<Stick> {
    const disk = await Stick.write(image)
    await truncate(disk.image, gibibytes * 1024 ** 3)
    return disk
  }

  /** Puts a file on CONFIG. */
  async put(name: string, text: string): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'ms-put-'))
    try {
      await writeFile(join(folder, 'file'), text)
      await run({ argv: ['mcopy', '-o', '-i', await this.#config(), join(folder, 'file'), `::/${name}`] })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  /** Reads a file of CONFIG; throws when it is not there. */
  async get(name: string): Promise<string> {
    return (await run({ argv: ['mtype', '-i', await this.#config(), `::/${name}`] })).stdout
  }

  /** Reads a file of the partition that the firmware starts from. */
  async bootFile(name: string): Promise<string> {
    return (await run({ argv: ['mtype', '-i', await mtoolsDrive(this.image, 'esp'), `::/${name}`] })).stdout
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
  }

  async #config(): Promise<string> {
    return await mtoolsDrive(this.image, 'config')
  }
}
