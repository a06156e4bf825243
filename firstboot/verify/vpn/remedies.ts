import { mend } from '../../vpn/supervisor/mend.ts'
import type { Remedy } from '../../vpn/supervisor/decide.ts'
import type { Scene } from '../check.ts'
import { siteOf } from '../site.ts'

/** Does what the supervisor would do; gives what was done. */
export const vpnRemedy =
  (remedy: Remedy) =>
  async (scene: Scene): Promise<string> =>
    await mend(remedy, siteOf(scene), scene.get)

/** Has the supervisor work again. */
export async function startWatch({ attempt }: Scene): Promise<string> {
  const { code, stderr } = await attempt(['systemctl', 'restart', 'mediaserver-vpn.service'])
  if (code !== 0) throw new Error(`The service does not start: ${stderr.trim().split('\n')[0] ?? ''}`)
  return 'The service that heals the tunnel was started anew.'
}
