import { Secret } from '../answers/secret.ts'
import { type Entry, fingerprint, type Memory } from './memory.ts'

/** What becomes of one setting: it is right, we write it, or a person has changed it and it stays. */
type Verdict = 'right' | 'write' | 'theirs'

/**
 * Decides about one setting from what is wanted, what is found and what is remembered. A secret may be shown in another
 * form (a hash, or asterisks): then whatever was seen after we had written it counts as ours. Pure.
 */
export function judge(
  wanted: unknown,
  found: unknown,
  kept: Entry | undefined,
): { verdict: Verdict; remember?: Entry } {
  const wrote = fingerprint(wanted)
  const saw = fingerprint(found)
  if (wrote === saw) return { verdict: 'right', remember: { wrote, saw } }
  if (kept === undefined) return { verdict: 'write' }
  const hidden = wanted instanceof Secret
  if (kept.wrote === wrote && kept.saw === null)
    return hidden ? { verdict: 'right', remember: { wrote, saw } } : { verdict: 'write' }
  if (kept.saw === saw) return { verdict: hidden && kept.wrote === wrote ? 'right' : 'write' }
  return { verdict: 'theirs' }
}

/** Settings by name. */
export type Settings = Readonly<Record<string, unknown>>

/** What a comparison of settings comes to. */
export interface Settled {
  /** Those that have to be written. */
  readonly write: Settings
  /** Those that a person has changed. */
  readonly theirs: readonly string[]
  /** To be called when they were written. */
  readonly wrote: () => void
}

/** Compares settings with those of a program; `prefix` begins their keys in the memory, which learns what it sees. */
export function settle(prefix: string, wanted: Settings, found: Settings, memory: Memory): Settled {
  const write: Record<string, unknown> = {}
  const theirs: string[] = []
  for (const [name, value] of Object.entries(wanted)) {
    const key = `${prefix}/${name}`
    const { verdict, remember } = judge(value, found[name], memory.get(key))
    if (remember !== undefined) memory.set(key, remember)
    if (verdict === 'write') write[name] = value
    if (verdict === 'theirs') theirs.push(name)
  }
  return { write, theirs, wrote: () => rememberWritten(prefix, write, memory) }
}

/** Remembers that settings were written, and not looked at again yet. */
export function rememberWritten(prefix: string, written: Settings, memory: Memory): void {
  for (const [name, value] of Object.entries(written))
    memory.set(`${prefix}/${name}`, { wrote: fingerprint(value), saw: null })
}

/** Remembers that a program has settings as we gave them. */
export function rememberSeen(prefix: string, seen: Settings, memory: Memory): void {
  for (const [name, value] of Object.entries(seen))
    memory.set(`${prefix}/${name}`, { wrote: fingerprint(value), saw: fingerprint(value) })
}
