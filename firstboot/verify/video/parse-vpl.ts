/** How many implementations of Quick Sync `vpl-inspect` found; it ends with 0 even when there is none. Null: it says neither. */
export function parseVpl(text: string): number | null {
  if (/no implementations found/i.test(text)) return 0
  const found = text.match(/^Implementation #\d+:/gm)?.length ?? 0
  return found === 0 ? null : found
}
