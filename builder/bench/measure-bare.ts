import { Machine } from '../qemu/machine.ts'
import { uptimeAt } from '../qemu/measure-boot.ts'
import { BARE_PASSWORD } from './bare-debian.ts'

/** Boots the bare Debian as `measureBoot` boots ours; gives the seconds from the kernel's start to the login prompt. */
export async function measureBare(image: string): Promise<number> {
  await using machine = await Machine.start({
    firmware: 'uefi',
    image,
    disks: [
      { kind: 'nvme', serial: 'NVME0001' },
      { kind: 'hdd', serial: 'HDD0001' },
    ],
  })
  await machine.waitForText(/login:\s*$/, 60)
  const seen = machine.seconds()
  machine.typeText('root\r')
  await machine.waitForText(/Password:\s*$/, 30)
  machine.typeText(`${BARE_PASSWORD}\r`)
  await machine.waitForText(/#\s*$/, 30)
  const before = machine.seconds()
  machine.typeText('echo "up $(cat /proc/uptime) end"\r')
  const text = await machine.waitForText(/up [\d.]+ [\d.]+ end/, 30)
  const uptime = Number.parseFloat(/up ([\d.]+) [\d.]+ end/.exec(text)?.[1] ?? '')
  return uptimeAt(seen, { uptime, before, after: machine.seconds() })
}
