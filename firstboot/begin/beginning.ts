import * as z from 'zod/mini'
import type { Root } from '../root.ts'

/** What the live system found out about itself before anybody answered; the screens show it. */
export const Beginning = z.discriminatedUnion('kind', [
  /** A person is asked. `problems` are those of the answers file, each with its place. */
  z.object({ kind: z.literal('ask'), problems: z.array(z.string()) }),
  /** The answers file is complete: the set-up starts at `until` (Unix milliseconds), unless somebody stops it. */
  z.object({ kind: z.literal('countdown'), until: z.number(), plan: z.array(z.string()) }),
  /** A set-up that a power cut has stopped goes on. */
  z.object({ kind: z.literal('resume') }),
  z.object({ kind: z.literal('started') }),
])
export type Beginning = z.infer<typeof Beginning>

/** Where it lies; rewritten in one move. */
export const beginningPath = '/run/mediaserver/beginning.json'

/** What the live system has found out; null while it has not, and on an installed system. */
export function readBeginning(root: Root): Beginning | null {
  try {
    return Beginning.parse(JSON.parse(root.text(beginningPath) ?? ''))
  } catch {
    return null
  }
}

/** Whoever makes this file stops the countdown. */
export const cancelPath = '/run/mediaserver/cancel'

/** How long a person has to stop a set-up that nobody is watched to have wanted, in seconds. */
export const COUNTDOWN_SECONDS = 30
