import { type Asked, type Answered, jsonOf } from '../core/server.ts'
import { bind, type Failure, invalid, malformed } from '../core/validation.ts'
import type { ArrApp } from './app.ts'

/** A value of a field. */
export type Value = string | number | boolean | readonly number[] | null

/** One field of a kind of entry. */
export interface FieldSpec {
  readonly name: string
  readonly value: Value
  /** Shown as asterisks, and kept when asterisks are sent back. */
  readonly secret?: true
}

/** Values of an entry's fields. */
export type Values = Readonly<Record<string, Value>>

/** A kind of entry, for instance qBittorrent among the download clients. */
export interface ProviderType {
  readonly implementation: string
  readonly contract: string
  readonly fields: readonly FieldSpec[]
  /** Members that its template has besides those of the list. */
  readonly extra?: Record<string, unknown>
  readonly check: (values: Values) => Failure[]
  /** Tries the entry out. */
  readonly test: (values: Values) => Promise<Failure[]>
}

/** A list of entries of other programs. */
export interface ProviderList {
  /** Its address below the interface. */
  readonly list: string
  /** Members of an entry besides its fields, with their first values. */
  readonly shape: Record<string, unknown>
  readonly types: readonly ProviderType[]
  readonly isEnabled: (entry: StoredProvider) => boolean
  /** Called after every change of the list, with the entry unless it was removed. */
  readonly changed?: (entry: StoredProvider | null) => void
}

/** An entry as it is kept. */
export interface StoredProvider {
  readonly id: number
  readonly name: string
  readonly implementation: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly values: Values
}

const ASTERISKS = '********'

/** The entries of a list. */
export const entriesOf = (app: ArrApp, list: string): readonly StoredProvider[] => app.state.value.providers[list] ?? []

