import * as z from 'zod/mini'

// What ip(8) prints with -json, as far as it is used.
const Links = z.array(
  z.looseObject({
    ifname: z.optional(z.string()),
    ifindex: z.optional(z.number()),
    /** Number of the other end of its cable. */
    link_index: z.optional(z.number()),
    flags: z.optional(z.array(z.string())),
  }),
)
const Routes = z.array(z.looseObject({ dev: z.optional(z.string()), type: z.optional(z.string()) }))

/** One network interface. */
export interface Link {
  readonly name: string
  readonly index: number
  /** The other end of its cable, by its number in the other network; null without one. */
  readonly peer: number | null
  readonly up: boolean
}

/** Interfaces from `ip -json link show`; none for anything else. Pure. */
export function parseLinks(text: string): Link[] {
  const { success, data } = Links.safeParse(parsed(text))
  if (!success) return []
  return data.flatMap(({ ifname, ifindex, link_index: peer, flags = [] }) =>
    ifname === undefined || ifindex === undefined
      ? []
      : [{ name: ifname, index: ifindex, peer: peer ?? null, up: flags.includes('UP') }],
  )
}

/** The interface that a packet would leave by, from `ip -json route get`; null for none. Pure. */
export function parseRouteDevice(text: string): string | null {
  const { success, data } = Routes.safeParse(parsed(text))
  return (success ? data[0]?.dev : null) ?? null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
