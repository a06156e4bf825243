import { stringify } from 'yaml'
import * as z from 'zod/mini'
import type { Answers } from '../answers/answers.ts'
import { defineChange, type Site } from './change.ts'
import { filesAreThere, type OwnFile, writeFiles } from './files.ts'

const Params = z.object({
  network: z.union([
    z.object({ mode: z.literal('dhcp') }),
    z.object({
      mode: z.literal('static'),
      interface: z.string(),
      address: z.string(),
      gateway: z.string(),
      dns: z.array(z.string()),
    }),
  ]),
  wifi: z.nullable(z.object({ name: z.string(), country: z.string() })),
})
type Params = z.infer<typeof Params>

/** The settings as netplan(5) reads them; only root may read the file, for it holds the password of the Wi-Fi. Pure. */
export function renderNetplan({ network, wifi }: Params, password: Answers['wifi']): string {
  const wired =
    network.mode === 'dhcp'
      ? { wired: { match: { name: 'e*' }, dhcp4: true, optional: true } }
      : {
          [network.interface]: {
            addresses: [network.address],
            routes: [{ to: 'default', via: network.gateway }],
            nameservers: { addresses: network.dns },
          },
        }
  const wifis =
    wifi === null || password === null
      ? {}
      : {
          wifis: {
            wireless: {
              match: { name: 'wl*' },
              dhcp4: true,
              optional: true,
              'regulatory-domain': wifi.country,
              'access-points': { [wifi.name]: { password: password.password.reveal() } },
            },
          },
        }
  return stringify({ network: { version: 2, renderer: 'networkd', ethernets: wired, ...wifis } })
}

const files = (params: Params, site: Site): OwnFile[] => [
  {
    path: '/etc/netplan/90-mediaserver.yaml',
    text: `# Written by the set-up of the media server.\n${renderNetplan(params, site.answers.wifi)}`,
    mode: 0o600,
  },
]

/** Sets the network up, wired and wireless. */
export const network = defineChange<Params>({
  id: 'network',
  where: 'target',
  parse: params => Params.parse(params),
  async check(params, site) {
    if (!(await filesAreThere(files(params, site), site))) return null
    const { network: wired, wifi } = params
    const address = wired.mode === 'dhcp' ? 'address from the router' : `address ${wired.address}`
    return wifi === null ? address : `${address}, Wi-Fi ${wifi.name}`
  },
  async apply(params, site) {
    await writeFiles(files(params, site), site)
    // Reads all files and says what is wrong with them, before a start without a network does.
    await site.run(['netplan', 'generate', ...(site.target === '' ? [] : ['--root-dir', site.target])])
    if (site.target === '') await site.run(['netplan', 'apply'])
  },
})
