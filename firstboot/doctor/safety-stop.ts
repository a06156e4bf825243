import * as z from 'zod/mini'
import type { Root } from '../root.ts'
import type { Ended, Follow } from '../run.ts'
import type { Verdict } from '../verify/check.ts'

/**
 * Containers that the doctor stops in an emergency, the check that shows whether the reason still stands, and how a person
 * lifts it. Until then no remedy starts them again.
 */
const EMERGENCIES = {
  qbittorrent: {
    title: 'qBittorrent',
    check: 'vpn-address',
    why: 'downloads were seen by the address of this home',
    lift: 'As soon as "sudo mediaserver verify vpn" says that the home address is hidden, "sudo mediaserver doctor" starts it again.',
  },
  caddy: {
    title: 'Caddy',
    check: 'domain-guarded',
    why: 'Sonarr or Radarr could be opened from outside without a password',
    lift: 'Put its settings right, start it by hand: "sudo docker start caddy", and look: "sudo mediaserver verify domain".',
  },
} as const

/** A container that is stopped in an emergency. */
export type Stoppable = keyof typeof EMERGENCIES

const Stop = z.object({ why: z.string(), at: z.number() })
const Stops = z.partialRecord(z.enum(['qbittorrent', 'caddy']), Stop)
type Stops = z.infer<typeof Stops>

/** Where it is noted what was stopped for safety, why and when (Unix milliseconds): a new start of the machine lifts nothing. */
export const safetyStopsPath = '/var/lib/mediaserver/safety-stops.json'

type Attempt = (argv: readonly [string, ...string[]], follow?: Follow) => Promise<Ended>

/** What a note needs of the world. */
export interface SafetyPorts {
  readonly root: Pick<Root, 'text'>
  readonly attempt: Attempt
  readonly now: () => number
}

function readStops({ text }: Pick<Root, 'text'>): Stops {
  try {
    return Stops.parse(JSON.parse(text(safetyStopsPath) ?? '{}'))
  } catch {
    return {}
  }
}

async function keepStops(stops: Stops, attempt: Attempt): Promise<void> {
  const write = 'mkdir -p "${1%/*}" && cat >"$1.new" && sync "$1.new" && mv "$1.new" "$1"'
  await attempt(['sh', '-c', write, 'sh', safetyStopsPath], { input: `${JSON.stringify(stops)}\n`, quiet: true })
}

/** The names of the containers that no remedy may start. */
export const heldBack = (root: Pick<Root, 'text'>): ReadonlySet<string> => new Set(Object.keys(readStops(root)))

/** Why a container is held back and how that is lifted, in sentences; null when it is not. */
export function heldWords(container: Stoppable, root: Pick<Root, 'text'>): string | null {
  const stop = readStops(root)[container]
  if (stop === undefined) return null
  const { title, lift } = EMERGENCIES[container]
  const when = `${new Date(stop.at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return `${title} was stopped for safety at ${when}, because ${stop.why}. No remedy starts it again. ${lift}`
}

/** Throws the same words where a remedy is about to start a container that is held back. */
export function forbidStart(container: Stoppable, root: Pick<Root, 'text'>): void {
  const words = heldWords(container, root)
  if (words !== null) throw new Error(words)
}

/** Stops a container at once, and notes it, so that no other remedy undoes it; gives what was done. */
export async function stopForSafety(container: Stoppable, danger: string, ports: SafetyPorts): Promise<string> {
  const { attempt, root, now } = ports
  const { title, why, lift } = EMERGENCIES[container]
  // First the note, for what comes between both must not start it; and whatever becomes of the note, it is stopped.
  await keepStops({ ...readStops(root), [container]: { why, at: now() } }, attempt).catch(() => {})
  const { code } = await attempt(['docker', 'stop', '-t', '10', container])
  if (code !== 0) throw new Error(`${title} could not be stopped. ${danger}`)
  return heldWords(container, root) ?? `${title} was stopped for safety, because ${why}. ${lift}`
}

/** Takes away the notes whose check found that the reason is gone: it is well, or there is nothing to look at any more. */
export async function liftStops(
  results: readonly { readonly id: string; readonly verdict: Verdict }[],
  { root, attempt }: Omit<SafetyPorts, 'now'>,
): Promise<void> {
  const stops = readStops(root)
  const isOver = (container: Stoppable) =>
    results.some(({ id, verdict }) => id === EMERGENCIES[container].check && (verdict === 'pass' || verdict === 'none'))
  const left = Object.entries(stops).filter(([container]) => !isOver(container as Stoppable))
  if (left.length < Object.keys(stops).length) await keepStops(Object.fromEntries(left), attempt)
}
