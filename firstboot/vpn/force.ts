import { readFile } from 'node:fs/promises'
import * as z from 'zod/mini'
import type { Site } from '../changes/change.ts'
import { filesAreThere, type OwnFile, writeFiles } from '../changes/files.ts'
import type { Catalogue } from '../stack/catalogue.ts'
import { cataloguePath } from '../stack/catalogue.ts'
import { parseCatalogue } from '../stack/parse-catalogue.ts'
import { alone } from './alone.ts'
import {
  type KillSwitch,
  killSwitchPath,
  networksId,
  renderEndpoints,
  renderKillSwitch,
  ruleCount,
  rulesId,
} from './kill-switch.ts'
import { parseLocalNetworks } from './local-networks.ts'
import {
  parseSettings,
  renderSettings,
  renderTunnel,
  tunnelPath,
  type VpnSettings,
  vpnSettingsPath,
} from './settings.ts'

/** The settings of the tunnel; null when there are none, or only damaged ones. */
export async function readSettings(site: Site): Promise<VpnSettings | null> {
  const text = await readFile(site.path(vpnSettingsPath), 'utf8').catch(() => null)
  return text === null ? null : parseSettings(text)
}

/** The files of the tunnel, which hold its key. */
export const settingsFiles = (settings: VpnSettings): OwnFile[] => [
  { path: vpnSettingsPath, text: renderSettings(settings), mode: 0o600 },
  { path: tunnelPath, text: renderTunnel(settings), mode: 0o600 },
]

/** Ports that only the local network may reach, of every service there is. Pure. */
export const lanPortsOf = (catalogue: Catalogue): number[] =>
  [
    ...new Set(catalogue.flatMap(({ ports }) => ports.filter(({ reach }) => reach === 'lan').map(({ port }) => port))),
  ].sort((a, b) => a - b)

async function localNetworks(site: Site): Promise<string[]> {
  const families = ['-4', '-6'].map(async family =>
    parseLocalNetworks(await site.run(['ip', '-json', family, 'route', 'show'])),
  )
  return (await Promise.all(families)).flat()
}

/** What the kill switch of this machine has to be right now. */
export async function wantedKillSwitch(site: Site): Promise<KillSwitch> {
  const catalogue = parseCatalogue(await readFile(site.path(cataloguePath), 'utf8'))
  const settings = site.answers.vpn === null ? null : await readSettings(site)
  return {
    endpoints: settings === null ? [] : [settings.server.station],
    lanPorts: lanPortsOf(catalogue),
    connected: await localNetworks(site),
  }
}

const fileOf = (wanted: KillSwitch): OwnFile => ({ path: killSwitchPath, text: renderKillSwitch(wanted) })

// What nft(8) prints with -j, see libnftables-json(5).
const Table = z.object({
  nftables: z.array(
    z.looseObject({
      chain: z.optional(z.looseObject({ name: z.string() })),
      set: z.optional(z.looseObject({ name: z.string(), elem: z.optional(z.array(z.unknown())) })),
      rule: z.optional(z.unknown()),
    }),
  ),
})

/** What of the kill switch the kernel has. */
export interface InForce {
  /** Which rules it was loaded with, as `rulesId` names them, and how many there are now. */
  readonly rules: string
  readonly count: number
  /** Which networks it was made for, as `networksId` names them; empty when it does not say. */
  readonly networks: string
  readonly endpoints: readonly string[]
}

/** What of the kill switch the kernel has, from `nft -j list table`; null when it has none. Pure. */
export function parseInForce(text: string): InForce | null {
  const { nftables } = Table.parse(JSON.parse(text))
  const rules = nftables.find(({ chain }) => chain?.name.startsWith('rules_'))?.chain?.name
  const networks = nftables.find(({ chain }) => chain?.name.startsWith('networks_'))?.chain?.name ?? ''
  const elements = nftables.find(({ set }) => set?.name === 'endpoints')?.set?.elem ?? []
  const endpoints = elements.filter(element => typeof element === 'string')
  const count = nftables.filter(({ rule }) => rule !== undefined).length
  return rules === undefined ? null : { rules, count, networks, endpoints }
}

/**
 * What is wrong with the kill switch in the kernel, from the mildest to the worst: nothing, only the networks that count as
 * local, its servers, or all of it.
 */
export type Fault = 'none' | 'networks' | 'endpoints' | 'all'

/** What is wrong with the kill switch in the kernel. */
export async function faultInForce(wanted: KillSwitch, site: Site): Promise<Fault> {
  const { code, stdout } = await site.attempt(['nft', '-j', 'list', 'table', 'inet', 'mediaserver'])
  const found = code === 0 ? parseInForce(stdout) : null
  // The name stays when somebody flushes the rules, or puts one in that lets something out.
  if (found?.rules !== rulesId(wanted) || found.count !== ruleCount(wanted)) return 'all'
  if (found.endpoints.join() !== wanted.endpoints.join()) return 'endpoints'
  return found.networks === networksId(wanted) ? 'none' : 'networks'
}

/** The kill switch that has to be, if it is in force and will be when the machine starts again; else null. */
export async function killSwitchInForce(site: Site): Promise<KillSwitch | null> {
  return await alone(site, async () => {
    const wanted = await wantedKillSwitch(site)
    const kept = await filesAreThere([fileOf(wanted)], site)
    return kept && (await faultInForce(wanted, site)) === 'none' ? wanted : null
  })
}

/**
 * Puts the kill switch in force: first for the next start, then now. Where only its servers differ, its counters go on. Gives
 * what was wrong with it.
 */
export async function putInForce(site: Site): Promise<Fault> {
  return await alone(site, async () => await enforce(await wantedKillSwitch(site), site))
}

/** Tells the kill switch which networks this machine is in now, if that is all that it lacks. Gives whether it did. */
export async function renewNetworks(site: Site): Promise<boolean> {
  return await alone(site, async () => {
    const wanted = await wantedKillSwitch(site)
    if ((await faultInForce(wanted, site)) !== 'networks') return false
    await enforce(wanted, site)
    return true
  })
}

async function enforce(wanted: KillSwitch, site: Site): Promise<Fault> {
  await writeFiles([fileOf(wanted)], site)
  const found = await faultInForce(wanted, site)
  if (found === 'endpoints') await site.run(['nft', '-f', '-'], { input: renderEndpoints(wanted.endpoints) })
  const left = found === 'endpoints' ? await faultInForce(wanted, site) : found
  // One transaction: it takes the place of the one before, and at no moment is there none.
  if (left !== 'none') await site.run(['nft', '-f', site.path(killSwitchPath)])
  return found
}

/**
 * Leads the tunnel to other settings: they are kept, and the kill switch lets the new server pass; the container is told by
 * `leadTo`. With `instead`, only if those are still the present ones: whoever has changed them meanwhile knows better.
 * Gives whether it was done.
 */
export async function useSettings(settings: VpnSettings, site: Site, instead?: VpnSettings): Promise<boolean> {
  return await alone(site, async () => {
    if (instead !== undefined) {
      const present = await readSettings(site)
      if (present === null || renderSettings(present) !== renderSettings(instead)) return false
    }
    await writeFiles(settingsFiles(settings), site)
    await enforce(await wantedKillSwitch(site), site)
    return true
  })
}
