import { waitForFirstScreen } from './first-screen.ts'
import { Machine } from './machine.ts'
import type { Accel, Firmware } from './options.ts'

/** How long a boot took, by two clocks. */
export interface BootTime {
  readonly accel: Accel
  readonly firmware: Firmware
  /** From power-on to the first screen, by this computer's clock: firmware, GRUB and loading included. */
  readonly powerOnToFirstScreen: number
  /** From the kernel's start to the first screen. */
  readonly kernelToFirstScreen: number
  /** From the moment the unit of the screen is started to the first screen. */
  readonly unitToFirstScreen: number
  /** From the kernel's start until systemd ran in the real root, by systemd's clock; undefined when it does not say. */
  readonly kernelToUserspace: number | undefined
}

/** The guest's uptime at an earlier moment of this computer's clock. Pure. */
export function uptimeAt(
  moment: number,
  sample: { readonly uptime: number; readonly before: number; readonly after: number },
): number {
  return sample.uptime - ((sample.before + sample.after) / 2 - moment)
}

/** Boots an image from the stick and measures the time until the first screen is there. */
export async function measureBoot(image: string, firmware: Firmware = 'uefi'): Promise<BootTime> {
  await using machine = await Machine.start({
    firmware,
    image,
    disks: [
      { kind: 'nvme', serial: 'NVME0001' },
      { kind: 'hdd', serial: 'HDD0001' },
    ],
  })
  await waitForFirstScreen(machine)
  const seen = machine.seconds()
  await machine.shell('true')
  const before = machine.seconds()
  const uptime = await machine.shell('cat /proc/uptime')
  const sample = { uptime: Number.parseFloat(uptime.output), before, after: machine.seconds() }
  const userspace = await machine.shell('systemctl show --value -p UserspaceTimestampMonotonic')
  const microseconds = Number(userspace.output)
  const unit = await machine.shell('systemctl show --value -p ExecMainStartTimestampMonotonic mediaserver-setup@hvc0')
  const kernelToFirstScreen = uptimeAt(seen, sample)
  return {
    accel: machine.accel,
    firmware,
    powerOnToFirstScreen: seen,
    kernelToFirstScreen,
    unitToFirstScreen: kernelToFirstScreen - Number(unit.output) / 1e6,
    kernelToUserspace: userspace.exitCode === 0 && microseconds > 0 ? microseconds / 1e6 : undefined,
  }
}
