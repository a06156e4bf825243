import { killSwitchPath } from '../../vpn/kill-switch.ts'
import { putInForce, renewNetworks } from '../../vpn/force.ts'
import type { Scene } from '../check.ts'
import { siteOf } from '../site.ts'
import type { Trouble } from '../trouble.ts'
import { vpnRemedy } from '../vpn/remedies.ts'

const AGAIN = 'See whether it is well: "sudo mediaserver verify kill-switch".'
const LOAD = 'Put it in force again: "sudo systemctl restart mediaserver-killswitch".'
// The set-up counts rules and knows their name; one that was exchanged for another it would take for its own.
const RELOAD = 'Load it anew: "sudo systemctl reload mediaserver-killswitch".'
const APPLY = 'Put everything back as it was set up: "sudo mediaserver apply".'
const STOP = 'Until it is well, stop downloads: "sudo docker stop qbittorrent".'

/** Loads the kill switch anew, whatever is in force: a rule that was put in would not be noticed by its name alone. */
async function loadAnew(scene: Scene): Promise<string> {
  const site = siteOf(scene)
  await putInForce(site)
  await site.run(['nft', '-f', site.path(killSwitchPath)])
  return 'The kill switch was loaded anew, as it was set up.'
}

/** Everything that can be wrong with the kill switch. */
export const killSwitchTroubles: readonly Trouble[] = [
  {
    id: 'kill-switch-off',
    symptom: 'If the tunnel breaks, downloads may be seen by the address of this home',
    cause:
      'The kill switch was taken out of the kernel: mostly by a command like "nft flush ruleset" or another firewall.',
    mend: [LOAD, AGAIN],
    remedy: vpnRemedy('lock'),
  },
  {
    id: 'kill-switch-changed',
    symptom: 'If the tunnel breaks, downloads may be seen by the address of this home',
    cause: 'Somebody has changed the rules of the kill switch.',
    mend: [RELOAD, APPLY, 'Rules of your own belong into a table of their own, which is left alone.', AGAIN],
    remedy: loadAnew,
  },
  {
    id: 'kill-switch-networks',
    symptom: 'Devices at home may not reach the pages of the services by IPv6',
    cause:
      'Your provider has given this home another network, or the machine was moved; the kill switch learns it within minutes.',
    mend: [
      'Wait some minutes.',
      AGAIN,
      'If it stays so, see why: "sudo systemctl status mediaserver-networks.timer mediaserver-networks.service".',
    ],
    remedy: async scene => {
      await renewNetworks(siteOf(scene))
      return 'The kill switch knows the networks of this home again.'
    },
  },
  {
    id: 'kill-switch-leaks',
    symptom: 'If the tunnel breaks, downloads are seen by the address of this home',
    cause: 'The kill switch lets something pass, or did not see it.',
    mend: [STOP, RELOAD, APPLY, AGAIN],
    remedy: loadAnew,
  },
  {
    id: 'kill-switch-untried',
    symptom: 'It is not proven that nothing gets out beside the tunnel',
    cause: 'The probe could not try: the network of the VPN is not there, or this machine has no internet right now.',
    mend: ['Does the VPN run? "sudo mediaserver vpn status".', 'Is there internet at all? Look at the router.', AGAIN],
  },
  {
    id: 'kill-switch-unknown',
    symptom: 'It is not known whether the kill switch is right',
    cause: 'The rules could not be compared.',
    mend: [APPLY, AGAIN, 'If it happens again, save a report: "sudo mediaserver diagnostics".'],
  },
  {
    id: 'kill-switch-not-kept',
    symptom: 'After the next start, downloads may be seen by the address of this home',
    cause: 'The kill switch is not loaded when the machine starts, or Docker does not wait for it.',
    mend: [APPLY, AGAIN],
    remedy: async scene => {
      await loadAnew(scene)
      const { code, stderr } = await scene.attempt(['systemctl', 'enable', '--now', 'mediaserver-killswitch.service'])
      if (code !== 0) throw new Error(`It cannot be switched on: ${stderr.trim().split('\n')[0] ?? ''}`)
      return 'The kill switch is loaded now, and at each start.'
    },
  },
  {
    id: 'kill-switch-beside',
    symptom: 'Downloads have a way out that the kill switch does not see',
    cause: 'The container of the VPN is in another network than the one that was set up for it.',
    mend: [
      STOP,
      'Look into compose.override.yaml in the folder "mediaserver" for "networks" and "network_mode", and take them out.',
      APPLY,
      AGAIN,
    ],
  },
]
