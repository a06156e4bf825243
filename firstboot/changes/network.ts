import { readdir } from 'node:fs/promises'
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

/**
 * The settings as netplan(5) reads them; only root may read the file, for it holds the password of the Wi-Fi. `cards` are the
 * names of the Wi-Fi cards: for networkd, netplan refuses a pattern under `wifis`. Pure.
 */
export function renderNetplan({ network, wifi }: Params, password: Answers['wifi'], cards: readonly string[]): string {
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
  if (wifi === null || password === null || cards.length === 0) return netplanText({ ethernets: wired })
  const card = {
    dhcp4: true,
    optional: true,
    'regulatory-domain': wifi.country,
    'access-points': { [wifi.name]: { password: password.password.reveal() } },
  }
  return netplanText({ ethernets: wired, wifis: Object.fromEntries(cards.map(name => [name, card])) })
}

// Written out for each card: netplan knows no references within a file.
const netplanText = (devices: object): string =>
  stringify({ network: { version: 2, renderer: 'networkd', ...devices } }, { aliasDuplicateObjects: false })

/** The Wi-Fi cards of this machine, by the names that the kernel's and systemd's naming gives every one (`wlan0`, `wlp2s0`). */
const wifiCards = async (): Promise<string[]> =>
  (await readdir('/sys/class/net')).filter(name => name.startsWith('wl')).toSorted()

const files = (params: Params, site: Site, cards: readonly string[]): OwnFile[] => [
  {
    path: '/etc/netplan/90-mediaserver.yaml',
    text: `# Written by the set-up of the media server.\n${renderNetplan(params, site.answers.wifi, cards)}`,
    mode: 0o600,
  },
]

/** Sets the network up, wired and wireless. */
export const network = defineChange<Params>({
  id: 'network',
  where: 'target',
  parse: params => Params.parse(params),
  async check(params, site) {
    const cards = await wifiCards()
    if (!(await filesAreThere(files(params, site, cards), site))) return null
    const { network: wired, wifi } = params
    const address = wired.mode === 'dhcp' ? 'address from the router' : `address ${wired.address}`
    if (wifi === null) return address
    return cards.length === 0
      ? `${address}, no Wi-Fi card for ${wifi.name}: with the card in, run "sudo mediaserver apply"`
      : `${address}, Wi-Fi ${wifi.name}`
  },
  async apply(params, site) {
    await writeFiles(files(params, site, await wifiCards()), site)
    // Reads all files and says what is wrong with them, before a start without a network does.
    await site.run(['netplan', 'generate', ...(site.target === '' ? [] : ['--root-dir', site.target])])
    if (site.target === '') await site.run(['netplan', 'apply'])
  },
})
