import type { Machine } from './machine.ts'

/** What only the first screen shows: the product's name together with its line of keys. */
export const FIRST_SCREEN = /Media Server[\s\S]*\bF10\b/

// Nothing on it says any more that it is being looked for, and the medium that the machine was started from is named.
const EVERYTHING = /^(?![\s\S]*\blooking (?:for|at)\b)[\s\S]*you started from this\b/

/** From power-on to the first screen, on real hardware with a slow stick. */
export const FIRST_SCREEN_SECONDS = 60

/** Waits for the first screen on hvc0 and gives it as text. */
export const waitForFirstScreen = (machine: Machine): Promise<string> =>
  machine.waitForText(FIRST_SCREEN, FIRST_SCREEN_SECONDS)

/** Waits until the first screen has everything on it: it is painted before disks and network are known. Gives it as text. */
export const waitForFacts = (machine: Machine): Promise<string> => machine.waitForText(EVERYTHING, 30)
