import type { Site } from '../changes/change.ts'
import { TUNNEL_PORT } from './kill-switch.ts'
import type { VpnSettings } from './settings.ts'
import { gateProcess, insideGate } from './supervisor/look.ts'

/** Whether a tunnel has key and server of these settings, from `wg show wg0 dump`, see wg(8). Pure. */
export function isSetTo({ key, server }: VpnSettings, dump: string): boolean {
  const [own = [], peer = []] = dump.split('\n').map(line => line.split('\t'))
  const [publicKey, , endpoint] = peer
  return own[0] === key.reveal() && publicKey === server.publicKey && endpoint === `${server.station}:${TUNNEL_PORT}`
}

/** Whether the tunnel that runs right now has other settings than these; false where none runs. */
export async function runsOtherwise(settings: VpnSettings, site: Site): Promise<boolean> {
  const pid = await gateProcess(site)
  if (pid === null) return false
  const { code, stdout } = await site.attempt(insideGate(pid, 'wg', 'show', 'wg0', 'dump'), { quiet: true })
  return code === 0 && !isSetTo(settings, stdout)
}
