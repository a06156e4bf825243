import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { median } from '../../builder/bench/figures.ts'
import { withEvidence } from '../../builder/qemu/evidence.ts'
import type { Machine } from '../../builder/qemu/machine.ts'
import type { Firmware } from '../../builder/qemu/options.ts'
import { PAINTED_HEIGHT, PAINTED_PIXELS, savePaintedScreen } from '../../builder/qemu/screenshot.ts'
import { renderNetplan } from '../../firstboot/changes/network.ts'
import { Secret } from '../../firstboot/answers/secret.ts'
import { untilShown } from '../support/key-latency.ts'
import { bootLive, evidenceName, HDD, NVME, PATIENCE, picturePath } from '../support/live-machine.ts'

const cases: readonly { firmware: Firmware; says: string }[] = [
  { firmware: 'uefi', says: 'UEFI, Secure Boot off' },
  { firmware: 'secure-boot', says: 'UEFI, Secure Boot on' },
  { firmware: 'bios', says: 'BIOS, no Secure Boot' },
]

describe.each(cases)('the image as it ships, from a USB stick, under $firmware', ({ firmware, says }) => {
  let machine: Machine

  beforeAll(async () => {
    machine = await bootLive(firmware)
  }, PATIENCE)

  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]()
  }, PATIENCE)

  const proves = (name: string, body: () => Promise<void>) =>
    it(name, { timeout: PATIENCE }, () => withEvidence(machine, evidenceName(firmware), body))

  const outputOf = async (command: string) => (await machine.shell(command)).output

  proves('shows the machine, its disks, and the stick it started from', async () => {
    const screen = await machine.waitForText(/you started from this stick/, 30)
    expect(screen).toContain('Media Server')
    expect(screen).toContain(says)
    expect(screen).toContain(NVME.serial)
    expect(screen).toContain(HDD.serial)
  })

  proves('paints the same screen on the monitor', async () => {
    const paint = await savePaintedScreen(machine, picturePath(firmware))
    expect(paint.paintedPixels).toBeGreaterThan(PAINTED_PIXELS)
    expect(paint.paintedHeight).toBeGreaterThanOrEqual(PAINTED_HEIGHT)
  })

  proves('finishes booting without a failed unit', async () => {
    const state = await machine.shell('systemctl is-system-running --wait', 60)
    expect(await outputOf('systemctl --failed --no-legend --plain --no-pager')).toBe('')
    expect(state.output).toBe('running')
  })

  proves('boots without an ordering cycle', async () => {
    expect(await outputOf('journalctl -b --no-pager -o cat | grep -i "ordering cycle"')).toBe('')
  })

  proves('runs an untainted kernel', async () => {
    expect(await outputOf('cat /proc/sys/kernel/tainted')).toBe('0')
  })

  proves('keeps every change in memory, over a squashfs', async () => {
    expect(await outputOf('findmnt -n -o FSTYPE /')).toBe('overlay')
    const root =
      'blkid -p -o value -s TYPE "/dev/disk/by-partuuid/$(sed "s/.*root=PARTUUID=\\([^ ]*\\).*/\\1/" /proc/cmdline)"'
    expect(await outputOf(root)).toBe('squashfs')
  })

  // It makes systemd read everything again, and is the same whatever started the machine.
  if (firmware === 'uefi')
    proves('has a netplan that takes what the set-up writes', async () => {
      const wifi = { name: 'Home: 5 GHz', country: 'DE' }
      const password = { ...wifi, password: new Secret('correct horse') }
      const fixed = { interface: 'enp1s0', address: '192.168.1.20/24', gateway: '192.168.1.1', dns: ['192.168.1.1'] }
      const text = renderNetplan({ network: { mode: 'static', ...fixed }, wifi }, password, ['wlan0', 'wlp2s0'])
      const put = 'install -D -m 600 /dev/stdin /tmp/n/etc/netplan/90.yaml'
      await outputOf(`echo ${Buffer.from(text).toString('base64')} | base64 -d | ${put}`)
      expect(await outputOf('netplan generate --root-dir /tmp/n; echo "ended with $?"')).toBe('ended with 0')
      expect(await outputOf('ls /tmp/n/run/netplan')).toContain('wpa-wlp2s0.conf')
    })

  proves('starts neither Docker nor Plex', async () => {
    expect(
      await outputOf('systemctl is-active docker.service containerd.service plexmediaserver.service | grep -x active'),
    ).toBe('')
    expect(await outputOf('pgrep -l "dockerd|containerd|Plex"')).toBe('')
  })

  proves('answers a key before anybody wonders', async () => {
    machine.leaveShell()
    await machine.waitForText(/F10/, 10)
    const milliseconds: number[] = []
    for (let times = 0; times < 8; times++) {
      milliseconds.push(await untilShown(machine, 'f10', text => text.includes('Power off')))
      milliseconds.push(await untilShown(machine, 'escape', text => !text.includes('Power off')))
    }
    const longest = Math.max(...milliseconds)
    console.log(
      `${firmware}: a key shows after ${median(milliseconds).toFixed(0)} ms, at most ${longest.toFixed(0)} ms`,
    )
    expect(median(milliseconds)).toBeLessThan(machine.accel === 'kvm' ? 100 : 300)
  })

  proves('switches itself off from its power menu', async () => {
    machine.press('f10')
    await machine.waitForText(/Power off/, 10)
    machine.press('down')
    machine.press('down')
    await machine.waitForText(/[▶>] Power off/, 10)
    machine.press('enter')
    await machine.waitForShutdown(60)
  })
})
