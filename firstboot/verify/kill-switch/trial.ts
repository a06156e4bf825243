import { explainFailure } from '../../apply/failure.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { failed, nothing } from '../finding.ts'
import { vpnSettingsOf } from '../vpn/settings-of.ts'
import { judgeTrial } from './judge-trial.ts'
import { tryToGetOut } from './try-out.ts'

async function run(scene: Scene): Promise<Finding> {
  if (scene.answers.vpn === null) return nothing('There is no VPN on this machine.')
  const settings = vpnSettingsOf(scene)
  try {
    return judgeTrial(await tryToGetOut(scene, settings === null ? [] : [settings.server.station]))
  } catch (error) {
    return failed('kill-switch-untried', explainFailure(error).message)
  }
}

/** The negative test: without a tunnel, nothing gets out. */
export const trial: Check = {
  id: 'kill-switch-trial',
  section: 'kill switch',
  title: 'Nothing gets out beside the tunnel',
  how: 'Puts a probe without a tunnel where downloads are, tries TCP, UDP, DNS and IPv6, and counts what passes and what is dropped.',
  seconds: 30,
  run,
}
