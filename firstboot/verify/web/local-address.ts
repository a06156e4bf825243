import { parseIpAddr } from '../../probe/network.ts'
import { bestAddress } from '../../status/links.ts'
import type { Scene } from '../check.ts'

/** The address that others on the local network open pages by; null when there is none right now. */
export const localAddress = async ({ once, attempt }: Scene): Promise<string | null> =>
  await once('local-address', async () => {
    const { code, stdout } = await attempt(['ip', '-j', 'addr'], { quiet: true })
    if (code !== 0) return null
    const addresses = parseIpAddr(stdout).flatMap(each => (each.up ? each.addresses : []))
    return bestAddress(addresses.filter(address => !address.includes(':')))
  })
