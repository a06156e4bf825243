import { pollUntil } from '../../builder/qemu/deadlines.ts'
import type { Key } from '../../builder/qemu/keys.ts'
import type { Machine } from '../../builder/qemu/machine.ts'

/** Presses a key on hvc0, and gives the milliseconds until the screen shows it; throws when it never does. */
export async function untilShown(machine: Machine, key: Key, shows: (screen: string) => boolean): Promise<number> {
  const pressed = performance.now()
  machine.press(key)
  const shown = await pollUntil(10_000, () => (shows(machine.screenText()) ? performance.now() : undefined), 5)
  if (shown === undefined) throw new Error(`The key ${key} did nothing. The screen shows:\n${machine.screenText()}`)
  return shown - pressed
}
