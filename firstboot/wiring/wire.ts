import { setTimeout as delay } from 'node:timers/promises'
import { ChangeFailure } from '../apply/failure.ts'
import type { Http } from './http.ts'
import type { Link, Stack, Wires } from './link.ts'
import { allLinks } from './links/all.ts'
import { qbittorrentLinks, refusalOf } from './links/qbittorrent.ts'
import type { Memory } from './memory.ts'
import { type LoginGuard, unguarded } from './refused-login.ts'
import type { ServiceName } from './services.ts'
import { Trouble } from './trouble.ts'
import { openWires, type Readiness } from './wires.ts'

/** What connecting came to. */
export interface Wired {
  /** Links that are right now. */
  readonly links: number
  /** How many things were written. */
  readonly writes: number
  /** Titles of links of which a person has changed something, which was left as it is. */
  readonly theirs: readonly string[]
  /** What has to wait, each as a sentence with its mend. */
  readonly later: readonly string[]
}

/** How it is done: who can stop it, who watches, and how long a program may take. */
export interface WireOptions {
  readonly signal: AbortSignal
  readonly progress: (doing: string, done: number, total: number) => void
  /** Keeps the memory; called whenever something new is in it. */
  readonly keep: (memory: Memory) => Promise<void>
  /** For all programs together, from the beginning. */
  readonly patienceMilliseconds: number
  readonly pauseMilliseconds?: number
  /** For one link that is refused: the program may have asked another one, which is just starting. */
  readonly refusalMilliseconds?: number
  readonly guard?: LoginGuard
}

const REFUSAL_MILLISECONDS = 30_000

const relevant = (stack: Stack): Link[] =>
  allLinks.filter(({ needs, when }) => needs.every(name => stack.services.has(name)) && (when?.(stack) ?? true))

/** Sentences about what cannot be connected yet, and is no fault. */
function postponed({ services, held, plexToken }: Stack): string[] {
  if (plexToken !== null) return [...held]
  const requests = services.has('jellyseerr')
  const waiting = requests ? 'Jellyseerr is not connected yet, and new films show up' : 'New films show up'
  const both = requests ? 'both need' : 'that needs'
  return [
    ...held,
    `${waiting} in Plex only when it looks by itself: ${both} your Plex account. Sign in with "sudo mediaserver plex claim", then type "sudo mediaserver apply".`,
    ...(requests
      ? ['Until then the first page of Jellyseerr asks whoever opens it in your own network to become its owner.']
      : []),
  ]
}

/** One link as it was found: right, left as a person changed it, not as it should be, or why it could not be looked at. */
export type Found =
  | { readonly link: Link; readonly state: 'right' | 'theirs' | 'wrong' }
  | { readonly link: Link; readonly state: 'absent'; readonly program: ServiceName; readonly why: string }
  | { readonly link: Link; readonly state: 'refused'; readonly trouble: Trouble }
  /** Its program does not take the password any more; or, `banned`, lets nobody try for an hour. */
  | { readonly link: Link; readonly state: 'locked'; readonly banned: boolean }

/** Looks at every link without writing anything, and tells of each how it is. */
export async function inspectWiring(
  stack: Stack,
  http: Http,
  memory: Memory,
  signal: AbortSignal,
  guard: LoginGuard = unguarded,
): Promise<Found[]> {
  const wires = openWires(stack, http, memory.copy(), signal, guard)
  const links = relevant(stack)
  const journeys = links.map((link): Journey => ({ link, trouble: null, refusedAt: null, refused: false }))
  const absent = await whoIsAbsent(journeys, wires.readiness)
  const found: Found[] = []
  for (const link of links) {
    const program = link.needs.find(name => absent.has(name))
    if (program !== undefined) {
      found.push({ link, state: 'absent', program, why: absent.get(program) ?? '' })
      continue
    }
    const logsIn = qbittorrentLinks.includes(link)
    try {
      const { writes, theirs } = await link.look(wires)
      const refusal = logsIn ? refusalOf(wires) : null
      if (refusal !== null) found.push({ link, state: 'locked', banned: refusal === 'banned' })
      else found.push({ link, state: writes.length > 0 ? 'wrong' : theirs.length > 0 ? 'theirs' : 'right' })
    } catch (error) {
      if (!(error instanceof Trouble)) throw error
      const refusal = logsIn ? refusalOf(wires) : null
      if (refusal !== null) found.push({ link, state: 'locked', banned: refusal === 'banned' })
      else found.push({ link, state: 'refused', trouble: error })
    }
  }
  return found
}

/** Looks at every link without writing anything; null when any is not right, or cannot be looked at. */
export async function lookAtWiring(
  stack: Stack,
  http: Http,
  memory: Memory,
  signal: AbortSignal,
  guard: LoginGuard = unguarded,
): Promise<Wired | null> {
  const wires = openWires(stack, http, memory.copy(), signal, guard)
  const links = relevant(stack)
  const theirs: string[] = []
  for (const name of new Set(links.flatMap(({ needs }) => needs))) if (!(await wires.isUp(name))) return null
  for (const link of links) {
    const look = await link.look(wires).catch((error: unknown) => {
      if (error instanceof Trouble) return null
      throw error
    })
    if (look === null || look.writes.length > 0) return null
    if (look.theirs.length > 0) theirs.push(link.title)
  }
  return { links: links.length, writes: 0, theirs, later: postponed(stack) }
}

