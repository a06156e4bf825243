import type { Check, Finding } from '../check.ts'
import { failed, passed } from '../finding.ts'
import { type Knock, knocker, knockLines, type Outcome, parseOutcomes } from '../knock.ts'
import { atTheGate, inNetwork } from './containers.ts'

/** What of IPv6 there is where downloads are. */
export interface Ipv6Seen {
  /** Text of `/proc/PID/net/if_inet6`; null when there is none. */
  readonly addresses: string | null
  /** Whether the kernel of this machine has IPv6 at all. */
  readonly kernel: boolean
  /** What became of a datagram to somebody; null when none could be sent, and nothing is known. */
  readonly outcome: Outcome | null
}

/** Whether IPv6 gives nothing out: there is no address, and a datagram is refused before it is sent. Pure. */
export function judgeIpv6({ addresses, kernel, outcome }: Ipv6Seen): Finding {
  if (!kernel) return passed('The kernel of this machine has no IPv6.')
  if (addresses === null || outcome === null)
    return failed('vpn-unknown', 'What of IPv6 there is beside the tunnel could not be found out.')
  // The last of six columns is the name of the interface, see Documentation/networking/proc of the kernel.
  const devices = addresses.split('\n').flatMap(line => line.trim().split(/\s+/)[5] ?? [])
  const others = [...new Set(devices)].filter(device => device !== 'lo')
  if (others.length > 0)
    return failed(
      'vpn-ipv6-on',
      `IPv6 is switched on where downloads are (${others.join(', ')}).`,
      addresses.split('\n'),
    )
  if (typeof outcome === 'string')
    return failed('vpn-ipv6-on', 'A datagram of IPv6 was sent from where downloads are, and should have been refused.')
  return passed(`There is no address of IPv6 where downloads are, and sending is refused (${outcome.refused}).`)
}

// RFC 3849: an address for examples, that belongs to nobody.
const question: readonly Knock[] = [{ protocol: 'udp', to: '2001:db8::1', port: 53 }]

/** The third proof: there is no other internet beside the tunnel. */
export const ipv6: Check = {
  id: 'vpn-ipv6',
  section: 'VPN',
  title: 'IPv6 gives nothing out',
  how: 'Looks for addresses of IPv6 in the network of the tunnel, and tries to send a datagram.',
  seconds: 15,
  run: async scene =>
    await atTheGate(scene, async gate => {
      const ended = await scene.attempt(inNetwork(gate, ...knocker(1)), { quiet: true, input: knockLines(question) })
      return judgeIpv6({
        addresses: scene.root.text(`/proc/${gate.pid}/net/if_inet6`),
        kernel: scene.root.text('/proc/self/net/if_inet6') !== null,
        outcome: ended.code === 0 ? (parseOutcomes(ended.stdout, 1)[0] ?? null) : null,
      })
    }),
}
