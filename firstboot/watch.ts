import type { KnownSoFar, Machine } from './machine.ts'
import type { Root } from './root.ts'

/** How long to wait before each look, in milliseconds; the last one repeats. Disks and addresses come late at boot. */
export const lookDelays = [0, 1500, 3000, 5000] as const

/** Looks at the machine again and again. While `paused()` nothing is started. Facts are reported as they come. */
export function watchMachine(root: Root, paused: () => boolean, onKnown: (part: KnownSoFar) => void): void {
  let looks = 0
  const look = async () => {
    if (!paused()) {
      const { probeMachine } = await import('./probe/machine.ts')
      // Later looks report as a whole, so that nothing flickers.
      const machine: Machine = await probeMachine(root, looks === 0 ? onKnown : undefined)
      if (looks > 0) onKnown(machine)
      looks++
    }
    setTimeout(() => void look(), lookDelays[Math.min(Math.max(1, looks), lookDelays.length - 1)]).unref()
  }
  void look()
}
