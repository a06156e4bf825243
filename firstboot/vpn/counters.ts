import * as z from 'zod/mini'
import { COUNTERS, type Counter } from './kill-switch.ts'

// What nft(8) prints with -j, see libnftables-json(5).
const Listed = z.object({
  nftables: z.array(z.looseObject({ counter: z.optional(z.object({ name: z.string(), packets: z.number() })) })),
})

const names = Object.keys(COUNTERS) as readonly Counter[]

/** Packets that each counter of the kill switch has seen since it was loaded. Throws when one is missing. Pure. */
export function parseCounters(text: string): Record<Counter, number> {
  const { nftables } = Listed.parse(JSON.parse(text))
  const found = new Map(nftables.flatMap(({ counter }) => (counter ? [[counter.name, counter.packets] as const] : [])))
  const missing = names.filter(name => !found.has(name))
  if (missing.length > 0) throw new Error(`The kill switch does not count ${missing.join(', ')}.`)
  return Object.fromEntries(names.map(name => [name, found.get(name) ?? 0])) as Record<Counter, number>
}
