import { wantedKillSwitch } from '../../vpn/force.ts'
import { renderKillSwitch } from '../../vpn/kill-switch.ts'
import type { Check, Scene } from '../check.ts'
import { siteOf } from '../site.ts'
import { judgeRules, type RulesSeen } from './judge-rules.ts'
import { inNewNetwork } from './new-network.ts'

const list = ['nft', '-s', 'list', 'table', 'inet', 'mediaserver'] as const

/** What a table looks like once it is loaded, in a network that is gone a moment later; null when that cannot be seen. */
async function shownBy(scene: Scene, text: string): Promise<string | null> {
  try {
    // The very same program writes both, so that there is nothing to translate.
    return await inNewNetwork(scene, async enter => {
      const load = enter('sh', '-c', `nft -f - && exec ${list.join(' ')}`)
      const { code, stdout } = await scene.attempt(load, { quiet: true, input: text })
      return code === 0 ? stdout : null
    })
  } catch {
    return null
  }
}

/** What the kernel has and should have. */
export async function lookAtRules(scene: Scene): Promise<RulesSeen> {
  const wanted = await wantedKillSwitch(siteOf(scene))
  const [is, shown] = await Promise.all([
    scene.attempt(list, { quiet: true }),
    shownBy(scene, renderKillSwitch(wanted)),
  ])
  return { wanted, inForce: is.code === 0 ? is.stdout : null, shown }
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
