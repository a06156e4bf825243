import type { ChangeProgress } from '../progress/reduce.ts'
import { diskSize } from './words.ts'

/** A time that has passed, as in `3:12` or `1:03:12`. */
export function clock(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

/** How long it will still take, roughly; empty when nobody knows. */
export function leftWords(seconds: number | null): string {
  if (seconds === null) return ''
  if (seconds < 60) return 'under 1 min left'
  if (seconds < 90 * 60) return `about ${Math.round(seconds / 60)} min left`
  return `about ${Math.round(seconds / 3600)} h left`
}

// No plan counts that many pieces, and no file worth counting is that small.
const leastBytes = 100_000

/** How much of a change is there, as in `412 MB of 690 MB` or `6 of 9`; empty where nobody counts. */
export function amountWords({ done, total }: Pick<ChangeProgress, 'done' | 'total'>): string {
  if (done === null || total === null) return ''
  return total < leastBytes ? `${done} of ${total}` : `${diskSize(done)} of ${diskSize(total)}`
}

/** What is set up, as the title of the screen. */
export const modeWords = (mode: string): string => (mode === 'install' ? 'Installing' : 'Setting up')
