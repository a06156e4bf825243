import type { TapNetwork } from '../../builder/qemu/options.ts'
import { CLIENT, TestInternet } from '../internet/internet.ts'
import { Workbench } from './workbench.ts'

// The guest trusts the test internet as it trusts everybody else, before anything of it asks; see systemd.system-credentials(7).
const TRUST = `[Unit]
Description=Trust the authority of the test internet
DefaultDependencies=no
After=local-fs.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c "cat /run/credentials/@system/test-authority >>/etc/ssl/certs/ca-certificates.crt"
`
const BEFORE_ALL = '[Unit]\nWants=test-authority.service\nAfter=test-authority.service\n'

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
          'systemd.extra-unit.test-authority.service': TRUST,
          'systemd.unit-dropin.basic.target': BEFORE_ALL,
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
