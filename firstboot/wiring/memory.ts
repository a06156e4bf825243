import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { openedJson } from './http.ts'

const Entry = z.strictObject({
  /** Fingerprint of the value that we wanted. */
  wrote: z.string(),
  /** Fingerprint of the value as the program showed it afterwards; null: it was not looked at again yet. */
  saw: z.nullable(z.string()),
})

/** What is remembered of one setting. */
export type Entry = z.infer<typeof Entry>

const Stored = z.record(z.string(), Entry)

/** Where it lies on the installed system; it holds fingerprints of passwords, so only root may read it. */
export const memoryPath = '/var/lib/mediaserver/wired.json'

/** What we wrote into the programs, by setting: whatever is found different later was changed by a person. */
export class Memory {
  readonly #entries: Map<string, Entry>
  #changed = false

  constructor(entries: Readonly<Record<string, Entry>> = {}) {
    this.#entries = new Map(Object.entries(entries))
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key)
  }

  set(key: string, entry: Entry): void {
    const old = this.#entries.get(key)
    if (old?.wrote === entry.wrote && old.saw === entry.saw) return
    this.#entries.set(key, entry)
    this.#changed = true
  }

  /** Forgets everything whose key begins so: the program has begun anew, nobody has changed anything in it. */
  forget(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#changed = this.#entries.delete(key)
  }

  /** Whether anything is new since this was asked last. */
  takeChanged(): boolean {
    const changed = this.#changed
    this.#changed = false
    return changed
  }

  copy(): Memory {
    return new Memory(Object.fromEntries(this.#entries))
  }

  toJson(): string {
    return `${JSON.stringify(Object.fromEntries([...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1))), null, 2)}\n`
  }
}

/** Reads what `toJson` gave; anything else is an empty memory, and then our own values are written once more. */
export function parseMemory(text: string): Memory {
  try {
    return new Memory(Stored.parse(JSON.parse(text)))
  } catch {
    return new Memory()
  }
}

/** A short name for a value, from which it cannot be told; members of objects in any order. Nothing at all is null. */
export const fingerprint = (value: unknown): string =>
  createHash('sha256')
    .update(openedJson(ordered(value ?? null)))
    .digest('hex')
    .slice(0, 32)

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, ordered(member)]),
  )
}
