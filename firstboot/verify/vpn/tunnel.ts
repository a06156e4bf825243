import { insideGate } from '../../vpn/supervisor/look.ts'
import { TUNNEL } from '../../wiring/tunnel.ts'
import type { Check } from '../check.ts'
import { atTheGate, inNetwork } from './containers.ts'
import { judgeTunnel } from './judge-tunnel.ts'
import { parseLinks, parseRouteDevice } from './parse-ip.ts'
import { vpnSettingsOf } from './settings-of.ts'

// An address for examples (RFC 5737): nothing is sent, only the way is asked for.
const SOMEBODY = '192.0.2.1'

/** The tunnel is there, and its server answers. */
export const tunnel: Check = {
  id: 'vpn-tunnel',
  section: 'VPN',
  title: 'The tunnel is up',
  how: 'Asks WireGuard in the VPN container for its key, its server and when that has answered last.',
  seconds: 15,
  run: async scene =>
    await atTheGate(scene, async gate => {
      const quiet = { quiet: true } as const
      const [links, dump, route] = await Promise.all([
        scene.attempt(inNetwork(gate, 'ip', '-json', 'link', 'show'), quiet),
        scene.attempt(insideGate(gate.pid, 'wg', 'show', TUNNEL, 'dump'), quiet),
        scene.attempt(inNetwork(gate, 'ip', '-json', '-4', 'route', 'get', SOMEBODY), quiet),
      ])
      const credential = scene.answers.vpn?.credential
      return judgeTunnel({
        links: parseLinks(links.stdout),
        dump: dump.code === 0 ? dump.stdout : null,
        settings: vpnSettingsOf(scene),
        answered: credential?.kind === 'wireguard-key' ? credential.value : null,
        wayOut: route.code === 0 ? parseRouteDevice(route.stdout) : null,
        nowSeconds: scene.now() / 1000,
      })
    }),
}
