import { readFile } from 'node:fs/promises'
import { deadlineFactor, pollUntil } from '../../builder/qemu/deadlines.ts'
import type { Machine } from '../../builder/qemu/machine.ts'

/** From power-on to GRUB's menu, on real hardware. */
const MENU_SECONDS = 20

/**
 * Chooses the last entry of GRUB's menu, as a person does with the arrow and Enter. Firmware of the UEFI kind says on its
 * serial port what GRUB shows; throws when the entry is not seen there.
 */
export async function chooseLastInMenu(machine: Machine, serialLog: string, entry: string): Promise<void> {
  const shown = async () => (await readFile(serialLog, 'latin1').catch(() => '')).includes(entry) || undefined
  if ((await pollUntil(MENU_SECONDS * 1000 * deadlineFactor(machine.accel), shown)) === undefined)
    throw new Error(`GRUB's menu did not show "${entry}".`)
  // The first key stops the countdown, and the last entry is as far down as it goes.
  await machine.pressOnKeyboard('down')
  await machine.pressOnKeyboard('down')
  await machine.pressOnKeyboard('enter')
}
