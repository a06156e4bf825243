import type { Finding, Scene } from '../check.ts'
import { CLIENT, GATE, parseContainer } from '../../vpn/supervisor/look.ts'
import { failed, nothing } from '../finding.ts'

/** One of the two containers that share the network of the tunnel. */
export interface Inmate {
  readonly running: boolean
  /** Number of its first process; 0 when it does not run. */
  readonly pid: number
  /** Names its network, as in `net:[4026532281]`; empty when it has none that can be looked at. */
  readonly network: string
}

/** Both, as far as they are there. */
export interface Inmates {
  readonly gate: Inmate | null
  readonly client: Inmate | null
}

/** Looks at both; null when Docker does not answer. Several checks share one look. */
export const inmates = async (scene: Scene): Promise<Inmates | null> =>
  await scene.once('vpn-containers', async () => await look(scene))

async function look({ attempt, root, now }: Scene): Promise<Inmates | null> {
  const argv = ['docker', 'container', 'inspect', '--format', '{{json .}}', GATE, CLIENT] as const
  const { code, stdout, stderr } = await attempt(argv, { quiet: true })
  // It fails when one of them is missing, and tells of the other nevertheless.
  if (code !== 0 && !/no such container/i.test(stderr)) return null
  const found = new Map<string, Inmate>()
  for (const line of stdout.split('\n').filter(each => each.startsWith('{'))) {
    const { name, running, pid } = parseContainer(line, now())
    found.set(name, { running, pid, network: running ? (root.link(`/proc/${pid}/ns/net`) ?? '') : '' })
  }
  return { gate: found.get(GATE) ?? null, client: found.get(CLIENT) ?? null }
}

/** What every check of the tunnel begins with: there is a VPN, and its container runs. Then goes on with that. */
export async function atTheGate(
  scene: Scene,
  judge: (gate: Inmate, both: Inmates) => Finding | Promise<Finding>,
): Promise<Finding> {
  if (scene.answers.vpn === null) return nothing('There is no VPN on this machine.')
  const both = await inmates(scene)
  if (both === null) return failed('docker-silent', 'Docker does not answer, so the tunnel could not be looked at.')
  if (both.gate === null) return failed('vpn-stopped', `There is no container of the VPN (${GATE}).`)
  if (!both.gate.running) return failed('vpn-stopped', `The container of the VPN (${GATE}) does not run.`)
  return await judge(both.gate, both)
}

/** What runs a program of this machine in the network of a container. */
export const inNetwork = ({ pid }: Inmate, ...argv: readonly string[]): [string, ...string[]] => [
  'nsenter',
  '--target',
  String(pid),
  '--net',
  '--',
  ...argv,
]
