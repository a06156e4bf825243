import type { Look, Wires } from './link.ts'
import type { ServiceName } from './services.ts'
import { type Settings, settle } from './settle.ts'

/**
 * Compares settings that lie on one page of Sonarr, Radarr or Prowlarr, and are written back whole under their number.
 * `besides` is sent along and never compared.
 */
export async function lookAtPage(
  wires: Wires,
  service: ServiceName,
  page: string,
  wanted: Settings,
  besides: (write: Settings) => Settings = () => ({}),
): Promise<Look> {
  const api = wires.api(service)
  const found = await api.get<Record<string, unknown> & { readonly id?: number }>(page)
  const prefix = `${service}/${page.split('/').slice(3).join('/')}`
  // What a version does not have cannot be set.
  const known = Object.fromEntries(Object.entries(wanted).filter(([name]) => Object.hasOwn(found, name)))
  const { write, theirs, wrote } = settle(prefix, known, found, wires.memory)
  if (Object.keys(write).length === 0) return { writes: [], theirs }
  const send = async () => {
    await api.send('PUT', `${page}/${found.id ?? 1}`, { json: { ...found, ...write, ...besides(write) } })
    wrote()
  }
  return { writes: [{ send }], theirs }
}
