import { isIPv4 } from 'node:net'
import * as z from 'zod/mini'

// What `ip -json address show` prints, as far as it is used.
const Shown = z.array(
  z.looseObject({
    ifindex: z.optional(z.number()),
    address: z.optional(z.string()),
    addr_info: z.optional(
      z.array(z.object({ family: z.string(), local: z.optional(z.string()), prefixlen: z.optional(z.number()) })),
    ),
  }),
)

/** The bridge of the VPN, and a place on it. */
export interface BridgeFacts {
  /** Its hardware address. */
  readonly hardware: string
  /** Its own IPv4 address, which containers go through. */
  readonly gateway: string
  /** An address of its network, with the length of the prefix: the last one, because Docker gives out the first ones. */
  readonly place: string
}

/** Reads a bridge from `ip -json address show`; null when it has no network of IPv4. Pure. */
export function parseBridge(text: string): BridgeFacts | null {
  const { success, data } = Shown.safeParse(parsed(text))
  const [bridge] = success ? data : []
  const own = bridge?.addr_info?.find(({ family }) => family === 'inet')
  const { local = '', prefixlen = 32 } = own ?? {}
  if (bridge?.address === undefined || !isIPv4(local) || prefixlen > 29 || prefixlen < 8) return null
  const size = 2 ** (32 - prefixlen)
  const number = numberOf(local)
  const broadcast = number - (number % size) + size - 1
  const last = broadcast - 1 === number ? broadcast - 2 : broadcast - 1
  return { hardware: bridge.address, gateway: local, place: `${addressOf(last)}/${prefixlen}` }
}

const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

const addressOf = (number: number): string =>
  [24, 16, 8, 0].map(shift => Math.floor(number / 2 ** shift) % 256).join('.')

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
