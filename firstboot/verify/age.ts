const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

// It is made every hour; somewhat more than two of them have been left out when it is older.
const STALE_MILLISECONDS = 2.5 * hour

const several = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'} ago`

/** How long ago something was, in words; times are Unix milliseconds. */
export function ageWords(at: number, now: number): string {
  const age = now - at
  // A clock is set right when the network comes, and that may be backwards.
  if (age < -minute) return 'at a time that is still to come (the clock was changed)'
  if (age < minute) return 'just now'
  if (age < 2 * hour) return several(Math.floor(age / minute), 'minute')
  if (age < 2 * day) return several(Math.floor(age / hour), 'hour')
  return several(Math.floor(age / day), 'day')
}

/** Whether a verification is so old that the hourly one cannot have run. */
export const isStale = (at: number, now: number): boolean => now - at > STALE_MILLISECONDS || at - now > minute