/** One link on its way. */
interface Journey {
  readonly link: Link
  trouble: Trouble | null
  /** When it was refused first, since it last failed in another way. */
  refusedAt: number | null
  refused: boolean
}

/**
 * Connects everything with everything, in whatever order programs come up. Looks first and writes only what is not right;
 * what a person has changed since we wrote it stays. Throws a `ChangeFailure` that names each program that is not as it
 * should be; whatever does not depend on it is connected all the same.
 */
export async function wire(stack: Stack, http: Http, memory: Memory, options: WireOptions): Promise<Wired> {
  const { signal, progress, keep, patienceMilliseconds, pauseMilliseconds = 1000 } = options
  const { refusalMilliseconds = REFUSAL_MILLISECONDS, guard = unguarded } = options
  const wires = openWires(stack, http, memory, signal, guard)
  const links = relevant(stack)
  const done = new Set<string>()
  const theirs: string[] = []
  let writes = 0
  let waiting: Journey[] = links.map(link => ({ link, trouble: null, refusedAt: null, refused: false }))
  const end = performance.now() + patienceMilliseconds
  let absent = new Map<ServiceName, string>()
  for (;;) {
    absent = await whoIsAbsent(waiting, wires.readiness)
    for (const journey of waiting) {
      const { link } = journey
      if (journey.refused || link.needs.some(name => absent.has(name))) continue
      // Those that this machine does not have are not waited for.
      if ((link.after ?? []).some(id => !done.has(id) && links.some(each => each.id === id))) continue
      progress(link.title, done.size, links.length)
      try {
        const { written, left } = await putRight(link, wires)
        writes += written
        if (left.length > 0) theirs.push(link.title)
        done.add(link.id)
      } catch (error) {
        if (!(error instanceof Trouble)) throw error
        journey.trouble = error
        const now = performance.now()
        journey.refusedAt = error.passing ? null : (journey.refusedAt ?? now)
        // A refusal with a mend of its own, as of a key, does not get better by waiting.
        if (journey.refusedAt !== null)
          journey.refused = error.mend !== '' || now - journey.refusedAt > refusalMilliseconds
      }
      if (memory.takeChanged()) await keep(memory)
    }
    waiting = waiting.filter(({ link }) => !done.has(link.id))
    if (waiting.length === 0 || performance.now() > end || waiting.every(each => isStuck(each, waiting))) break
    progress(waitingFor(absent, stack), done.size, links.length)
    await delay(pauseMilliseconds, undefined, { signal })
  }
  if (waiting.length > 0) throw explain(waiting, absent, stack, patienceMilliseconds)
  return { links: links.length, writes, theirs, later: postponed(stack) }
}

// Those behind a link that is refused for good need not be waited for.
function isStuck({ link, refused }: Journey, waiting: readonly Journey[]): boolean {
  if (refused) return true
  return waiting.some(other => (link.after ?? []).includes(other.link.id) && isStuck(other, waiting))
}

const waitingFor = (absent: ReadonlyMap<ServiceName, string>, { places }: Stack): string =>
  absent.size === 0 ? 'trying again' : `waiting for ${[...absent.keys()].map(name => places[name].title).join(', ')}`

async function whoIsAbsent(waiting: readonly Journey[], readiness: Readiness): Promise<Map<ServiceName, string>> {
  const names = [...new Set(waiting.flatMap(({ link }) => link.needs))]
  const found = await Promise.all(names.map(async name => [name, await readiness(name)] as const))
  return new Map(found.flatMap(([name, why]) => (why === null ? [] : [[name, why] as const])))
}

/** Looks, writes, and looks again. Throws a passing `Trouble` when what was written is not there. */
async function putRight(link: Link, wires: Wires): Promise<{ written: number; left: readonly string[] }> {
  const before = await link.look(wires)
  if (before.writes.length === 0) return { written: 0, left: before.theirs }
  for (const { send } of before.writes) await send()
  const after = await link.look(wires)
  if (after.writes.length > 0) {
    const title = wires.stack.places[link.needs[0] ?? 'plex'].title
    throw new Trouble(`${title} took what was written, but does not keep it (${link.title}).`, true)
  }
  return { written: before.writes.length, left: after.theirs }
}

function explain(
  waiting: readonly Journey[],
  absent: ReadonlyMap<ServiceName, string>,
  { places }: Stack,
  patience: number,
): ChangeFailure {
  const seconds = Math.round(patience / 1000)
  const lines = [...absent].map(([name, why]) => {
    const { title, url, ready } = places[name]
    return `${title} is not up: ${url}${ready} was asked for ${seconds} seconds, and ${why}.`
  })
  const mends = [...absent.keys()].map(
    name => `Look why with "${places[name].logs}", then type "sudo mediaserver apply".`,
  )
  for (const { link, trouble } of waiting) {
    if (trouble === null || link.needs.some(name => absent.has(name)) || lines.includes(trouble.message)) continue
    lines.push(trouble.message)
    const first = link.needs[0] ?? 'plex'
    mends.push(trouble.mend || `Look why with "${places[first].logs}", then type "sudo mediaserver apply".`)
  }
  return new ChangeFailure(lines.join('\n'), mends[0] ?? 'Type "sudo mediaserver apply" to try again.')
}
