import { pollUntil } from './deadlines.ts'
import type { Machine } from './machine.ts'
import { measurePaint, type Paint, type Picture } from './picture.ts'

/** A screen of text has at least this many painted pixels; a lone cursor or a single line has far fewer. */
export const PAINTED_PIXELS = 4000

/** Waits until tty1 shows a screen of text, saves it as PNG, and says how much is painted. */
export async function savePaintedScreen(machine: Machine, path: string, deadlineSeconds = 10): Promise<Paint> {
  const good = (picture: Picture) => measurePaint(picture).paintedPixels >= PAINTED_PIXELS
  const painted = async () => {
    const picture = await machine.picture()
    return good(picture) ? picture : undefined
  }
  await pollUntil(deadlineSeconds * 1000, painted, 500)
  return measurePaint(await machine.screendump(path))
}
