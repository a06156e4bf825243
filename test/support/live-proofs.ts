import { expect } from 'vitest'
import type { Machine } from '../../builder/qemu/machine.ts'
import { PAINTED_HEIGHT, PAINTED_PIXELS, savePaintedScreen } from '../../builder/qemu/screenshot.ts'
import { HDD, NVME } from './live-machine.ts'

/** A machine that was started from the stick and shows its first screen. */
export interface Live {
  readonly machine: () => Machine
  /** What the first screen says of the firmware. */
  readonly firmware: string
  /** Where the picture of tty1 goes, whether the test passes or not. */
  readonly picture: string
  /** One test of this machine. */
  readonly proves: (what: string, body: () => Promise<void>) => void
}

/** What holds for the image on every firmware, before anybody answers; leaves the shell again that it looks through. */
export function provesLiveSystem({ machine, firmware, picture, proves }: Live): void {
  const outputOf = async (command: string) => (await machine().shell(command)).output

  proves('shows the machine, its disks, and the stick it started from', async () => {
    const screen = await machine().waitForText(/you started from this stick/, 30)
    expect(screen).toContain('Media Server')
    expect(screen).toContain(firmware)
    expect(screen).toContain(NVME.serial)
    expect(screen).toContain(HDD.serial)
  })

  proves('paints the same screen on the monitor', async () => {
    const paint = await savePaintedScreen(machine(), picture)
    expect(paint.paintedPixels).toBeGreaterThan(PAINTED_PIXELS)
    expect(paint.paintedHeight).toBeGreaterThanOrEqual(PAINTED_HEIGHT)
  })

  proves('boots without a failed unit or an ordering cycle, into an untainted kernel', async () => {
    const state = await machine().shell('systemctl is-system-running --wait', 60)
    expect(await outputOf('systemctl --failed --no-legend --plain --no-pager')).toBe('')
    expect(state.output).toBe('running')
    expect(await outputOf('journalctl -b --no-pager -o cat | grep -i "ordering cycle"')).toBe('')
    expect(await outputOf('cat /proc/sys/kernel/tainted')).toBe('0')
  })

  proves('keeps every change in memory, over a squashfs, and starts neither Docker nor Plex', async () => {
    expect(await outputOf('findmnt -n -o FSTYPE /')).toBe('overlay')
    const root =
      'blkid -p -o value -s TYPE "/dev/disk/by-partuuid/$(sed "s/.*root=PARTUUID=\\([^ ]*\\).*/\\1/" /proc/cmdline)"'
    expect(await outputOf(root)).toBe('squashfs')
    const units = 'docker.service containerd.service plexmediaserver.service'
    expect(await outputOf(`systemctl is-active ${units} | grep -x active`)).toBe('')
    expect(await outputOf('pgrep -l "dockerd|containerd|Plex"')).toBe('')
    machine().leaveShell()
    await machine().waitForText(/F10/, 10)
  })
}
