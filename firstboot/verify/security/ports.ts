import type { Ended } from '../../run.ts'
import type { Service } from '../../stack/catalogue.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { failed, passed, warned } from '../finding.ts'
import {
  dockerArguments,
  isLoopback,
  type Listening,
  parsePublished,
  parseSockets,
  type Published,
  ssArguments,
} from './parse-sockets.ts'
import { parseSshd } from './parse-sshd.ts'
import { sshdSettings } from './ssh-login.ts'

// Of the system itself: name service on the local network, addresses, time.
const SYSTEM = ['avahi-daemon', 'systemd-network', 'systemd-resolve', 'systemd-timesyn', 'dhclient', 'dhcpcd']
// See "What network ports do I need to allow" in Plex's support articles.
const PLEX_PORTS = [1900, 5353, 32400, 32410, 32412, 32413, 32414, 32469]

type Wanted = Service['ports'][number]

/** How far ports may be reached and how far they are. Pure; the texts are of ss and Docker, see parse-sockets.ts. */
export function judgePorts(
  ss: Ended,
  docker: Ended,
  services: readonly Service[],
  sshPorts: readonly string[],
): Finding {
  const sockets = parseSockets(ss.stdout)
  if (ss.code !== 0 || sockets.length === 0)
    return failed('ports-unknown', 'Which ports are open could not be found out.')
  if (docker.code !== 0) return failed('docker-silent', 'Docker could not be asked which ports it has opened.')
  const wanted = services.flatMap(({ ports }) => ports)
  const published = parsePublished(docker.stdout).filter(({ address }) => !isLoopback(address))
  const own = new Set(services.map(({ name }) => name))
  for (const port of published) {
    const fault = faultOf(port, wanted)
    if (fault !== null && (own.has(port.container) || fault === 'port-exposed'))
      return failed(fault, `${portWords(port)} of ${port.container} can be reached from outside, and should not be.`)
  }
  const outside = sockets.filter(({ address }) => !isLoopback(address))
  const hidden = wanted.filter(({ reach }) => reach === 'host')
  const exposed = outside.find(({ port, protocol }) =>
    hidden.some(each => each.port === port && each.protocol === protocol),
  )
  if (exposed !== undefined)
    return failed(
      'port-exposed',
      `Port ${exposed.port}/${exposed.protocol} is open to others, and should be for this machine alone.`,
    )
  const isWanted = (socket: Listening) => isKnown(socket, wanted, published, sshPorts)
  const others = outside.filter(socket => !isWanted(socket)).map(socketWords)
  const foreign = published
    .filter(port => !own.has(port.container))
    .map(port => `${portWords(port)} of ${port.container}`)
  const strange = [...new Set([...others, ...foreign])]
  if (strange.length > 0)
    return warned('port-unexpected', `Also open, and not of this set-up: ${strange.join(', ')}`, strange)
  const open = [...new Set(outside.filter(({ protocol }) => protocol === 'tcp').map(({ port }) => port))]
  return passed(`Nothing can be reached but what should be: TCP ${open.sort((one, other) => one - other).join(', ')}`)
}

/** What is wrong about a port that Docker opens to others; null for nothing. */
function faultOf(
  { protocol, first, last }: Published,
  wanted: readonly Wanted[],
): 'port-exposed' | 'port-published' | null {
  for (let port = first; port <= last; port += 1) {
    const known = wanted.find(each => each.port === port && each.protocol === protocol)
    if (known === undefined) return 'port-published'
    if (known.reach === 'host') return 'port-exposed'
  }
  return null
}

function isKnown(
  { protocol, port, programs }: Listening,
  wanted: readonly Wanted[],
  published: readonly Published[],
  sshPorts: readonly string[],
): boolean {
  if (protocol === 'tcp' && sshPorts.includes(String(port))) return true
  if (programs.some(name => SYSTEM.includes(name) || name.startsWith('Plex '))) return true
  if (PLEX_PORTS.includes(port)) return true
  // Requests for addresses are answered by the system itself, without a name on some versions.
  if (protocol === 'udp' && (port === 68 || port === 546) && programs.length === 0) return true
  if (wanted.some(each => each.port === port && each.protocol === protocol)) return true
  // Docker's own helper: its ports were judged above, by what Docker says.
  return published.some(each => each.protocol === protocol && each.first <= port && port <= each.last)
}

const portWords = ({ protocol, first, last }: Published): string =>
  first === last ? `port ${first}/${protocol}` : `ports ${first} to ${last}/${protocol}`

const socketWords = ({ protocol, port, programs }: Listening): string =>
  `port ${port}/${protocol} (${programs.join(', ') || 'no program'})`

async function look(scene: Scene): Promise<Finding> {
  const lines: string[] = []
  const [ss, docker, sshd] = await Promise.all([
    scene.attempt(ssArguments, { quiet: true, onLine: line => void lines.push(line) }),
    scene.attempt(dockerArguments, { quiet: true }),
    sshdSettings(scene),
  ])
  const all = lines.length > 0 ? { ...ss, stdout: lines.join('\n') } : ss
  return judgePorts(all, docker, scene.services, parseSshd(sshd.stdout).get('port') ?? ['22'])
}

export const ports: Check = {
  id: 'security-ports',
  section: 'security',
  title: 'No port is open that should not be',
  how: 'Lists every program that waits for others (ss) and every port that Docker opens, and compares with the catalogue.',
  seconds: 20,
  run: look,
}
