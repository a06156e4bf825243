import { judgeDockerDns } from '../../vpn/docker-dns.ts'
import { VPN_RESOLVERS } from '../../vpn/settings.ts'
import { TUNNEL } from '../../wiring/tunnel.ts'
import type { Check, Finding } from '../check.ts'
import { failed, passed } from '../finding.ts'
import { type Knock, knocker, knockLines, type Outcome, parseOutcomes } from '../knock.ts'
import { atTheGate, inNetwork, type Inmate } from './containers.ts'
import { parseRouteDevice } from './parse-ip.ts'

/** How names are asked from where downloads are. */
export interface DnsSeen {
  /** Text of `resolv.conf` of each container of that network that runs, by the container's name. */
  readonly resolvConf: Readonly<Record<string, string | null>>
  /** The interface that each resolver is asked through; null for none. */
  readonly devices: readonly (string | null)[]
  /** What became of a question to each resolver. */
  readonly outcomes: readonly Outcome[]
}

/** Whether names are asked through the tunnel and nowhere else, and answered. Pure. */
export function judgeDns({ resolvConf, devices, outcomes }: DnsSeen): Finding {
  const servers = new Set<string>()
  for (const [name, text] of Object.entries(resolvConf)) {
    if (text === null) return failed('vpn-unknown', `Whom ${name} asks for names could not be found out.`)
    const { fault, servers: own } = judgeDockerDns(text, VPN_RESOLVERS)
    if (fault !== null) return failed('vpn-dns-beside', `${name}: ${fault}`, text.split('\n'))
    for (const server of own) servers.add(server)
  }
  const beside = devices.find(device => device !== null && device !== TUNNEL)
  if (beside !== undefined)
    return failed('vpn-dns-beside', `Questions for names do not go into the tunnel, but to ${beside}.`)
  if (devices.includes(null))
    return failed('vpn-wrong-way', 'Questions for names go nowhere: there is no way for them.')
  const answered = VPN_RESOLVERS.filter((_, index) => outcomes[index] === 'answer')
  if (answered.length === 0)
    return failed('vpn-no-answer', `Neither ${VPN_RESOLVERS.join(' nor ')} answers a question for a name.`)
  return passed(
    `Names are asked of ${[...servers].join(' and ')} through ${TUNNEL}; ${answered.join(' and ')} answered.`,
  )
}

const PATIENCE_SECONDS = 8
const questions: readonly Knock[] = VPN_RESOLVERS.map(to => ({ protocol: 'udp', to, port: 53 }))

/** The second proof: nobody at home hears which names are asked for. */
export const dns: Check = {
  id: 'vpn-dns',
  section: 'VPN',
  title: 'Names are asked in the tunnel',
  how: 'Reads whom the containers ask for names, which way that goes, and asks.',
  seconds: 20,
  run: async scene =>
    await atTheGate(scene, async (gate, { client }) => {
      const quiet = { quiet: true } as const
      const textOf = ({ pid }: Inmate) => scene.root.text(`/proc/${pid}/root/etc/resolv.conf`)
      const [asked, ...routes] = await Promise.all([
        scene.attempt(inNetwork(gate, ...knocker(PATIENCE_SECONDS)), { ...quiet, input: knockLines(questions) }),
        ...VPN_RESOLVERS.map(to => scene.attempt(inNetwork(gate, 'ip', '-json', '-4', 'route', 'get', to), quiet)),
      ])
      return judgeDns({
        resolvConf: {
          'the VPN container': textOf(gate),
          ...(client?.running === true ? { qBittorrent: textOf(client) } : {}),
        },
        devices: routes.map(({ code, stdout }) => (code === 0 ? parseRouteDevice(stdout) : null)),
        outcomes: parseOutcomes(asked.stdout, questions.length),
      })
    }),
}
