import { isIP } from 'node:net'
import { seenFromTunnel } from '../../vpn/facts.ts'
import { type Insights, nordUrls, parseInsights } from '../../vpn/nordvpn.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { failed, passed, warned } from '../finding.ts'
import { siteOf } from '../site.ts'
import { atTheGate } from './containers.ts'

// An answer takes a second; on a machine that has much to do, some more.
const PATIENCE_SECONDS = 25

const placeOf = ({ ip, country }: Insights): string => (country === '' ? ip : `${ip} (${country})`)

/**
 * Whether the internet sees downloads by another address than this home. Both were asked for out there, and of the same
 * server: an address of the local network says nothing. Null is not known, and proves nothing. Pure.
 */
export function judgeAddresses(tunnel: Insights | null, home: Insights | null): Finding {
  if (tunnel === null)
    return home === null
      ? warned(
          'vpn-no-internet',
          'By which address downloads are seen cannot be told now: nobody answers, neither through the tunnel nor beside it.',
        )
      : failed('vpn-no-answer', 'The internet can be asked, but not through the tunnel: it is not proven what it sees.')
  if (home !== null && tunnel.ip === home.ip)
    return failed('vpn-not-hidden', `Downloads are seen by the address of this home: ${placeOf(home)}.`)
  // Two addresses of different kinds can be those of one home.
  if (home === null || isIP(home.ip) !== isIP(tunnel.ip))
    return warned(
      'vpn-home-unknown',
      `Downloads are seen as ${placeOf(tunnel)}; the address of this home is not known.`,
    )
  const words = `Downloads are seen as ${placeOf(tunnel)}; this home is ${placeOf(home)}`
  return tunnel.protected
    ? passed(`${words}.`)
    : warned('vpn-not-protected', `${words}; but NordVPN says that this is no address of its own.`)
}

/** The IPv4 address of this home as the internet sees it, null when nobody tells; asked once, for everybody. */
export const homeSeen = async ({ once, attempt }: Scene): Promise<Insights | null> =>
  await once('home-address', async () => {
    const curl = ['curl', '--ipv4', '--silent', '--max-time', String(PATIENCE_SECONDS), nordUrls.insights] as const
    const { code, stdout } = await attempt(curl, { quiet: true })
    return code === 0 ? parseInsights(stdout) : null
  })

/** The first proof: the internet sees somebody else. */
export const address: Check = {
  id: 'vpn-address',
  section: 'VPN',
  title: 'Home address is hidden',
  how: 'Asks NordVPN through the tunnel and beside it which address it sees, and compares.',
  seconds: 45,
  run: async scene =>
    await atTheGate(scene, async gate => {
      const [inside, home] = await Promise.all([
        seenFromTunnel(gate.pid, siteOf(scene), PATIENCE_SECONDS),
        homeSeen(scene),
      ])
      return judgeAddresses(inside, home)
    }),
}
