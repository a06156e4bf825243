import type { Manifest } from '../manifest.ts'
import { countdownScreen, reduceCountdown } from '../screens/countdown.ts'
import { asPlain } from '../terminal/abilities.ts'
import type { Scene, Stage } from './scene.ts'
import { shellWords } from './words.ts'

/** The time in which somebody can still stop what the answers on the stick begin. */
export function countdownScene(
  stage: Stage,
  countdown: { manifest: Manifest; until: number; plan: readonly string[]; cancel: () => void },
): Scene {
  let plain = false
  const { manifest, until, plan, cancel } = countdown
  return {
    view: abilities => ({
      lines: countdownScreen({
        manifest,
        abilities: plain ? asPlain(abilities) : abilities,
        plan,
        secondsLeft: Math.max(0, Math.ceil((until - Date.now()) / 1000)),
      }),
      cursor: null,
      range: { least: 0, most: 0 },
    }),
    plain: () => plain,
    keys(keys) {
      for (const key of keys) {
        switch (reduceCountdown(key)) {
          case 'shell':
            // Who looks around wants to decide, too.
            cancel()
            void stage.give('/bin/bash', ['--login'], shellWords)
            break
          case 'redraw':
            stage.redraw()
            break
          case 'plain':
            plain = !plain
            stage.redraw()
            break
          case 'quit':
          case 'cancel':
            cancel()
        }
      }
    },
    leave: () => {},
  }
}
