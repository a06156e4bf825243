/** What a start is judged by: how much the guest has said on hvc0 so far, and a clock in seconds. */
export interface StartSigns {
  readonly heard: () => number
  readonly seconds: () => number
}

// From power-on to the first sign on hvc0 it takes less than a minute here; this is far beyond any load that was seen.
const SILENT_SECONDS = 240

/**
 * Knows when a start has come to nothing. Seen once in some forty starts, with QEMU 7.2 and two translated processors: in the
 * first seconds of the kernel one processor span, the other one slept, and QEMU's own loop was busy; nothing came any more.
 * Why was not found out, so it is no excuse for the image: the driver presses the reset button once for each start and says
 * so, and whoever reads that line more often than this has something to look for.
 */
export class StartWatch {
  readonly #signs: StartSigns
  #since: number
  #before: number
  #used = false

  constructor(signs: StartSigns) {
    this.#signs = signs
    this.#since = signs.seconds()
    this.#before = signs.heard()
  }

  /** The guest starts anew, by itself or because it was reset. */
  started(): void {
    this.#used = this.#isSilent() && this.#used
    this.#since = this.#signs.seconds()
    this.#before = this.#signs.heard()
  }

  /** Whether the reset button should be pressed now; true once for each start that says nothing. */
  isLost(): boolean {
    if (this.#used || !this.#isSilent() || this.#signs.seconds() - this.#since < SILENT_SECONDS) return false
    this.#used = true
    return true
  }

  #isSilent(): boolean {
    return this.#signs.heard() === this.#before
  }
}
