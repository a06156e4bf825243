import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TapNetwork } from '../../builder/qemu/options.ts'
import { Authority } from './authority.ts'
import { Capture } from './capture.ts'
import { Exit } from './exit.ts'
import { wireguardKeys } from './keys.ts'
import { startNameServer } from './name-server.ts'
import { namesAsked, PEER, WEB } from './names.ts'
import type { Faults, NordVpnWorld } from './nordvpn.ts'
import { type Running, Space } from './space.ts'

/** The address that the internet sees of the home when there is no tunnel. */
export const HOME_ADDRESS = '203.0.113.7'

/** The home's router inside, and the address that it gives to the machine under test. */
export const ROUTER = '10.66.0.1'
export const CLIENT = '10.66.0.20'

/** The servers of the VPN; each is a space of its own with its own key. */
const SERVERS = [
  { hostname: 'se101.nordvpn.com', station: '203.0.113.51', country: 'Sweden', city: 'Stockholm', p2p: true },
  { hostname: 'se102.nordvpn.com', station: '203.0.113.52', country: 'Sweden', city: 'Stockholm', p2p: true },
  { hostname: 'de201.nordvpn.com', station: '203.0.113.61', country: 'Germany', city: 'Berlin', p2p: false },
] as const

/** Names whose servers have a certificate of the test internet. */
const NAMES = ['api.nordvpn.com', 'nordvpn.com', 'ipv4.icanhazip.com', 'plex.tv']

/**
 * A small internet for tests, with a home in it. The home has a router with DHCP, DNS and address translation; beyond it are
 * a web server that plays NordVPN's interface and "what is my address", and the VPN's servers. All of it lives in network
 * namespaces and is gone with this object.
 */
export class TestInternet implements AsyncDisposable {
  /** What the account's owner has. */
  readonly token: string
  readonly accountKey: string
  readonly exits: readonly Exit[]
  readonly router: Space
  readonly world: Space
  readonly authority: Authority
  readonly folder: string
  readonly #spaces: readonly Space[]
  readonly #dns: Running
  readonly #web: Running
  #captures = 0
  #home = HOME_ADDRESS
  #forwarded: readonly number[] = []

  private constructor(parts: {
    account: Pick<NordVpnWorld, 'token' | 'key'>
    exits: readonly Exit[]
    router: Space
    world: Space
    authority: Authority
    folder: string
    spaces: readonly Space[]
    dns: Running
    web: Running
  }) {
    this.token = parts.account.token
    this.accountKey = parts.account.key
    this.exits = parts.exits
    this.router = parts.router
    this.world = parts.world
    this.authority = parts.authority
    this.folder = parts.folder
    this.#spaces = parts.spaces
    this.#dns = parts.dns
    this.#web = parts.web
  }

  /** Builds it; `names` are further ones that get a certificate and lead to the web server's address. */
  static async open(names: readonly string[] = []): Promise<TestInternet> {
    const folder = await mkdtemp(join(tmpdir(), 'ms-internet-'))
    const spaces: Space[] = []
    const open = async (name: string): Promise<Space> => {
      const space = await Space.open(name, spaces[0])
      spaces.push(space)
      return space
    }
    try {
      const world = await open('world')
      const router = await open('router')
      await world.run('ip', 'link', 'add', 'net', 'type', 'bridge')
      await world.run('ip', 'link', 'set', 'net', 'up')
      await world.address('net', `${PEER}/24`)
      await world.address('lo', `${WEB}/32`)
      const connect = async (space: Space, port: string) => {
        await world.link(port, space, 'net0')
        await world.run('ip', 'link', 'set', port, 'master', 'net')
      }
      await connect(router, 'router')
      const dns = await openRouter(router, folder)
      const { privateKey, publicKey } = wireguardKeys()
      const account = { token: 'c0ffee'.repeat(10) + 'dead', key: privateKey }
      const exits: Exit[] = []
      for (const server of SERVERS) {
        const [name = ''] = server.hostname.split('.')
        const space = await open(name)
        await connect(space, name)
        exits.push(await Exit.open(space, server, publicKey, folder))
      }
      const authority = await Authority.make(folder)
      const certificate = await authority.issue([...NAMES, ...names])
      const nordvpn = { ...account, servers: exits.map(exit => exit.server) }
      const program = join(import.meta.dirname, 'programs/web.ts')
      const web = world.start([process.execPath, program, JSON.stringify({ address: WEB, ...certificate, nordvpn })])
      await web.waitFor(/^listens$/)
      return new TestInternet({ account, exits, router, world, authority, folder, spaces, dns, web })
    } catch (error) {
      await close(spaces, folder)
      throw error
    }
  }

  /** Makes a socket in the home's wall for a virtual machine's network card; it gets the address `CLIENT` by DHCP. */
  async plugTap(): Promise<TapNetwork> {
    await this.router.run('ip', 'tuntap', 'add', 'dev', 'tap0', 'mode', 'tap')
    await this.router.run('ip', 'link', 'set', 'tap0', 'master', 'home', 'up')
    return { enter: this.router.enter, device: 'tap0', mac: CLIENT_MAC }
  }

  /** Connects a space to the home as `device`, with the address `CLIENT`; gives the router's end of the cable. */
  async plugSpace(space: Space, device: string): Promise<string> {
    await this.router.link('client', space, device)
    await this.router.run('ip', 'link', 'set', 'client', 'master', 'home')
    await space.address(device, `${CLIENT}/24`)
    await space.run('ip', 'route', 'add', 'default', 'via', ROUTER)
    return 'client'
  }

