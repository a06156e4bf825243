import { createHash } from 'node:crypto'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

// Equal values have equal texts, whatever order they were written in.
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

/** sha256 over a JSON value, in lower-case hexadecimal; the order of its keys does not matter. */
export const hashOf = (value: unknown): string => sha256(canonicalJson(value))

/** A GUID that depends on nothing but the seed, in the form of RFC 9562 version 8 (custom). */
export function guidFrom(seed: string): string {
  const hex = sha256(seed)
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
