import type { View } from '../screens/frame.ts'
import type { Abilities } from '../terminal/abilities.ts'
import type { Key } from '../terminal/keys.ts'

/** What a console shows for a while: the questions, the progress, or the state of the machine. */
export interface Scene {
  /** Exactly as many lines as the terminal has rows. */
  view(abilities: Abilities): View
  /** The person asked for a plain screen. */
  plain(): boolean
  /** Keys that were pressed, oldest first; the stage shows what came of them. */
  keys(keys: readonly Key[], view: View): void
  /** This console goes: keep what must not be lost. It may take no time. */
  leave(): void
}

/** What a console shows when nothing is being applied. */
export interface HomeScene extends Scene {
  /** The answers that were applied did not work out, and shall be changed. */
  edit(): void
}

/** What a scene may ask of its console. */
export interface Stage {
  /** The name of the console, as in `tty1`. */
  readonly name: string
  /** Shows what the scene looks like now. */
  show(): void
  /** The same, painted in full. */
  redraw(): void
  /** Lets a program have the terminal until it ends; gives its exit code, or null when it could not be started. */
  give(program: string, args: readonly string[], words: string): Promise<number | null>
  /** True while a program has the terminal. */
  away(): boolean
  /** Something else may have written over a virtual console, or changed its size. */
  distrust(): void
  /** Puts another scene on this console. */
  change(scene: Scene): void
  /** Leaves, where there is something to go back to. */
  quit(): void
}
