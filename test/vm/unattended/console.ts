import { expect } from 'vitest'
import { evidenceFolder } from '../../../builder/qemu/evidence.ts'
import { savePaintedScreen } from '../../../builder/qemu/screenshot.ts'
import { type Box, NAME } from './box.ts'

/** What somebody sees who stands before the machine. */
export function provesConsole(box: Box): void {
  /** Leafs through a text that is longer than the screen, until something is in sight. */
  const leafTo = async (wanted: RegExp) => {
    for (let leaf = 0; leaf < 4; leaf++) {
      if (await box.machine.waitForText(wanted, 2).catch(() => null)) return
      box.machine.press('pagedown')
    }
    await box.machine.waitForText(wanted, 60)
  }

  box.proves('the console shows how the machine is, and a key leads to a login', async () => {
    await box.machine.waitForText(/filmbox\.local[\s\S]*Log in/, 60)
    const paint = await savePaintedScreen(box.machine, `${evidenceFolder(NAME)}/status.png`)
    expect(paint.paintedPixels).toBeGreaterThan(0)
    for (const known of [/\/data is ready/, /running[: ][\s\S]*SSH/]) await leafTo(known)
    const kept: Record<string, { password: string } | undefined> = JSON.parse(
      await box.as('sudo mediaserver credentials --json'),
    )
    box.machine.typeText('l')
    await box.machine.waitForText(/Password:/, 20)
    box.machine.typeText(`${kept['console']?.password}\r`)
    await box.machine.waitForText(/anna@filmbox/, 30)
    box.machine.typeText('exit\r')
    await box.machine.waitForText(/Log in/, 20)
  })
}