  /** Opens a space beside the others, for instance for a client. */
  async openSpace(name: string): Promise<Space> {
    return await Space.open(name, this.#spaces[0])
  }

  /** Opens a space that has a public address, and is reached by everybody; it is to be closed before all others. */
  async openPublicSpace(name: string, address: string): Promise<Space> {
    const space = await this.openSpace(name)
    await this.world.link(name, space, 'net0')
    await this.world.run('ip', 'link', 'set', name, 'master', 'net')
    await space.address('net0', `${address}/24`)
    await space.run('ip', 'route', 'add', 'default', 'via', PEER)
    return space
  }

  /** Begins to write down everything that comes into the home's wall at one socket, whoever sent it. */
  async capture(device: string): Promise<Capture> {
    this.#captures += 1
    return await Capture.start(this.router, device, join(this.folder, `capture-${this.#captures}.pcap`))
  }

  /** The certificate that has to be trusted, as PEM text. */
  async certificate(): Promise<string> {
    return await readFile(this.authority.certificate, 'utf8')
  }

  /** What goes wrong at NordVPN from now on. */
  async fault(faults: Faults): Promise<void> {
    await this.#tell(JSON.stringify(faults), 'ok ')
  }

  /** A person signs in at plex.tv/link and types a code there; false when it is not known. */
  async linkPlex(code: string): Promise<boolean> {
    return (await this.#tell(`link ${code}`, 'linked ')) === 'linked true'
  }

  // Gives the line that answers: the first new one with that beginning.
  async #tell(line: string, answer: string): Promise<string> {
    const answers = () => this.#web.lines.filter(said => said.startsWith(answer))
    const before = answers().length
    this.#web.child.stdin?.write(`${line}\n`)
    while (answers().length === before) await new Promise(resolve => setTimeout(resolve, 10))
    return answers()[before] ?? ''
  }

  /** Every question to a web server so far: who asked whom for what. */
  questions(): { readonly from: string; readonly host: string; readonly method: string; readonly url: string }[] {
    return this.#web.lines.filter(line => line.startsWith('{')).map(line => JSON.parse(line))
  }

  /** From now on, whoever asks the home's resolver for a name in these zones is told what their name server says. */
  async delegate(zones: readonly string[], server: string): Promise<void> {
    await writeFile(zonesFile(this.folder), zones.map(zone => `server=/${zone}/${server}\n`).join(''))
    this.#dns.signal('SIGHUP')
  }

  /** Sets up on the home's router that these TCP ports of its address lead to the machine; instead of those before. */
  async forwardPorts(ports: readonly number[]): Promise<void> {
    this.#forwarded = ports
    const { stderr, code } = await this.router.attempt(['nft', '-f', '-'], renderForwarding(this.#home, ports))
    if (code !== 0) throw new Error(stderr)
  }

  /** The home gets another address from its provider, as after a night; the router knows about it. */
  async moveHome(address: string): Promise<void> {
    await this.router.run('ip', 'address', 'delete', `${this.#home}/24`, 'dev', 'net0')
    await this.router.address('net0', `${address}/24`)
    await this.router.run('ip', 'route', 'replace', 'default', 'via', '203.0.113.1')
    this.#home = address
    await this.forwardPorts(this.#forwarded)
  }

  /** The names that the home's resolver was asked. */
  names(): string[] {
    return namesAsked(this.#dns.lines)
  }

  /** Cuts the home off from the internet, or connects it again. */
  async connectHome(connected: boolean): Promise<void> {
    await this.router.run('ip', 'link', 'set', 'net0', connected ? 'up' : 'down')
    if (connected) await this.router.run('ip', 'route', 'replace', 'default', 'via', '203.0.113.1')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await close(this.#spaces, this.folder)
  }
}

const CLIENT_MAC = '52:54:00:6d:73:01'

async function close(spaces: readonly Space[], folder: string): Promise<void> {
  await Promise.all(spaces.map(space => space[Symbol.asyncDispose]()))
  await rm(folder, { recursive: true, force: true })
}

const zonesFile = (folder: string): string => join(folder, 'zones')

const renderForwarding = (home: string, ports: readonly number[]): string => `table ip forwarding
delete table ip forwarding
table ip forwarding {
  chain pre {
    type nat hook prerouting priority dstnat
    ${ports.length === 0 ? '' : `iifname "net0" ip daddr ${home} tcp dport { ${ports.join(', ')} } dnat to ${CLIENT}`}
  }
}
`

async function openRouter(router: Space, folder: string): Promise<Running> {
  await router.address('net0', `${HOME_ADDRESS}/24`)
  await router.run('ip', 'route', 'add', 'default', 'via', '203.0.113.1')
  await router.run('sysctl', '-qw', 'net.ipv4.ip_forward=1')
  await router.run('ip', 'link', 'add', 'home', 'type', 'bridge')
  await router.run('ip', 'link', 'set', 'home', 'up')
  await router.address('home', `${ROUTER}/24`)
  await router.run(
    'nft',
    'table ip nat { chain post { type nat hook postrouting priority srcnat; oifname "net0" masquerade; }; }',
  )
  await writeFile(zonesFile(folder), '')
  return await startNameServer(router, [
    '--interface=home',
    '--except-interface=lo',
    '--bind-dynamic',
    `--address=/#/${WEB}`,
    `--servers-file=${zonesFile(folder)}`,
    `--dhcp-range=${CLIENT},${CLIENT},12h`,
    `--dhcp-host=${CLIENT_MAC},${CLIENT}`,
    `--dhcp-option=3,${ROUTER}`,
    `--dhcp-option=6,${ROUTER}`,
    `--dhcp-leasefile=${join(folder, 'leases')}`,
    '--log-queries',
  ])
}
