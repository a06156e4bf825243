import type { Check, Finding } from '../check.ts'
import { failed, passed } from '../finding.ts'
import { atTheGate, type Inmates } from './containers.ts'

/** Whether the torrent client lives in the network of the tunnel, and not in a dead one or in that of the machine. Pure. */
export function judgePlaces({ gate, client }: Inmates, own: string): Finding {
  if (client === null) return failed('qbittorrent-stopped', 'There is no container of qBittorrent.')
  if (!client.running) return failed('qbittorrent-stopped', 'The container of qBittorrent does not run.')
  if (client.network === '' || own === '' || gate === null || gate.network === '')
    return failed('vpn-unknown', 'In which network qBittorrent is could not be found out.')
  if (client.network === own || gate.network === own)
    return failed('vpn-not-apart', 'Downloads are in the network of the machine itself, and not in that of the tunnel.')
  if (client.network !== gate.network)
    return failed('vpn-dead-namespace', 'qBittorrent is left in a network without a tunnel; it has no internet.', [
      `qBittorrent: ${client.network}`,
      `tunnel: ${gate.network}`,
    ])
  return passed(`qBittorrent and the tunnel are in one network of their own (${client.network}).`)
}

/** The torrent client is where the tunnel is. */
export const namespace: Check = {
  id: 'vpn-namespace',
  section: 'VPN',
  title: 'qBittorrent is behind the tunnel',
  how: 'Compares the network namespaces of the two containers with each other and with that of the machine.',
  seconds: 15,
  run: async scene =>
    await atTheGate(scene, (_gate, both) => judgePlaces(both, scene.root.link('/proc/self/ns/net') ?? '')),
}
