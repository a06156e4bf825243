import type { Accel } from './options.ts'

// Translated instructions are some times slower than real ones; every deadline grows by this one factor.
const FACTORS: Readonly<Record<Accel, number>> = { kvm: 1, tcg: 6 }

/** By how much every deadline is stretched on this machine; MEDIASERVER_DEADLINE_FACTOR overrides it. */
export function deadlineFactor(accel: Accel, environment: NodeJS.ProcessEnv = process.env): number {
  const given = Number(environment['MEDIASERVER_DEADLINE_FACTOR'])
  return Number.isFinite(given) && given > 0 ? given : FACTORS[accel]
}

/** Tries until an attempt gives a value; after the deadline it gives undefined. */
export async function pollUntil<T>(
  milliseconds: number,
  attempt: () => T | undefined | Promise<T | undefined>,
  pause = 100,
): Promise<T | undefined> {
  const end = performance.now() + milliseconds
  for (;;) {
    const value = await attempt()
    if (value !== undefined) return value
    if (performance.now() >= end) return undefined
    await new Promise(resolve => setTimeout(resolve, pause))
  }
}
