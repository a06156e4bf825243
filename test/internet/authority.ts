import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../../builder/shared/run.ts'

/** Files of a certificate and of its key. */
export interface Certificate {
  readonly certificate: string
  readonly key: string
}

/** From when until when a certificate is good. */
export interface Lifetime {
  readonly from: Date
  readonly until: Date
}

const HOUR = 3_600_000
const usual = (): Lifetime => ({
  from: new Date(Date.now() - HOUR),
  until: new Date(Date.now() + 10 * 365 * 24 * HOUR),
})

/** As openssl-ca(1) takes it: 20260102030405Z. */
const dateOf = (moment: Date): string => moment.toISOString().replaceAll(/[-:T]|\.\d+/g, '')

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '3650'] as const

/** A certificate authority of the test internet: who trusts it believes that its servers are the real ones. */
export class Authority {
  /** File of its own certificate. */
  readonly certificate: string
  /** File of its key. */
  readonly key: string
  readonly #folder: string
  #issued = 0

  private constructor(folder: string) {
    this.#folder = folder
    this.certificate = join(folder, 'ca.crt')
    this.key = join(folder, 'ca.key')
  }

  /** Makes one, with its files in a folder. */
  static async make(folder: string): Promise<Authority> {
    const authority = new Authority(folder)
    const options = ['-keyout', authority.key, '-out', authority.certificate]
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

  /** A certificate for servers of these names, good for ten years unless it says otherwise. */
  async issue(names: readonly string[], { from, until }: Lifetime = usual()): Promise<Certificate> {
    this.#issued += 1
    const file = (ending: string) => join(this.#folder, `server-${this.#issued}.${ending}`)
    await writeFile(
      file('ext'),
      `basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=${names.map(name => `DNS:${name}`).join()}\n`,
    )
    const subject = ['-subj', `/CN=${names[0] ?? ''}`.slice(0, 60)]
    await openssl(['req', ...KEY, '-keyout', file('key'), '-out', file('csr'), ...subject])
    // Of openssl's commands, this is the one that takes any dates in every version.
    await writeFile(file('index'), '')
    await writeFile(
      file('cnf'),
      `[ca]\ndefault_ca=own\n[own]\ndatabase=${file('index')}\npolicy=any\nrand_serial=yes\n[any]\ncommonName=supplied\n`,
    )
    const how = ['-config', file('cnf'), '-extfile', file('ext'), '-md', 'sha256', '-outdir', this.#folder]
    const dates = ['-startdate', dateOf(from), '-enddate', dateOf(until)]
    const by = ['-cert', this.certificate, '-keyfile', this.key]
    await openssl(['ca', '-batch', '-notext', ...how, ...dates, ...by, '-in', file('csr'), '-out', file('crt')])
    return { certificate: file('crt'), key: file('key') }
  }
}

const openssl = async (words: readonly string[]): Promise<void> => void (await run({ argv: ['openssl', ...words] }))
