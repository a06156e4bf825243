import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../builder/shared/run.ts'
import type { DiskOptions } from '../../builder/qemu/options.ts'
import { type FilmDisk, makeFilmDisk } from './film-disk.ts'
import { imageUnderTest } from './image.ts'
import { SshLogin } from './ssh.ts'
import { Stick } from './stick.ts'

/** An answers file that needs nobody: the system on NV-4Q7K, the disks with `films` kept, and further lines. */
export const unattendedAnswers = (login: SshLogin, films: readonly string[], extra = ''): string => `# answers of a test
unattended: true
hostname: filmbox
timezone: Europe/Berlin
user: anna
sshKeys:
  - ${login.publicKey}
disks:
  system:
    serial: NV-4Q7K
    erase: true
  media:${films.length === 0 ? ' []' : films.map(serial => `\n    - serial: ${serial}\n      use: keep`).join('')}
${extra}`

/** A machine to be set up: its disks, which outlive each start of it, the stick, and somebody's SSH key. */
export class Workbench implements AsyncDisposable {
  readonly stick: Stick
  readonly login: SshLogin
  readonly films: FilmDisk
  readonly disks: readonly DiskOptions[]
  readonly #folder: string

  private constructor(parts: { stick: Stick; login: SshLogin; films: FilmDisk; folder: string }) {
    this.stick = parts.stick
    this.login = parts.login
    this.films = parts.films
    this.#folder = parts.folder
    this.disks = [
      { kind: 'nvme', serial: 'NV-4Q7K', sizeGiB: 64, path: join(parts.folder, 'nvme.raw') },
      { kind: 'hdd', serial: 'HD-L3PG', path: parts.films.path },
    ]
  }

  /** Puts everything together, with a disk full of films. */
  static async open(): Promise<Workbench> {
    const folder = await mkdtemp(join(process.env['MEDIASERVER_VM_DIR'] ?? '/var/tmp', 'ms-bench-'))
    return new Workbench({
      stick: await Stick.write(await imageUnderTest()),
      login: await SshLogin.make(),
      films: await makeFilmDisk(join(folder, 'hdd.raw'), 8),
      folder,
    })
  }

  /** An answers file for this machine that needs nobody; `extra` are further lines of it. */
  answers(extra = ''): string {
    return unattendedAnswers(this.login, ['HD-L3PG'], extra)
  }

  /** The identities of the stick's partitions. */
  async stickIds(): Promise<string[]> {
    const { stdout } = await run({ argv: ['sfdisk', '--json', this.stick.image] })
    const table = JSON.parse(stdout) as { partitiontable: { partitions: { uuid: string }[] } }
    return table.partitiontable.partitions.map(part => part.uuid)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stick[Symbol.asyncDispose]()
    await this.login[Symbol.asyncDispose]()
    await rm(this.#folder, { recursive: true, force: true })
  }
}
