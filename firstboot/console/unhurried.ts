/**
 * Gives a look that may be asked for as often as one likes: it is never taken twice at a time, and not before some
 * milliseconds after the last one came back. On a slow machine, each one of several consoles would else start programs
 * faster than they end. `now` is in milliseconds.
 */
export function unhurried(look: () => Promise<void>, pause: number, now: () => number = Date.now): () => void {
  let next = 0
  return () => {
    if (now() < next) return
    next = Number.POSITIVE_INFINITY
    const rest = () => {
      next = now() + pause
    }
    void look().then(rest, rest)
  }
}
