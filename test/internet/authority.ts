import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../builder/shared/run.ts'

/** Files of a certificate and of its key. */
export interface Certificate {
  readonly certificate: string
  readonly key: string
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '3650'] as const

/** A certificate authority of the test internet: who trusts it believes that its servers are the real ones. */
export class Authority {
  /** File of its own certificate. */
  readonly certificate: string
  readonly #folder: string
  #issued = 0

  private constructor(folder: string) {
    this.#folder = folder
    this.certificate = join(folder, 'ca.crt')
  }

  /** Makes one, with its files in a folder. */
  static async make(folder: string): Promise<Authority> {
    const authority = new Authority(folder)
    const options = ['-keyout', join(folder, 'ca.key'), '-out', authority.certificate]
    await openssl([
      'req',
      '-x509',
      ...KEY,
      ...options,
      '-subj',
      '/CN=Test internet',
      '-addext',
      'basicConstraints=critical,CA:TRUE',
      '-addext',
      'keyUsage=critical,keyCertSign',
    ])
    return authority
  }

  /** A certificate for servers of these names. */
  async issue(names: readonly string[]): Promise<Certificate> {
    this.#issued += 1
    const file = (ending: string) => join(this.#folder, `server-${this.#issued}.${ending}`)
    await writeFile(
      file('ext'),
      `basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=${names.map(name => `DNS:${name}`).join()}\n`,
    )
    const subject = ['-subj', `/CN=${names[0] ?? ''}`.slice(0, 60)]
    await openssl(['req', ...KEY, '-keyout', file('key'), '-out', file('csr'), ...subject])
    await openssl([
      'x509',
      '-req',
      '-in',
      file('csr'),
      '-out',
      file('crt'),
      '-days',
      '3650',
      '-extfile',
      file('ext'),
      '-CA',
      this.certificate,
      '-CAkey',
      join(this.#folder, 'ca.key'),
      '-CAcreateserial',
    ])
    return { certificate: file('crt'), key: file('key') }
  }
}

const openssl = async (words: readonly string[]): Promise<void> => void (await run({ argv: ['openssl', ...words] }))
