const UNITS: Readonly<Record<string, number>> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }

/** Bytes of a size as the recipe writes it, for instance `512MiB`. */
export function parseSize(text: string): number {
  const match = /^([1-9][0-9]*)(KiB|MiB|GiB)$/.exec(text)
  if (match === null) throw new TypeError(`not a size: ${text}`)
  return Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1)
}
