import { VPN_BRIDGE } from '../../vpn/kill-switch.ts'
import { TUNNEL } from '../../wiring/tunnel.ts'
import type { Check, Finding } from '../check.ts'
import { failed, passed } from '../finding.ts'
import { atTheGate, inNetwork } from '../vpn/containers.ts'
import { type Link, parseLinks } from '../vpn/parse-ip.ts'

/** Interfaces where downloads are, and those that are on the bridge which the kill switch watches. */
export interface PlaceSeen {
  readonly inside: readonly Link[]
  readonly onBridge: readonly Link[]
}

/** Whether every cable out of the network of the tunnel ends at the bridge that the kill switch watches. Pure. */
export function judgePlace({ inside, onBridge }: PlaceSeen): Finding {
  // The kernel puts some into every network that are down, and lead nowhere.
  const cables = inside.filter(({ name, up }) => up && name !== 'lo' && name !== TUNNEL)
  if (cables.length === 0)
    return failed('kill-switch-beside', 'The network of the tunnel has no cable to this machine.')
  const ends = new Set(onBridge.map(({ index }) => index))
  const beside = cables.filter(({ peer }) => peer === null || !ends.has(peer)).map(({ name }) => name)
  if (beside.length > 0)
    return failed('kill-switch-beside', `Downloads have a way that the kill switch does not see: ${beside.join(', ')}.`)
  return passed(
    `The only way out beside the tunnel (${cables.map(({ name }) => name).join(', ')}) ends at ${VPN_BRIDGE}.`,
  )
}

/** The kill switch watches the right door. */
export const place: Check = {
  id: 'kill-switch-place',
  section: 'kill switch',
  title: 'It watches every way out',
  how: 'Follows each network cable of the VPN container to its end on this machine.',
  seconds: 15,
  run: async scene =>
    await atTheGate(scene, async gate => {
      const quiet = { quiet: true } as const
      const [inside, onBridge] = await Promise.all([
        scene.attempt(inNetwork(gate, 'ip', '-json', 'link', 'show'), quiet),
        scene.attempt(['ip', '-json', 'link', 'show', 'master', VPN_BRIDGE], quiet),
      ])
      if (inside.code !== 0) return failed('vpn-unknown', 'The network of the tunnel could not be looked at.')
      return judgePlace({ inside: parseLinks(inside.stdout), onBridge: parseLinks(onBridge.stdout) })
    }),
}
