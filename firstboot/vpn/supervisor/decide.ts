import type { Fault } from '../force.ts'

/** One container, as it is right now. */
export interface ContainerSeen {
  readonly running: boolean
  /** Names its network; empty when it has none that can be looked at. */
  readonly network: string
  /** Seconds since it was started, endless when the clock does not tell; 0 when it is not running. */
  readonly age: number
  /** It should run and could not be started; Docker does not try again by itself. Not so when somebody has stopped it. */
  readonly refused: boolean
}

/** What the supervisor sees in one look. */
export interface Seen {
  /** Null: Docker does not answer. */
  readonly containers: { readonly gate: ContainerSeen | null; readonly client: ContainerSeen | null } | null
  /** Somebody applies answers right now, and makes containers anew. */
  readonly applying: boolean
  /** What is wrong with the kill switch in the kernel. */
  readonly killSwitch: Fault
  /** Null: nobody could be asked. */
  readonly tunnel: { readonly alive: boolean; readonly words: string } | null
  /** Whether the home has a way to the internet; asked only when the tunnel is dead. */
  readonly online: boolean | null
}

/** What can be done about trouble, from the mildest to the strongest. */
export type Remedy =
  /** Put the kill switch in force again. */
  | 'lock'
  /** Begin a new session with the same server. */
  | 'renew'
  /** Lead the tunnel to another server. */
  | 'next-server'
  /** Start the torrent client, in the network that there is. */
  | 'start-client'
  /** Make both containers anew, in one network. */
  | 'recreate'

/** What is kept from one look to the next. Times are seconds of one clock that never goes back. */
export interface Memory {
  /** When the present trouble was seen first; null when there is none. */
  readonly troubleSince: number | null
  /** How often it was tried to mend it. */
  readonly tries: number
  /** Until then, what was tried last may still work. */
  readonly waitUntil: number
}

/** How the VPN is: in one word for programs, and a sentence for people. */
export interface Condition {
  readonly state: 'protected' | 'starting' | 'no-tunnel' | 'stranded' | 'offline' | 'stopped' | 'unlocked' | 'unknown'
  readonly words: string
}

export interface Decision {
  readonly condition: Condition
  readonly remedy: Remedy | null
  readonly memory: Memory
}

export const CALM: Memory = { troubleSince: null, tries: 0, waitUntil: 0 }

// A handshake takes a second; a container that was just started may need some more.
const START_SECONDS = 45
// Compose makes the one anew and waits until it is healthy, before it makes the other.
const STRANDED_SECONDS = 40
const FIRST_WAIT = 30
const LONGEST_WAIT = 900

/** Seconds until the next try, after so many: doubled each time, a quarter of an hour at most. Pure. */
export const waitAfter = (tries: number): number => Math.min(FIRST_WAIT * 2 ** Math.max(0, tries - 1), LONGEST_WAIT)

/** Of a dead tunnel: the same server once, then others, and every fourth time everything anew. Pure. */
export function remedyFor(tries: number): Remedy {
  if (tries === 0) return 'renew'
  return tries % 4 === 0 ? 'recreate' : 'next-server'
}

