import type { Site } from '../../changes/change.ts'
import { composeArguments } from '../../docker/compose.ts'
import { forbidStart, heldBack } from '../../doctor/safety-stop.ts'
import type { Get } from '../../live-checks/https.ts'
import { openRoot } from '../../root.ts'
import { chooseServers } from '../choose.ts'
import { putInForce, readSettings, useSettings } from '../force.ts'
import type { VpnServer } from '../nordvpn.ts'
import { serverWords, type VpnSettings, withNextServer } from '../settings.ts'
import type { Remedy } from './decide.ts'
import { CLIENT, GATE } from './look.ts'

/**
 * The same tunnel to the server that was tried longest ago, or never: of those that NordVPN recommends now, where it can be
 * asked, else of those that were kept. The present one goes to the end of the others.
 */
export async function otherServer(settings: VpnSettings, get: Get): Promise<VpnSettings> {
  try {
    const { servers, note } = await chooseServers(settings.country, get)
    const [server, ...others] = servers
      .filter(({ station }) => station !== settings.server.station)
      .toSorted((one, other) => turnOf(one, settings) - turnOf(other, settings))
    if (server === undefined) return withNextServer(settings)
    return { ...settings, server, others: [...others, settings.server], note }
  } catch {
    return withNextServer(settings)
  }
}

// Servers that are recommended for the first time come before all others, in NordVPN's order.
const turnOf = ({ station }: VpnServer, { others }: VpnSettings): number =>
  others.findIndex(other => other.station === station)

/**
 * Leads the tunnel elsewhere: the kill switch lets the new server pass before the container is told. With `instead`, only if
 * those are still the present settings. Gives whether it was done.
 */
export async function leadTo(settings: VpnSettings, site: Site, instead?: VpnSettings): Promise<boolean> {
  const changed = await useSettings(settings, site, instead)
  if (changed) await renew(site)
  return changed
}

// Not "docker kill", whatever the signal: Docker then takes the container for stopped by hand, and leaves it so at the next
// start of the machine (moby, daemon/kill.go, HasBeenManuallyStopped).
async function renew(site: Site): Promise<void> {
  await site.attempt(['docker', 'exec', GATE, 'sh', '-c', 'kill -HUP 1'])
}

/** Makes the containers of the VPN anew, but for one that was stopped for safety; gives the names of those that it made. */
async function recreate(site: Site): Promise<readonly string[]> {
  const held = heldBack(rootOf(site))
  const names = [GATE, CLIENT].filter(name => !held.has(name))
  const { argv } = await composeArguments(site)
  const up = ['up', '--detach', '--no-build', '--pull=never', '--no-deps', '--force-recreate', ...names]
  await site.run([argv[0], ...argv.slice(1), ...up])
  return names
}

const rootOf = (site: Site) => openRoot(site.path('/'))

/** Does something about trouble; gives what it did, in a sentence. Throws a `ChangeFailure` when that did not work. */
export async function mend(remedy: Remedy, site: Site, get: Get): Promise<string> {
  switch (remedy) {
    case 'lock':
      return (await putInForce(site)) === 'networks'
        ? 'The kill switch knows the networks of this home again.'
        : 'The kill switch is in force again.'
    case 'renew':
      await renew(site)
      return 'A new session with the same server was begun.'
    case 'next-server': {
      const settings = await readSettings(site)
      if (settings === null) return 'There are no settings of the VPN. "sudo mediaserver apply" makes them.'
      const next = await otherServer(settings, get)
      // NordVPN was asked meanwhile, and somebody may have given other answers.
      if (!(await leadTo(next, site, settings))) return 'The tunnel was led elsewhere meanwhile, and stays there.'
      return `The tunnel leads to ${serverWords(next.server)} now.`
    }
    case 'start-client':
      forbidStart(CLIENT, rootOf(site))
      await site.run(['docker', 'start', CLIENT])
      return 'qBittorrent was started.'
    case 'recreate':
      return (await recreate(site)).includes(CLIENT)
        ? 'The containers of the VPN were made anew.'
        : 'The container of the VPN was made anew; qBittorrent stays stopped for safety.'
  }
}
