import * as z from 'zod/mini'
import type { ApplyEvent } from '../apply/events.ts'

const at = z.number()
const id = z.string()
const Event = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('begun'),
    at,
    planHash: z.string(),
    mode: z.string(),
    changes: z.array(z.object({ id, title: z.string(), weight: z.number() })),
  }),
  z.object({ type: z.literal('found-done'), at, id, evidence: z.string() }),
  z.object({ type: z.literal('started'), at, id }),
  z.object({
    type: z.literal('progress'),
    at,
    id,
    doing: z.string(),
    done: z.exactOptional(z.number()),
    total: z.exactOptional(z.number()),
  }),
  z.object({ type: z.literal('log'), at, id, line: z.string() }),
  z.object({ type: z.literal('done'), at, id, evidence: z.string() }),
  z.object({ type: z.literal('failed'), at, id, message: z.string(), mend: z.string() }),
  z.object({ type: z.literal('finished'), at }),
])

/**
 * The event on one line of the events file, or null: the line is torn, or a newer program says something unknown here.
 * When the writer died in the middle of a line, the next one hangs on to it; that one is found.
 */
export function parseEvent(line: string): ApplyEvent | null {
  for (let start = line.indexOf('{'); start >= 0; start = line.indexOf('{"', start + 1)) {
    const parsed = Event.safeParse(json(line.slice(start)))
    if (parsed.success) return parsed.data
  }
  return null
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
