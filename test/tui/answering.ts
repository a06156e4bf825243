import { publicKey, token } from '../unit/wizard/wizard.ts'
import type { Seen } from './terminal.ts'

/** Types, and waits for what shows that it was taken. */
export const enter = async (screen: Seen, keys: string, until: string | RegExp): Promise<void> => {
  screen.type(keys)
  await screen.until(until)
}

/** From the welcome of the machine `n100-films` to the question about the VPN. */
export async function toVpn(screen: Seen): Promise<void> {
  await enter(screen, '\r', '1 of 10')
  await enter(screen, '\r\r', /Time zone +_/)
  await enter(screen, 'berlin\r', '2 of 10')
  await enter(screen, '\r\r', '3 of 10')
  await enter(screen, ' ', '(*)')
  await enter(screen, '\r', '4 of 10')
  await enter(screen, '\r', '5 of 10')
  await enter(screen, '\r', /> Your user/)
  await enter(screen, '\x15anna\r', '6 of 10')
  await enter(screen, `${publicKey}\r`, 'These may log in (1 key')
  await enter(screen, '\r\r', '7 of 10')
}

/** The same to the last question before the start. */
export async function toAgree(screen: Seen): Promise<void> {
  await toVpn(screen)
  await enter(screen, '\r', /> Token/)
  await enter(screen, token, '64 characters')
  await enter(screen, '\r', /> Country/)
  await enter(screen, '\r', '8 of 10')
  await enter(screen, '\r', '9 of 10')
  await enter(screen, '\r', '10 of 10')
  await enter(screen, '\r', '> This is right: go on')
  await enter(screen, '\r', '[ERASE]  Samsung')
}
