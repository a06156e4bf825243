import { waitForFacts, waitForFirstScreen } from './first-screen.ts'
import { Machine } from './machine.ts'
import type { MachineOptions } from './options.ts'

/** Leaves the machine, as telnet does: Ctrl and ]. */
export const LEAVE = 0x1d

const DISKS = [
  { kind: 'nvme', serial: 'NVME0001', sizeGiB: 128 },
  { kind: 'hdd', serial: 'HDD0001', sizeGiB: 512 },
] as const

const demoOptions = (image: string): MachineOptions => ({
  firmware: 'uefi',
  image,
  disks: DISKS,
  network: 'restricted',
})

/** Connects the user's terminal with the console of a machine, until it is switched off or the user leaves with Ctrl-]. */
export async function runInteractive(image: string, options: Partial<MachineOptions> = {}): Promise<void> {
  await using machine = await Machine.start({ ...demoOptions(image), ...options })
  const { stdin, stdout } = process
  stdout.write(`Starting the machine (${machine.accel}). Ctrl-] leaves it and switches it off.\r\n`)
  const left = Promise.withResolvers<void>()
  const type = (bytes: Buffer) => {
    if (bytes.includes(LEAVE)) left.resolve()
    else machine.console.write(bytes)
  }
  machine.console.on('data', (bytes: Buffer) => stdout.write(bytes))
  if (stdin.isTTY) stdin.setRawMode(true)
  stdin.on('data', type)
  try {
    await Promise.race([left.promise, machine.whenOff()])
  } finally {
    stdin.off('data', type)
    stdin.pause()
    if (stdin.isTTY) stdin.setRawMode(false)
    // Whatever the guest left switched on: colours off, cursor shown, main screen, plain keys.
    stdout.write('\x1b[0m\x1b[?25h\x1b[?1049l\x1b[?2004l\r\nThe machine is off.\r\n')
  }
}

/** What `checkFirstScreen` saw. */
export interface FirstScreenCheck {
  readonly seconds: number
  readonly screen: string
}

/** Boots an image and waits for its first screen, for people and scripts without a terminal; prints what it saw. */
export async function checkFirstScreen(
  image: string,
  print: (line: string) => void = line => void process.stdout.write(`${line}\n`),
): Promise<FirstScreenCheck> {
  await using machine = await Machine.start(demoOptions(image))
  await waitForFirstScreen(machine)
  const seconds = machine.seconds()
  const screen = await waitForFacts(machine)
  print(`The first screen came ${seconds.toFixed(1)} s after power-on (${machine.accel}):`)
  print(screen)
  return { seconds, screen }
}
