import { parseCounters } from '../../vpn/counters.ts'
import { type Counter, VPN_BRIDGE } from '../../vpn/kill-switch.ts'
import type { Scene } from '../check.ts'
import { knocker, knockLines, type Outcome, parseOutcomes, parsePid } from '../knock.ts'
import { type BridgeFacts, parseBridge } from './parse-bridge.ts'
import { type Counted, parseProbeCounters, PROBE_ADDRESS, PROBE_TABLE, renderProbeTable } from './probe-table.ts'
import { TUNNEL_ADDRESS, wayOutArguments, waysOut } from './ways.ts'

/** What a trial saw. */
export interface Trial {
  /** How many ways out were tried. */
  readonly ways: number
  /** Packets that came to the bridge, and those of them that all rules have let pass. */
  readonly tried: Counted
  readonly passed: Counted
  /** By how much each counter of the kill switch has risen; null when there is none. */
  readonly rise: Readonly<Partial<Record<Counter, number>>> | null
  /** What came back, of each way. */
  readonly outcomes: readonly Outcome[]
  /** Whether this machine knows a way into the internet at all: else nothing could have got out. */
  readonly wayOut: boolean
  /** Whether the kernel takes no IPv6 from there at all. */
  readonly ipv6Off: boolean
}

type Doors = Pick<Scene, 'attempt'>

const PATIENCE_SECONDS = 1
const PORT = 'ms-probe'
// A bridge may take the lowest hardware address that is on it; nobody notices one that is higher than all others.
const PORT_ADDRESS = 'fe:ff:6d:73:70:72'

/** Throws a sentence about why a program failed. */
async function must({ attempt }: Doors, argv: readonly [string, ...string[]], what: string, input?: string) {
  const { code, stdout, stderr } = await attempt(argv, { quiet: true, ...(input === undefined ? {} : { input }) })
  if (code === 0) return stdout
  throw new Error(`${what}: ${stderr.trim().split('\n')[0] || `${argv[0]} gave no reason`}`)
}

/**
 * Tries to get out without a tunnel, from a place where the torrent client could be: a network of its own with a cable to the
 * bridge of the VPN. No container notices; the place is gone when its only program ends, even when that is killed. What is
 * left of a trial that was cut off is a table that nothing runs into, and the next trial takes its place.
 * Throws a sentence when it cannot be tried.
 */
export async function tryToGetOut(doors: Doors, endpoints: readonly string[]): Promise<Trial> {
  const shown = await doors.attempt(['ip', '-json', 'address', 'show', 'dev', VPN_BRIDGE], { quiet: true })
  const bridge = shown.code === 0 ? parseBridge(shown.stdout) : null
  if (bridge === null)
    throw new Error(`The network of the VPN (${VPN_BRIDGE}) is not there, so nothing could be tried.`)
  const knocks = waysOut(bridge.gateway, endpoints)
  const wayOut = (await doors.attempt(wayOutArguments, { quiet: true })).code === 0
  const off = await doors.attempt(['cat', `/proc/sys/net/ipv6/conf/${VPN_BRIDGE}/disable_ipv6`], { quiet: true })
  await must(doors, ['nft', '-f', '-'], 'The trial cannot be counted', renderProbeTable())
  try {
    const before = await killSwitchCounters(doors)
    const output = await fromTheProbe(doors, bridge, knockLines(knocks))
    const after = await killSwitchCounters(doors)
    const list = ['nft', '-j', 'list', 'counters', 'table', 'inet', PROBE_TABLE] as const
    const counted = parseProbeCounters(await must(doors, list, 'The trial was not counted'))
    return {
      ways: knocks.length,
      ...counted,
      rise: before === null || after === null ? null : riseOf(before, after),
      outcomes: parseOutcomes(output, knocks.length),
      wayOut,
      // There is no such file in a kernel without IPv6.
      ipv6Off: off.code !== 0 || off.stdout.trim() === '1',
    }
  } finally {
    await doors.attempt(['nft', 'delete', 'table', 'inet', PROBE_TABLE], { quiet: true })
  }
}