/** Decides what to do about what was seen. `now` is in seconds of the clock of the memory. Pure. */
export function decide(seen: Seen, memory: Memory, now: number): Decision {
  // Whatever else is the matter: without the lock, nothing else is worth anything.
  if (seen.killSwitch === 'all' || seen.killSwitch === 'endpoints') {
    const words =
      seen.killSwitch === 'all' ? 'The kill switch is not in force.' : 'The kill switch lets another server pass.'
    return { condition: { state: 'unlocked', words }, remedy: 'lock', memory }
  }
  // The home has come into another network, as with many providers each night. Nothing gets out by that, and nobody has
  // changed anything: it is put right beside the rest.
  if (seen.killSwitch === 'networks') {
    const rest = decide({ ...seen, killSwitch: 'none' }, memory, now)
    return { ...rest, remedy: rest.remedy ?? 'lock' }
  }
  if (seen.applying) return whileApplying(seen, memory, now)
  if (seen.containers === null)
    return calm('unknown', 'Docker does not answer, so that nothing can be said about the tunnel.')
  const { gate, client } = seen.containers
  const stranded = client?.running === true && (gate?.running !== true || gate.network !== client.network)
  if (stranded) {
    const words = 'qBittorrent is left in a network without a tunnel. Nothing leaves from there.'
    return trouble({ state: 'stranded', words }, memory, now, STRANDED_SECONDS, () => 'recreate')
  }
  // Docker starts all containers at once, and qBittorrent cannot join a network that is not there yet.
  if (gate?.running === true && client?.refused === true) {
    const words = 'qBittorrent could not be started along with the tunnel.'
    return trouble({ state: 'stranded', words }, memory, now, 0, tries => (tries < 2 ? 'start-client' : 'recreate'))
  }
  if (gate?.refused === true) {
    const words = 'The container of the VPN could not be started. Nothing leaves meanwhile.'
    return trouble({ state: 'stranded', words }, memory, now, STRANDED_SECONDS, () => 'recreate')
  }
  if (gate?.running !== true) return calm('stopped', 'The container of the VPN does not run; somebody has stopped it.')
  if (seen.tunnel === null) return calm('unknown', 'The tunnel could not be looked at.')
  if (seen.tunnel.alive) return calm('protected', 'Downloads go through the tunnel.')
  if (gate.age < START_SECONDS && memory.tries === 0)
    return { condition: { state: 'starting', words: 'The tunnel is being dug.' }, remedy: null, memory: CALM }
  return dead(seen.tunnel.words, seen.online, memory, now, remedyFor)
}

/**
 * Whoever applies makes the containers, and waits until they are healthy: they are left alone. But nobody else leads the
 * tunnel away from a server that is dead, and a first start would wait for it in vain.
 */
function whileApplying({ containers, tunnel, online }: Seen, memory: Memory, now: number): Decision {
  const gate = containers?.gate
  if (gate?.running !== true || tunnel === null || tunnel.alive)
    return calm('starting', 'The services are being set up.')
  // Applying may have made it anew a moment ago, whatever was tried before.
  if (gate.age < START_SECONDS)
    return { condition: { state: 'starting', words: 'The services are being set up.' }, remedy: null, memory }
  return dead(tunnel.words, online, memory, now, tries => (tries === 0 ? 'renew' : 'next-server'))
}

/** A tunnel through which nothing comes, though its container has had its time. */
function dead(
  why: string,
  online: boolean | null,
  memory: Memory,
  now: number,
  remedy: (tries: number) => Remedy,
): Decision {
  if (online === false) {
    const words = 'The internet cannot be reached, with or without the tunnel. Look at the router.'
    return { condition: { state: 'offline', words }, remedy: null, memory: { ...memory, waitUntil: now } }
  }
  const words = `The tunnel is dead: ${why}. Nothing leaves meanwhile.`
  return trouble({ state: 'no-tunnel', words }, memory, now, 0, remedy)
}

const calm = (state: Condition['state'], words: string): Decision => ({
  condition: { state, words },
  remedy: null,
  memory: CALM,
})

/** Trouble is mended once it has lasted for `patience`, and again when what was tried had its time to work. */
function trouble(
  condition: Condition,
  memory: Memory,
  now: number,
  patience: number,
  remedy: (tries: number) => Remedy,
): Decision {
  const since = memory.troubleSince ?? now
  if (now - since < patience || now < memory.waitUntil)
    return { condition, remedy: null, memory: { ...memory, troubleSince: since } }
  const tries = memory.tries + 1
  return {
    condition,
    remedy: remedy(memory.tries),
    memory: { troubleSince: since, tries, waitUntil: now + waitAfter(tries) },
  }
}
