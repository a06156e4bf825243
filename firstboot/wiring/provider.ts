import type { Secret } from '../answers/secret.ts'
import type { Look, Wires } from './link.ts'
import type { ServiceName } from './services.ts'
import { rememberSeen, rememberWritten, type Settings, settle } from './settle.ts'
import { Trouble } from './trouble.ts'

interface Field {
  readonly name: string
  readonly value?: unknown
}

interface Resource extends Record<string, unknown> {
  readonly id?: number
  readonly name?: string
  readonly implementation: string
  readonly fields: readonly Field[]
}

/** An entry that Sonarr, Radarr or Prowlarr has of another program: a download client, an application, a notification. */
export interface Provider {
  readonly service: ServiceName
  /** Address of the list, as in `/api/v3/downloadclient`. */
  readonly list: string
  readonly name: string
  readonly implementation: string
  /** Members of the entry itself. */
  readonly settings: Settings
  /** Its own fields; the name's case does not matter, because it differs between versions. */
  readonly fields: Readonly<Record<string, string | number | boolean | readonly number[] | Secret>>
  /** Members that it only begins with. */
  readonly first: (wires: Wires) => Promise<Settings>
}

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/**
 * Compares such an entry. One that is not there is made from the program's own template, unless it was there before: then
 * a person has removed it.
 */
export async function lookAtProvider(provider: Provider, wires: Wires): Promise<Look> {
  const { service, list, name, implementation } = provider
  const { memory } = wires
  const api = wires.api(service)
  const prefix = `${service}/${list.split('/').at(-1) ?? ''}/${name}`
  const entries = await api.get<readonly Resource[]>(list)
  const candidates = entries.filter(each => each.implementation === implementation)
  const found = candidates.find(each => each.name === name) ?? (candidates.length === 1 ? candidates[0] : undefined)
  if (found === undefined) {
    if (memory.get(`${prefix}/there`) !== undefined) return { writes: [], theirs: ['removed'] }
    return { writes: [{ send: async () => await create(provider, prefix, wires) }], theirs: [] }
  }
  rememberSeen(prefix, { there: true }, memory)
  const values = Object.fromEntries(
    Object.keys(provider.fields).map(wanted => [
      wanted,
      found.fields.find(field => sameName(field.name, wanted))?.value,
    ]),
  )
  // A version that does not have a field has nothing to be compared.
  const known = Object.fromEntries(
    Object.entries(provider.fields).filter(([wanted]) => found.fields.some(field => sameName(field.name, wanted))),
  )
  const settings = settle(prefix, provider.settings, found, memory)
  const fields = settle(`${prefix}/fields`, known, values, memory)
  const theirs = [...settings.theirs, ...fields.theirs]
  if (Object.keys(settings.write).length + Object.keys(fields.write).length === 0) return { writes: [], theirs }
  const changed = { ...found, ...settings.write, fields: filled(found.fields, fields.write) }
  const send = async () => {
    await api.send('PUT', `${list}/${found.id}`, { json: changed })
    settings.wrote()
    fields.wrote()
  }
  return { writes: [{ send }], theirs }
}

const filled = (fields: readonly Field[], values: Settings): Field[] =>
  fields.map(field => {
    const given = Object.entries(values).find(([name]) => sameName(name, field.name))
    return given === undefined ? field : { ...field, value: given[1] }
  })

async function create(provider: Provider, prefix: string, wires: Wires): Promise<void> {
  const { service, list, name, implementation, settings, fields } = provider
  const api = wires.api(service)
  const templates = await api.get<readonly Resource[]>(`${list}/schema`)
  const template = templates.find(each => each.implementation === implementation)
  if (template === undefined)
    throw new Trouble(`${wires.stack.places[service].title} does not know what ${implementation} is.`, false)
  const first = await provider.first(wires)
  const { id: _, presets: __, ...rest } = template
  await api.send('POST', list, {
    json: { ...rest, name, ...settings, ...first, fields: filled(template.fields, fields) },
  })
  rememberWritten(prefix, settings, wires.memory)
  rememberSeen(prefix, first, wires.memory)
  rememberWritten(`${prefix}/fields`, fields, wires.memory)
}
