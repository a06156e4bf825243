import { readSettings } from '../../vpn/force.ts'
import { leadTo, mend } from '../../vpn/supervisor/mend.ts'
import type { Remedy } from '../../vpn/supervisor/decide.ts'
import type { Scene } from '../check.ts'
import { siteOf } from '../site.ts'

const NO_SETTINGS = 'The settings of the tunnel are missing; "sudo mediaserver apply" makes them.'

/** Does what the supervisor would do; gives what was done. */
export const vpnRemedy =
  (remedy: Remedy) =>
  async (scene: Scene): Promise<string> => {
    const site = siteOf(scene)
    if (remedy === 'next-server' && (await readSettings(site)) === null) throw new Error(NO_SETTINGS)
    return await mend(remedy, site, scene.get)
  }

/** Has the supervisor work again. */
export async function startWatch({ attempt }: Scene): Promise<string> {
  const { code, stderr } = await attempt(['systemctl', 'restart', 'mediaserver-vpn.service'])
  if (code !== 0) throw new Error(`The service does not start: ${stderr.trim().split('\n')[0] ?? ''}`)
  return 'The service that heals the tunnel was started anew.'
}

/** Gives the tunnel the key of the answers again, in its settings and in the kernel. */
export async function restoreKey(scene: Scene): Promise<string> {
  const site = siteOf(scene)
  const settings = await readSettings(site)
  if (settings === null) throw new Error(NO_SETTINGS)
  const credential = scene.answers.vpn?.credential
  await leadTo(credential?.kind === 'wireguard-key' ? { ...settings, key: credential.value } : settings, site)
  return 'The tunnel has its key again, and begins anew.'
}
