/** How many implementations of Quick Sync `vpl-inspect` found, or null; its exit code is 0 even without any. */
export function parseVpl(text: string): number | null {
  if (/no implementations found/i.test(text)) return 0
  const found = text.match(/^Implementation #\d+:/gm)?.length ?? 0
  return found === 0 ? null : found
}
