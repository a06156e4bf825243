import type { TapNetwork } from '../../builder/qemu/options.ts'
import { CLIENT, TestInternet } from '../internet/internet.ts'
import { Workbench } from './workbench.ts'

// Programs that look after the system ask the test internet with its own certificates, and are told so from outside.
const TRUST = `[Service]
LoadCredential=test-authority
Environment=NODE_EXTRA_CA_CERTS=%d/test-authority CURL_CA_BUNDLE=%d/test-authority SSL_CERT_FILE=%d/test-authority
`
const TRUSTING = ['mediaserver-apply', 'mediaserver-vpn', 'plexmediaserver']

/** A workbench in a home with a made-up internet: what is switched on there gets its address from the home's router. */
export class Home implements AsyncDisposable {
  readonly internet: TestInternet
  readonly bench: Workbench
  /** What a machine of this home is started with, besides firmware and disks. */
  readonly plugged: { readonly network: TapNetwork; readonly credentials: Readonly<Record<string, string>> }

  private constructor(internet: TestInternet, bench: Workbench, plugged: Home['plugged']) {
    this.internet = internet
    this.bench = bench
    this.plugged = plugged
  }

  /** Builds the internet and the machine's parts; `names` are further ones of web servers out there. */
  static async open(names: readonly string[] = []): Promise<Home> {
    const internet = await TestInternet.open(names)
    try {
      const bench = await Workbench.open()
      const network = await internet.plugTap()
      bench.login.through = { enter: network.enter, address: CLIENT }
      return new Home(internet, bench, {
        network,
        credentials: {
          'test-authority': await internet.certificate(),
          ...Object.fromEntries(TRUSTING.map(unit => [`systemd.unit-dropin.${unit}.service`, TRUST])),
        },
      })
    } catch (error) {
      await internet[Symbol.asyncDispose]()
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bench[Symbol.asyncDispose]()
    await this.internet[Symbol.asyncDispose]()
  }
}
