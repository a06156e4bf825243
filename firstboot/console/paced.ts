/** How a painter is held back; `now` is in milliseconds, `cpu` in milliseconds of the processor that this program used. */
export interface Pace {
  /** The part of one processor that painting may take. */
  readonly share: number
  /** What is new is shown after so many milliseconds at the latest, whatever it costs. */
  readonly latest: number
  readonly now: () => number
  readonly cpu: () => number
}

const usual: Pace = {
  share: 0.05,
  latest: 5000,
  now: () => performance.now(),
  cpu: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
}

/**
 * Gives a way to ask for a painting that rests after each one in proportion to what the last one cost: news of a set-up come
 * several times a second to each console, and on a slow machine painting them all took more of it than the set-up. On a
 * usual one, nothing is held back.
 */
export function paced(paint: () => void, { share, latest, now, cpu }: Pace = usual): () => void {
  let painted = { at: now(), cpu: cpu() }
  let waiting = false
  const begin = () => {
    waiting = false
    painted = { at: now(), cpu: cpu() }
    paint()
  }
  return () => {
    if (waiting) return
    const rest = Math.min(latest, (cpu() - painted.cpu) / share) - (now() - painted.at)
    if (rest <= 0) {
      begin()
      return
    }
    waiting = true
    setTimeout(begin, rest)
  }
}
