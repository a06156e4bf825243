import { readFile, rm } from 'node:fs/promises'
import * as z from 'zod/mini'
import { Secret } from '../answers/secret.ts'
import { writeDurably } from '../apply/durable.ts'

/** Where it is written whom to tell; only root may read it: who knows the address can write to it as well. */
export const notifyPath = '/var/lib/mediaserver/notify.json'

const Stored = z.object({
  url: z.string(),
  waiting: z.array(z.object({ title: z.string(), lines: z.array(z.string()) })),
})

/** Whom to tell, and what could not be told yet, oldest first. */
export interface Notify {
  readonly url: Secret
  readonly waiting: readonly { readonly title: string; readonly lines: readonly string[] }[]
}

// The network may be away for days; what happened first matters less then.
const MOST_WAITING = 20

/** Reads it; null when nobody is to be told. */
export async function readNotify(path: string = notifyPath): Promise<Notify | null> {
  try {
    const { url, waiting } = Stored.parse(JSON.parse(await readFile(path, 'utf8')))
    return { url: new Secret(url), waiting }
  } catch {
    return null
  }
}

/** Keeps it; null is forgotten. */
export async function writeNotify(notify: Notify | null, path: string = notifyPath): Promise<void> {
  if (notify === null) return await rm(path, { force: true })
  const stored = { url: notify.url.reveal(), waiting: notify.waiting.slice(-MOST_WAITING) }
  await writeDurably(path, `${JSON.stringify(stored)}\n`, { mode: 0o600 })
}
