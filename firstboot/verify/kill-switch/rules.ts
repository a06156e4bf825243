import { wantedKillSwitch } from '../../vpn/force.ts'
import { renderKillSwitch } from '../../vpn/kill-switch.ts'
import type { Check, Scene } from '../check.ts'
import { siteOf } from '../site.ts'
import { judgeRules, type RulesSeen } from './judge-rules.ts'

const list = ['nft', '-s', 'list', 'table', 'inet', 'mediaserver'] as const

/** What the kernel has and should have. The latter is shown by loading it into a network that is gone a moment later. */
export async function lookAtRules(scene: Scene): Promise<RulesSeen> {
  const wanted = await wantedKillSwitch(siteOf(scene))
  // The very same program writes both, so that there is nothing to translate.
  const show = ['unshare', '--net', '--', 'sh', '-c', `nft -f - && exec ${list.join(' ')}`] as const
  const [is, should] = await Promise.all([
    scene.attempt(list, { quiet: true }),
    scene.attempt(show, { quiet: true, input: renderKillSwitch(wanted) }),
  ])
  return {
    wanted,
    inForce: is.code === 0 ? is.stdout : null,
    shown: should.code === 0 ? should.stdout : null,
  }
}

/** The kill switch is in force, and nobody has changed it. */
export const rules: Check = {
  id: 'kill-switch-rules',
  section: 'kill switch',
  title: 'The kill switch is in force',
  how: "Compares every rule in the kernel with those of this machine's kill switch.",
  seconds: 15,
  run: async scene => judgeRules(await lookAtRules(scene)),
}
