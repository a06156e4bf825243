import { deadlineFactor, pollUntil } from './deadlines.ts'
import type { Machine } from './machine.ts'
import { measurePaint, type Paint } from './picture.ts'

/** A screen of text has at least this many painted pixels; a lone cursor or a single line has far fewer. */
export const PAINTED_PIXELS = 4000

/** A screen that has everything on it is painted down to here at least, as a part of the whole height. */
export const PAINTED_HEIGHT = 0.4

/**
 * Waits until tty1 shows a screen of text, saves it as PNG, and says how much is painted. The deadline is for real hardware.
 * A kernel that finds its graphics late clears the screen once more, so what is judged is the very picture that is saved.
 */
export async function savePaintedScreen(machine: Machine, path: string, deadlineSeconds = 10): Promise<Paint> {
  const painted = async () => {
    const paint = measurePaint(await machine.screendump(path))
    return paint.paintedPixels >= PAINTED_PIXELS && paint.paintedHeight >= PAINTED_HEIGHT ? paint : undefined
  }
  const found = await pollUntil(deadlineSeconds * 1000 * deadlineFactor(machine.accel), painted, 500)
  return found ?? measurePaint(await machine.screendump(path))
}
