import * as z from 'zod/mini'
import { killSwitchInForce, putInForce } from '../vpn/force.ts'
import { defineChange, type Site } from './change.ts'

const Params = z.strictObject({ vpn: z.boolean() })
type Params = z.infer<typeof Params>

const UNIT = 'mediaserver-killswitch.service'
const WATCH = 'mediaserver-vpn.service'

async function isSo(question: 'is-enabled' | 'is-active', unit: string, site: Site): Promise<boolean> {
  return (await site.attempt(['systemctl', '--quiet', question, unit])).code === 0
}

/** Lets nothing of the VPN's network out but the tunnel, and nobody but neighbours in; before Docker, at every start. */
export const killSwitch = defineChange<Params>({
  id: 'kill-switch',
  where: 'target',
  parse: params => Params.parse(params),
  async check({ vpn }, site) {
    const wanted = await killSwitchInForce(site)
    if (wanted === null) return null
    if (!(await isSo('is-enabled', UNIT, site)) || !(await isSo('is-active', UNIT, site))) return null
    if ((await isSo('is-enabled', WATCH, site)) !== vpn) return null
    const ports = `ports ${wanted.lanPorts.join(', ')} for the local network only`
    return vpn ? `nothing leaves beside the tunnel to ${wanted.endpoints.join(', ') || 'nowhere'}; ${ports}` : ports
  },
  async apply({ vpn }, site) {
    await putInForce(site)
    await site.run(['systemctl', 'daemon-reload'])
    await site.run(['systemctl', 'enable', '--now', UNIT])
    // Not waited for: it looks after what the next changes bring up.
    if (vpn) await site.run(['systemctl', 'enable', '--now', '--no-block', WATCH])
    else await site.run(['systemctl', 'disable', '--now', WATCH])
  },
})
