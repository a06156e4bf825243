import { composeArguments } from '../../docker/compose.ts'
import { forbidStart, heldWords } from '../../doctor/safety-stop.ts'
import { readSettings } from '../../vpn/force.ts'
import { CLIENT, GATE } from '../../vpn/supervisor/look.ts'
import { leadTo, mend } from '../../vpn/supervisor/mend.ts'
import type { Remedy } from '../../vpn/supervisor/decide.ts'
import type { Scene } from '../check.ts'
import { siteOf } from '../site.ts'

const NO_SETTINGS = 'The settings of the tunnel are missing; "sudo mediaserver apply" makes them.'

/** Does what the supervisor would do; gives what was done. A torrent client that was stopped for safety stays so. */
export const vpnRemedy =
  (remedy: Remedy) =>
  async (scene: Scene): Promise<string> => {
    const site = siteOf(scene)
    if (remedy === 'next-server' && (await readSettings(site)) === null) throw new Error(NO_SETTINGS)
    const held = remedy === 'recreate' ? heldWords(CLIENT, scene.root) : null
    return held === null ? await mend(remedy, site, scene.get) : `${await recreateGate(scene)} ${held}`
  }

async function recreateGate(scene: Scene): Promise<string> {
  const site = siteOf(scene)
  const { argv } = await composeArguments(site)
  await site.run([...argv, 'up', '--detach', '--no-build', '--pull=never', '--no-deps', '--force-recreate', GATE])
  return 'The container of the VPN was made anew.'
}

/** Starts the torrent client, in one network with the tunnel; not while it is stopped for safety. */
export async function startTorrents(scene: Scene): Promise<string> {
  forbidStart(CLIENT, scene.root)
  return await vpnRemedy('recreate')(scene)
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
