import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { renderKillSwitch } from '../../firstboot/vpn/kill-switch.ts'
import type { VpnServer } from '../../firstboot/vpn/nordvpn.ts'
import { renderTunnel, VPN_RESOLVERS } from '../../firstboot/vpn/settings.ts'
import { Secret } from '../../firstboot/answers/secret.ts'
import { TUNNEL_ADDRESS } from './exit.ts'
import { CLIENT, ROUTER, type TestInternet } from './internet.ts'
import type { Running, Said, Space } from './space.ts'

/** What the image's container of the VPN runs. */
export const SCRIPTS = join(import.meta.dirname, '../../overlays/firstboot/usr/share/mediaserver/nordlynx')

/**
 * A machine in the home of a test internet that does what a media server does with Docker, without Docker: a bridge for the
 * VPN, address translation, and a container that runs the very scripts of the image.
 */
export class PretendMachine implements AsyncDisposable {
  readonly host: Space
  readonly container: Space
  /** The router's end of its cable, where everything that it sends can be seen. */
  readonly cable: string
  readonly #internet: TestInternet
  readonly #folder: string
  #tunnel: string
  #up: Running | null = null

  private constructor(internet: TestInternet, host: Space, container: Space, cable: string) {
    this.#internet = internet
    this.host = host
    this.container = container
    this.cable = cable
    this.#folder = internet.folder
    this.#tunnel = join(internet.folder, 'tunnel')
  }

  static async open(internet: TestInternet): Promise<PretendMachine> {
    const host = await internet.openSpace('host')
    const container = await internet.openSpace('container')
    const cable = await internet.plugSpace(host, 'eth0')
    await host.run('sysctl', '-qw', 'net.ipv4.ip_forward=1')
    await host.run('ip', 'link', 'add', 'br-vpn', 'type', 'bridge')
    await host.run('ip', 'link', 'set', 'br-vpn', 'up')
    await host.address('br-vpn', '172.30.1.1/24')
    await host.link('veth0', container, 'eth0')
    await host.run('ip', 'link', 'set', 'veth0', 'master', 'br-vpn')
    await container.address('eth0', '172.30.1.2/24')
    await container.run('ip', 'route', 'add', 'default', 'via', '172.30.1.1')
    await host.run(
      'nft',
      'table ip docker { chain post { type nat hook postrouting priority srcnat; ip saddr 172.30.1.0/24 oifname != "br-vpn" masquerade; }; }',
    )
    const machine = new PretendMachine(internet, host, container, cable)
    await machine.#resolvers(host, [ROUTER])
    await machine.#resolvers(container, VPN_RESOLVERS)
    for (const space of [host, container]) await machine.#trust(space)
    await machine.guard([])
    return machine
  }

  /** Puts the kill switch in force, with these servers let through. */
  async guard(endpoints: readonly string[]): Promise<void> {
    const text = renderKillSwitch({ endpoints, lanPorts: [8989], connected: [] })
    const { code, stderr } = await this.host.attempt(['nft', '-f', '-'], text)
    if (code !== 0) throw new Error(stderr)
  }

  /** Tells the container where its tunnel leads, by the file in a folder; a running one takes it at once. */
  async lead(server: VpnServer, folder: string = this.#tunnel): Promise<void> {
    this.#tunnel = folder
    await mkdir(folder, { recursive: true })
    const key = new Secret(this.#internet.accountKey)
    await writeFile(this.#conf, renderTunnel({ key, server }), { mode: 0o600 })
    const said = this.#up?.lines.length ?? 0
    this.#up?.child.kill('SIGHUP')
    while (this.#up !== null && this.#up.lines.length === said) await new Promise(resolve => setTimeout(resolve, 20))
  }

  /** Starts the container, as Docker does: the script is its first process. */
  async start(): Promise<Running> {
    // With no more rights than the recipe gives it.
    const rights = ['setpriv', '--no-new-privs', '--inh-caps=-all', '--bounding-set=-all,+net_admin']
    this.#up = this.container.start([...rights, 'sh', join(SCRIPTS, 'up.sh')], this.#env)
    await this.#up.waitFor(/the tunnel leads to/)
    return this.#up
  }

  /** Asks the container how it is, as Docker does. */
  async health(): Promise<Said> {
    return await this.container.attempt(['sh', join(SCRIPTS, 'healthy.sh')], '', this.#env)
  }

  /** Asks the internet for the address that it sees; null when there is no answer. */
  async addressSeenFrom(space: Space): Promise<string | null> {
    const { stdout } = await space.attempt(['curl', '-sS', '--max-time', '4', 'https://ipv4.icanhazip.com'])
    return stdout.trim() || null
  }

  /** The address that stands for this machine at the router's end of the cable. */
  readonly address = CLIENT

  /** The address of the container inside of the tunnel. */
  readonly tunnelAddress = TUNNEL_ADDRESS

  async [Symbol.asyncDispose](): Promise<void> {
    await this.container[Symbol.asyncDispose]()
    await this.host[Symbol.asyncDispose]()
  }

  get #conf(): string {
    return join(this.#tunnel, 'wg0.conf')
  }

  get #env(): Record<string, string> {
    return { TUNNEL_CONF: this.#conf }
  }

  // Only this space sees the mounted file.
  async #mountOver(space: Space, path: string, text: string): Promise<void> {
    const file = join(this.#folder, `${space.name}-${path.replaceAll('/', '_')}`)
    await writeFile(file, text)
    await space.run('mount', '--bind', file, path)
  }

  async #resolvers(space: Space, servers: readonly string[]): Promise<void> {
    await this.#mountOver(space, '/etc/resolv.conf', servers.map(server => `nameserver ${server}\n`).join(''))
  }

  async #trust(space: Space): Promise<void> {
    await this.#mountOver(space, '/etc/ssl/certs/ca-certificates.crt', await this.#internet.certificate())
  }
}
