import { readFile } from 'node:fs/promises'
import type { Base } from '../recipe/schema.ts'
import { UserError } from '../shared/errors.ts'
import { findProgram } from '../tools.ts'

/** What of a base is needed to find its archive. */
export type ArchiveBase = Pick<Base, 'id' | 'title' | 'family' | 'suite'>

/** `unknown`: it cannot be told from here, so a build shall simply try. */
export type Reach =
  | { readonly kind: 'reachable' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unreachable'; readonly reason: string }

export interface ReachOptions {
  /** Instead of mmdebstrap's own choice; an address, or a line of a sources.list. */
  readonly mirror?: string | undefined
  readonly fetch?: typeof fetch
  /** The text of the program mmdebstrap, which knows the archives. */
  readonly readMmdebstrap?: () => Promise<string>
  readonly timeoutMs?: number
}

/**
 * The archive that mmdebstrap takes for a family when no mirror is named. Its choice is written in its own text only,
 * so it is read from there; undefined when a future version is written otherwise.
 */
export function defaultMirror(mmdebstrap: string, family: Base['family']): string | undefined {
  const addresses = [...mmdebstrap.matchAll(/^\s*(?:my\s+)?\$mirror\s*=\s*'(https?:\/\/[^']+)'/gm)].map(
    match => match[1] ?? '',
  )
  return addresses.find(address => new URL(address).pathname.split('/').includes(family))
}

async function readMmdebstrapText(): Promise<string> {
  const path = await findProgram('mmdebstrap')
  return path === undefined ? '' : await readFile(path, 'utf8')
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'no answer in time'
  const cause = error.cause instanceof Error ? error.cause : error
  const code = (cause as NodeJS.ErrnoException).code
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its name is not known to the DNS'
  if (code === 'ECONNREFUSED') return 'the connection was refused'
  return cause.message === '' ? String(code ?? cause.name) : cause.message
}

/** Whether the archive of a base answers, within 5 seconds. Never throws. */
export async function reachArchive(base: ArchiveBase, options: ReachOptions = {}): Promise<Reach> {
  const text =
    options.mirror === undefined ? await (options.readMmdebstrap ?? readMmdebstrapText)().catch(() => '') : ''
  const mirror =
    options.mirror === undefined ? defaultMirror(text, base.family) : /https?:\/\/[^\s\]]+/.exec(options.mirror)?.[0]
  if (mirror === undefined) return { kind: 'unknown' }
  const address = `${mirror.replace(/\/+$/, '')}/dists/${base.suite}/InRelease`
  try {
    const signal = AbortSignal.timeout(options.timeoutMs ?? 5000)
    const answer = await (options.fetch ?? fetch)(address, { method: 'HEAD', signal })
    if (answer.ok || answer.status === 405) return { kind: 'reachable' }
    return {
      kind: 'unreachable',
      reason: answer.status === 404 ? `it has no suite "${base.suite}"` : `it answers ${answer.status}`,
    }
  } catch (error) {
    return { kind: 'unreachable', reason: reasonOf(error) }
  }
}

/** Throws a `UserError` that names the bases that can be built from here when the archive of a base does not answer. */
export async function requireArchive(
  base: ArchiveBase,
  bases: readonly ArchiveBase[],
  options: ReachOptions = {},
): Promise<void> {
  const reach = await reachArchive(base, options)
  if (reach.kind !== 'unreachable') return
  // A mirror that was named serves one family, so the others are tried where mmdebstrap would look.
  const others = bases.filter(other => other.id !== base.id)
  const answers = await Promise.all(others.map(other => reachArchive(other, { ...options, mirror: undefined })))
  const buildable = others.filter((_, index) => answers[index]?.kind === 'reachable').map(other => other.id)
  const named = options.mirror === undefined ? '' : ' at the mirror that was named'
  throw new UserError(`The archive of ${base.title} cannot be reached${named} (${reach.reason}).`, mendFor(buildable))
}

/** What to do when an archive does not answer. */
export function mendFor(buildable: readonly string[]): string {
  if (buildable.length === 0)
    return 'No other archive answers either: look at the network connection, or name a mirror with --mirror.'
  return `Bases that can be built from here: ${buildable.join(', ')}: npm run image -- --base ${buildable[0]}`
}
