import * as z from 'zod/mini'

// What ddns-updater keeps in `updates.json` (internal/persistence/json/models.go of qdm12/ddns-updater).
const Updates = z.object({
  records: z.nullable(
    z.array(
      z.object({
        domain: z.string(),
        owner: z.optional(z.string()),
        host: z.optional(z.string()),
        ips: z.nullable(z.array(z.object({ ip: z.string(), time: z.string() }))),
      }),
    ),
  ),
})

/** What a provider was told last about a name. */
export interface Told {
  readonly name: string
  readonly address: string
  /** Unix milliseconds. */
  readonly at: number
}

/** What was told last, of each name; null for a text that is something else. Pure. */
export function parseUpdates(text: string): Told[] | null {
  const { success, data } = Updates.safeParse(parsed(text))
  if (!success) return null
  return (data.records ?? []).flatMap(({ domain, owner, host, ips }) => {
    const last = ips?.at(-1)
    const at = Date.parse(last?.time ?? '')
    if (last === undefined || Number.isNaN(at)) return []
    const below = owner || host || '@'
    return [{ name: below === '@' ? domain : `${below}.${domain}`, address: last.ip, at }]
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
