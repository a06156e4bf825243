// 64 MiB: more than the caches of a usual processor hold, and less than any computer has.
const BITS = 24
const STEPS = 300_000
/** What one access to main memory takes on a usual computer. */
const USUAL_NANOSECONDS = 110

/** Nanoseconds for each of many accesses, all over a table, none of which can begin before the one before it has ended. */
function walk(table: Uint32Array, from: number): number {
  let at = from
  const started = performance.now()
  for (let step = 0; step < STEPS; step++)
    at = (Math.imul(at, 1_664_525) + 1_013_904_223 + (table[at >>> (32 - BITS)] ?? 0)) | 0
  return ((performance.now() - started) / STEPS) * 1e6
}

/**
 * How many times as long as usual this computer takes to reach its memory, which is what an emulator waits for most of
 * the time; at least 1. Measured here and now, in a second.
 */
export function slowness(): number {
  const table = new Uint32Array(1 << BITS).fill(2)
  const best = Math.min(...Array.from({ length: 5 }, (_, turn) => walk(table, turn + 1)))
  return Math.max(1, best / USUAL_NANOSECONDS)
}
