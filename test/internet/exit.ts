import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { VPN_RESOLVERS } from '../../firstboot/vpn/settings.ts'
import { TUNNEL_PORT } from '../../firstboot/vpn/kill-switch.ts'
import { wireguardKeys } from './keys.ts'
import { startNameServer } from './name-server.ts'
import { namesAsked, WEB } from './names.ts'
import type { StandInServer } from './nordvpn.ts'
import type { Running, Space } from './space.ts'

/** The near end's address in every tunnel of NordVPN. */
export const TUNNEL_ADDRESS = '10.5.0.2'

/** A server of the VPN: the far end of tunnels, the way on from there, and the VPN's resolvers. */
export class Exit {
  readonly server: StandInServer
  readonly space: Space
  readonly #dns: Running

  private constructor(server: StandInServer, space: Space, dns: Running) {
    this.server = server
    this.space = space
    this.#dns = dns
  }

  /** Sets one up in a space that is connected by `net0`; it lets the account with this public key in. */
  static async open(
    space: Space,
    what: Omit<StandInServer, 'publicKey'>,
    account: string,
    folder: string,
  ): Promise<Exit> {
    const { privateKey, publicKey } = wireguardKeys()
    const keyFile = join(folder, `${what.hostname}.key`)
    await writeFile(keyFile, privateKey, { mode: 0o600 })
    await space.address('net0', `${what.station}/24`)
    await space.run('ip', 'route', 'add', 'default', 'via', '203.0.113.1')
    await space.run('sysctl', '-qw', 'net.ipv4.ip_forward=1')
    // A program does what the kernel of a computer that tests run on may not.
    const wireguard = space.start(['wireguard-go', '-f', 'wg0'], { WG_PROCESS_FOREGROUND: '1', LOG_LEVEL: 'verbose' })
    await wireguard.waitFor(/UAPI listener started/)
    const peer = ['peer', account, 'allowed-ips', `${TUNNEL_ADDRESS}/32`]
    await space.run('wg', 'set', 'wg0', 'listen-port', String(TUNNEL_PORT), 'private-key', keyFile, ...peer)
    await space.address('wg0', '10.5.0.1/16')
    await space.run('ip', 'link', 'set', 'wg0', 'mtu', '1420', 'up')
    const nat = 'table ip nat { chain post { type nat hook postrouting priority srcnat; oifname "net0" masquerade; }; }'
    await space.run('nft', nat)
    for (const resolver of VPN_RESOLVERS) await space.address('lo', `${resolver}/32`)
    const dns = await startNameServer(space, [
      `--listen-address=${VPN_RESOLVERS.join()}`,
      '--bind-interfaces',
      `--address=/#/${WEB}`,
      '--log-queries',
    ])
    return new Exit({ ...what, publicKey }, space, dns)
  }

  /** The names that were asked through tunnels to here. */
  names(): string[] {
    return namesAsked(this.#dns.lines)
  }

  /** Answers nobody any more, as a server that was switched off; or answers again. */
  async switchTo(state: 'on' | 'off'): Promise<void> {
    await this.space.run('ip', 'link', 'set', 'net0', state === 'on' ? 'up' : 'down')
    if (state === 'on') await this.space.run('ip', 'route', 'replace', 'default', 'via', '203.0.113.1')
  }
}
