import { readlink } from 'node:fs/promises'
import * as z from 'zod/mini'
import { applyLockPath } from '../../apply/places.ts'
import type { Site } from '../../changes/change.ts'
import type { Get } from '../../live-checks/https.ts'
import { isTaken } from '../../lock.ts'
import { faultInForce, wantedKillSwitch } from '../force.ts'
import type { ContainerSeen, Seen } from './decide.ts'
import { isOnline } from './online.ts'

/** The containers that share the network of the tunnel: the one that digs it, and the one that downloads. */
export const GATE = 'nordlynx'
export const CLIENT = 'qbittorrent'

// What `docker container inspect` prints, as far as it is used.
const Inspected = z.object({
  Name: z.string(),
  State: z.object({
    Running: z.boolean(),
    Pid: z.number(),
    StartedAt: z.string(),
    Error: z.optional(z.string()),
    Status: z.optional(z.string()),
  }),
})

// Whatever has just begun gets its time; what begins in the future, because the clock was set back, is as old as can be.
const ageOf = (seconds: number): number => (seconds >= 0 ? seconds : Infinity)

/** A container with the number of its first process, from one line of `docker container inspect`. Pure. */
export function parseContainer(line: string, nowMilliseconds: number) {
  const { Name, State } = Inspected.parse(JSON.parse(line))
  const age = State.Running ? ageOf((nowMilliseconds - Date.parse(State.StartedAt)) / 1000) : 0
  // One that was made and never ran was not stopped by anybody either: what it joins was not there, or whoever made it was
  // cut off before the start.
  const refused = !State.Running && ((State.Error ?? '') !== '' || State.Status === 'created')
  return { name: Name.replace(/^\//, ''), running: State.Running, pid: State.Pid, age, refused }
}

/** Containers that are there, by name; null when Docker does not answer. */
async function inspect(site: Site): Promise<ReadonlyMap<string, ContainerSeen & { readonly pid: number }> | null> {
  const format = ['--format', '{{json .}}', GATE, CLIENT]
  const { code, stdout, stderr } = await site.attempt(['docker', 'container', 'inspect', ...format], { quiet: true })
  const lines = stdout.split('\n').filter(line => line.startsWith('{'))
  // It fails when one of them is missing, and tells of the other nevertheless.
  if (code !== 0 && !/no such container/i.test(stderr)) return null
  const containers = lines.map(async line => {
    const { name, ...container } = parseContainer(line, Date.now())
    const network = container.running ? await readlink(`/proc/${container.pid}/ns/net`).catch(() => '') : ''
    return [name, { ...container, network }] as const
  })
  return new Map(await Promise.all(containers))
}

/** Number of the first process of the container of the VPN; null when it does not run. */
export async function gateProcess(site: Site): Promise<number | null> {
  const gate = (await inspect(site))?.get(GATE)
  return gate?.running === true ? gate.pid : null
}

/** What runs a program of the container of the VPN in there, without Docker's help. */
export const insideGate = (pid: number, ...argv: readonly string[]): [string, ...string[]] => [
  'nsenter',
  '--target',
  String(pid),
  '--net',
  '--mount',
  '--',
  ...argv,
]

async function lookAtTunnel(pid: number, site: Site): Promise<Seen['tunnel']> {
  const ended = await site.attempt(insideGate(pid, 'sh', '/nordlynx/healthy.sh'))
  if (ended.code === null) return null
  return { alive: ended.code === 0, words: ended.stdout.trim() || ended.stderr.trim() || 'nobody answers' }
}

/** Looks at everything that the supervisor decides by. Changes nothing. */
export async function look(site: Site, get: Get): Promise<Seen> {
  const killSwitch = await faultInForce(await wantedKillSwitch(site), site)
  const found = await inspect(site)
  const [gate = null, client = null] = [found?.get(GATE), found?.get(CLIENT)]
  const tunnel = gate?.running === true ? await lookAtTunnel(gate.pid, site) : null
  const online = tunnel?.alive === false ? await isOnline(site, get) : null
  const applying = await isTaken(site.path(applyLockPath), site)
  return { containers: found === null ? null : { gate, client }, applying, killSwitch, tunnel, online }
}