/** Adds a list of such entries with everything that its interface can do. */
export function addProviders(app: ArrApp, kind: ProviderList): void {
  const { list, shape, types } = kind
  const { state, spec } = app
  const typeOf = (implementation: string) => types.find(each => each.implementation === implementation)
  const shown = ({ id, name, implementation, settings, values }: StoredProvider) => {
    const type = typeOf(implementation)
    return {
      ...settings,
      id,
      name,
      implementation,
      implementationName: implementation,
      configContract: type?.contract ?? '',
      infoLink: '',
      fields: (type?.fields ?? []).map((field, order) => fieldOf(field, order, values[field.name] ?? null)),
    }
  }
  const template = (type: ProviderType) => ({
    ...shape,
    ...type.extra,
    name: '',
    implementation: type.implementation,
    implementationName: type.implementation,
    configContract: type.contract,
    infoLink: '',
    fields: type.fields.map((field, order) => fieldOf(field, order, field.value)),
    presets: [],
  })

  function read(asked: Asked, existing: StoredProvider | null): StoredProvider | Answered {
    const body = jsonOf(asked)
    const members = { ...shape, ...Object.assign({}, ...types.map(type => type.extra ?? {})) } as Record<
      string,
      unknown
    >
    const bound = bind(body, { name: '', implementation: '', configContract: '', ...members })
    if ('wrong' in bound) return malformed(bound.wrong, 'The JSON value could not be converted.')
    const { name, implementation, configContract, ...settings } = bound.value
    const failures: Failure[] = []
    const others = entriesOf(app, list).filter(each => each.id !== existing?.id)
    if (name === '') failures.push({ propertyName: 'Name', errorMessage: "'Name' must not be empty." })
    if (others.some(each => each.name.toLowerCase() === name.toLowerCase()))
      failures.push({ propertyName: 'Name', errorMessage: 'Should be unique' })
    if (implementation === '')
      failures.push({ propertyName: 'Implementation', errorMessage: "'Implementation' must not be empty." })
    if (configContract === '')
      failures.push({ propertyName: 'ConfigContract', errorMessage: "'Config Contract' must not be empty." })
    const { fields } = body as { fields?: unknown }
    if (!Array.isArray(fields)) failures.push({ propertyName: 'Fields', errorMessage: "'Fields' must not be empty." })
    if (failures.length > 0) return invalid(failures)
    const type = typeOf(implementation)
    if (type === undefined || type.contract !== configContract)
      return { status: 400, json: { message: `Unknown implementation ${implementation}` } }
    const given = fields as { name?: unknown; value?: unknown }[]
    const values: Record<string, Value> = {}
    for (const field of type.fields) {
      const found = given.find(each => each.name === field.name)
      const value = converted(found?.value, field)
      if (value === undefined) return malformed(`$.fields.${field.name}`, 'The JSON value could not be converted.')
      values[field.name] =
        field.secret === true && value === ASTERISKS && existing !== null ? (existing.values[field.name] ?? '') : value
    }
    return { id: existing?.id ?? 0, name, implementation, settings, values }
  }
  const isAnswer = (value: StoredProvider | Answered): value is Answered => 'status' in value

  async function failuresOf(entry: StoredProvider, withWarnings: boolean): Promise<Failure[]> {
    const type = typeOf(entry.implementation)
    const wrong = type?.check(entry.values) ?? []
    const failures = wrong.length > 0 ? wrong : ((await type?.test(entry.values)) ?? [])
    return withWarnings ? failures : failures.filter(failure => failure.isWarning !== true)
  }

  async function save(asked: Asked, existing: StoredProvider | null): Promise<Answered> {
    const entry = read(asked, existing)
    if (isAnswer(entry)) return entry
    const force = asked.query.get('forceSave')?.toLowerCase() === 'true'
    const differs = existing === null || JSON.stringify({ ...entry, id: 0 }) !== JSON.stringify({ ...existing, id: 0 })
    // A new one that is switched on is always tried out; one that is there only when it changes and nobody insists.
    const tried = kind.isEnabled(entry) && (existing === null || (!force && differs))
    const failures = tried
      ? await failuresOf(entry, !force)
      : kind.isEnabled(entry)
        ? (typeOf(entry.implementation)?.check(entry.values) ?? [])
        : []
    if (failures.length > 0) return invalid(failures)
    const kept = existing === null ? { ...entry, id: app.id() } : entry
    state.value.providers[list] = [...entriesOf(app, list).filter(each => each.id !== kept.id), kept].sort(
      (a, b) => a.id - b.id,
    )
    state.save()
    kind.changed?.(kept)
    return { status: existing === null ? 201 : 202, json: shown(kept) }
  }

  const base = `${spec.api}/${list}`
  const byId = (asked: Asked) => entriesOf(app, list).find(each => each.id === Number(asked.caught[0])) ?? null
  app.routes.push(
    {
      method: 'GET',
      path: new RegExp(`^${base}$`),
      answer: () => ({ status: 200, json: entriesOf(app, list).map(shown) }),
    },
    { method: 'GET', path: new RegExp(`^${base}/schema$`), answer: () => ({ status: 200, json: types.map(template) }) },
    {
      method: 'GET',
      path: new RegExp(`^${base}/(\\d+)$`),
      answer(asked) {
        const entry = byId(asked)
        return entry === null ? { status: 404, json: { message: 'NotFound' } } : { status: 200, json: shown(entry) }
      },
    },
    { method: 'POST', path: new RegExp(`^${base}$`), body: 'json', answer: async asked => await save(asked, null) },
    {
      method: 'POST',
      path: new RegExp(`^${base}/test$`),
      body: 'json',
      harmless: true,
      async answer(asked) {
        const { id } = (jsonOf(asked) ?? {}) as { id?: number }
        const entry = read(asked, entriesOf(app, list).find(each => each.id === id) ?? null)
        if (isAnswer(entry)) return entry
        const failures = await failuresOf(entry, true)
        return failures.length > 0 ? invalid(failures) : { status: 200, json: {} }
      },
    },
    {
      method: 'PUT',
      path: new RegExp(`^${base}/(\\d+)$`),
      body: 'json',
      async answer(asked) {
        const entry = byId(asked)
        return entry === null ? { status: 404, json: { message: 'NotFound' } } : await save(asked, entry)
      },
    },
    {
      method: 'DELETE',
      path: new RegExp(`^${base}/(\\d+)$`),
      answer(asked) {
        const entry = byId(asked)
        if (entry === null) return { status: 404, json: { message: 'NotFound' } }
        state.value.providers[list] = entriesOf(app, list).filter(each => each.id !== entry.id)
        state.save()
        kind.changed?.(null)
        return { status: 200, json: {} }
      },
    },
  )
}

const fieldOf = (field: FieldSpec, order: number, value: Value) => ({
  order,
  name: field.name,
  label: field.name,
  value: field.secret === true && value !== null && value !== '' ? ASTERISKS : value,
  type: typeof value === 'boolean' ? 'checkbox' : typeof value === 'number' ? 'number' : 'textbox',
  advanced: false,
  privacy: field.secret === true ? 'password' : 'normal',
})

/** A value in the type of its field; undefined for one that cannot be. What is missing has its first value. */
function converted(given: unknown, { value }: FieldSpec): Value | undefined {
  if (given === undefined) return value
  if (given === null) return typeof value === 'string' ? '' : value
  if (typeof value === 'number') {
    const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : given
    return typeof number === 'number' && Number.isFinite(number) ? number : undefined
  }
  if (Array.isArray(value))
    return Array.isArray(given) && given.every(each => Number.isInteger(each)) ? (given as number[]) : undefined
  if (typeof value === 'boolean') return typeof given === 'boolean' ? given : undefined
  return typeof given === 'string' ? given : typeof given === 'number' ? String(given) : undefined
}

/** A text of an entry. */
export const textOf = (values: Values, name: string): string => {
  const value = values[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
