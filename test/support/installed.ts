import { deadlineFactor, pollUntil } from '../../builder/qemu/deadlines.ts'
import type { Machine } from '../../builder/qemu/machine.ts'
import type { SshLogin } from './ssh.ts'

/** From power-on to power-off, on real hardware: start, countdown, copy, compare, and the time to read the last screen. */
export const INSTALL_SECONDS = 420

/** From the start of an installed machine to the first login by SSH, on real hardware. */
const LOGIN_SECONDS = 90

/** Waits until somebody can log in by key; throws with what SSH said last and what the screen shows. */
export async function waitForLogin(
  machine: Machine,
  login: SshLogin,
  user: string,
  seconds = LOGIN_SECONDS,
): Promise<void> {
  let last = ''
  const came = await pollUntil(
    seconds * 1000 * deadlineFactor(machine.accel),
    async () => {
      const { exitCode, error } = await login.as(user, 'true')
      last = error
      return exitCode === 0 ? true : undefined
    },
    2000,
  )
  if (came !== true) throw new Error(`Nobody could log in: ${last}\nThe screen shows:\n${machine.screenText()}`)
}
