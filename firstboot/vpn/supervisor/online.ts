import type { Site } from '../../changes/change.ts'
import type { Get } from '../../live-checks/https.ts'
import { nordUrls } from '../nordvpn.ts'

// It has nothing to do with NordVPN.
const SECOND = 'https://plex.tv/'

/**
 * Whether the home has a way to the internet. NordVPN alone does not tell: while its interface is out of order or blocked,
 * or the clock is wrong, nobody would lead the tunnel away from a server that is dead.
 */
export async function isOnline(site: Site, get: Get): Promise<boolean> {
  if (!('unreachable' in (await get(nordUrls.insights)))) return true
  // With a clock that is wrong no certificate is good, and it only counts that somebody is there.
  const argv = ['curl', '--silent', '--head', '--insecure', '--max-time', '8', SECOND] as const
  return (await site.attempt(argv, { quiet: true })).code === 0
}