async function killSwitchCounters({ attempt }: Doors): Promise<Record<Counter, number> | null> {
  const { code, stdout } = await attempt(['nft', '-j', 'list', 'counters', 'table', 'inet', 'mediaserver'], {
    quiet: true,
  })
  return code === 0 ? parseCounters(stdout) : null
}

const riseOf = (before: Record<Counter, number>, after: Record<Counter, number>): Trial['rise'] =>
  Object.fromEntries(
    (Object.keys(after) as Counter[]).map(name => [name, Math.max(0, after[name] - before[name])] as const),
  )

/** Opens the place, has the knocks sent from there, and gives what the program there said. */
async function fromTheProbe(doors: Doors, bridge: BridgeFacts, lines: string): Promise<string> {
  const born = Promise.withResolvers<number>()
  const told = Promise.withResolvers<string>()
  // Where AppArmor takes the capabilities from what unshare(1) starts, see new-network.ts, it needs none: it only sends.
  const ended = doors.attempt(['unshare', '--net', '--', ...knocker(PATIENCE_SECONDS)], {
    quiet: true,
    input: (async function* () {
      const text = await told.promise
      if (text !== '') yield Buffer.from(text)
    })(),
    onLine: line => {
      const pid = parsePid(line)
      if (pid !== null) born.resolve(pid)
    },
  })
  const early = ended.then(({ stderr }) => {
    throw new Error(`No place without a tunnel could be made: ${stderr.trim().split('\n')[0] || 'no reason was given'}`)
  })
  try {
    await connect(doors, await Promise.race([born.promise, early]), bridge)
    told.resolve(lines)
  } catch (error) {
    // With nothing to send it ends at once, and its network with it.
    told.resolve('')
    early.catch(() => {})
    await ended
    throw error
  }
  early.catch(() => {})
  const { code, stdout, stderr } = await ended
  if (code !== 0) throw new Error(`The trial broke off: ${stderr.trim().split('\n')[0] || 'no reason was given'}`)
  return stdout
}

/** Lays the cable, and gives the place the addresses and ways that a container has there, and those of IPv6. */
async function connect(doors: Doors, pid: number, { hardware, gateway, place }: BridgeFacts): Promise<void> {
  const what = 'The place without a tunnel could not be connected'
  const end = ['peer', 'name', 'eth0', 'address', PROBE_ADDRESS, 'netns', String(pid)] as const
  // Of a trial that was killed a moment ago it may still be there.
  await doors.attempt(['ip', 'link', 'del', 'dev', PORT], { quiet: true })
  await must(doors, ['ip', 'link', 'add', 'dev', PORT, 'address', PORT_ADDRESS, 'type', 'veth', ...end], what)
  await must(doors, ['ip', 'link', 'set', 'dev', PORT, 'master', VPN_BRIDGE, 'up'], what)
  const inside = (family: '-4' | '-6') =>
    ['nsenter', '--target', String(pid), '--net', '--', 'ip', family, '-batch', '-'] as const
  const steps = [
    'link set dev lo up',
    'link set dev eth0 up',
    `address add ${place} dev eth0`,
    `address add ${TUNNEL_ADDRESS}/32 dev eth0`,
    `route add default via ${gateway} dev eth0 src ${place.split('/')[0]}`,
    // Its questions for the neighbour would be seen by other containers, and take time.
    `neigh replace ${gateway} lladdr ${hardware} nud permanent dev eth0`,
  ]
  await must(doors, inside('-4'), what, `${steps.join('\n')}\n`)
  const steps6 = [
    'address add fd6d:7370:726f::2/64 dev eth0 nodad',
    'route add default via fe80::1 dev eth0 onlink',
    `neigh replace fe80::1 lladdr ${hardware} nud permanent dev eth0`,
  ]
  // A kernel without IPv6 has no way out there either.
  await doors.attempt(inside('-6'), { quiet: true, input: `${steps6.join('\n')}\n` })
}
