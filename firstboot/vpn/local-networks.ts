import * as z from 'zod/mini'

// What ip(8) prints with -json for routes; a network that is connected has no gateway.
const Routes = z.array(
  z.object({
    dst: z.string(),
    dev: z.optional(z.string()),
    gateway: z.optional(z.string()),
    type: z.optional(z.string()),
  }),
)

const isContainers = (device: string): boolean => /^(docker|br-|veth|lo$|wg)/.test(device)

/** The networks that a machine is in, from its routes of one family, as `192.168.1.0/24`; without those of containers. Pure. */
export function parseLocalNetworks(text: string): string[] {
  const networks = Routes.parse(JSON.parse(text)).filter(
    ({ dst, dev = '', gateway, type }) =>
      dst.includes('/') && gateway === undefined && type === undefined && !isContainers(dev),
  )
  return [...new Set(networks.map(({ dst }) => dst))].sort()
}
