import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withEvidence } from '../../builder/qemu/evidence.ts'
import type { Machine } from '../../builder/qemu/machine.ts'
import { imageUnderTest } from '../support/image.ts'
import { startInstallation, waitForLogin } from '../support/installed.ts'
import { PATIENCE } from '../support/live-machine.ts'
import { SshLogin } from '../support/ssh.ts'
import { Stick } from '../support/stick.ts'
import { unattendedAnswers } from '../support/workbench.ts'

describe('an image that was written straight onto the only disk', () => {
  let disk: Stick
  let login: SshLogin
  let machine: Machine
  const name = 'in place'
  const as = async (command: string) => (await login.as('anna', command, 'key', 600)).output

  beforeAll(async () => {
    disk = await Stick.writeOnto(await imageUnderTest(), 64)
    login = await SshLogin.make()
    await disk.put('mediaserver.yaml', unattendedAnswers(login, [], 'vpn: none\n'))
    const disks = [{ kind: 'nvme', serial: 'NV-4Q7K', path: disk.image }] as const
    const options = { firmware: 'uefi', disks, doors: [{ host: login.port, guest: 22 }] } as const
    machine = (await startInstallation(options, name)).machine
    // It starts anew by itself: there is no stick to pull out.
    await withEvidence(machine, name, () => waitForLogin(machine, login, 'anna'))
  }, PATIENCE)

  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]()
    await login?.[Symbol.asyncDispose]()
    await disk?.[Symbol.asyncDispose]()
  }, PATIENCE)

  const proves = (what: string, body: () => Promise<void>) =>
    it(what, { timeout: PATIENCE }, () => withEvidence(machine, name, body))

  proves('has the system on the space that was free, and the image where it was', async () => {
    expect(await as('systemctl is-system-running --wait')).toBe('running')
    expect(await as('findmnt -no SOURCE /')).toContain('nvme0n1p6')
    expect(await as('findmnt -no SOURCE /var/lib/mediaserver')).toContain('nvme0n1p8')
    expect(await as('findmnt -no SOURCE /data')).toContain('nvme0n1p8[/data]')
    const labels = await as('lsblk -no PARTLABEL /dev/nvme0n1 | grep . | paste -sd " "')
    expect(labels).toBe('bios efi config root payload ms-root-a ms-root-b ms-state')
    expect(await as('sudo sfdisk --verify /dev/nvme0n1')).toContain('No errors detected')
  })

  proves('brings its services up from where they lie, without a network', async () => {
    const state = () => as('systemctl is-active mediaserver-apply; ls /var/lib/mediaserver/setup/first-boot 2>&1')
    await expect.poll(state, { timeout: PATIENCE, interval: 3000 }).toMatch(/^inactive\n.*No such file/)
    const healthy = await as('sudo docker ps --filter health=healthy --format "{{.Names}}" | sort')
    expect(healthy.split('\n')).toEqual(['prowlarr', 'radarr', 'sonarr'])
  })

  proves('starts the system again and again', async () => {
    const before = await as('cat /proc/sys/kernel/random/boot_id')
    await login.as('anna', 'sudo systemctl --no-block reboot')
    await expect
      .poll(() => as('cat /proc/sys/kernel/random/boot_id'), { timeout: PATIENCE, interval: 3000 })
      .toMatch(new RegExp(`^(?!${before})[0-9a-f-]{36}$`))
    expect(await as('findmnt -no SOURCE /')).toContain('nvme0n1p6')
  })

  proves('still has the set-up in its menu, and tells how it went', async () => {
    await login.as('anna', 'sudo systemctl poweroff')
    await machine.waitForShutdown(120)
    for (const folder of ['grub', 'EFI/debian']) {
      expect(await disk.bootFile(`${folder}/grub.cfg`)).toContain('menuentry "Set the media server up again"')
      expect(await disk.bootFile(`${folder}/live.cfg`)).toContain('systemd.unit=mediaserver-live.target')
    }
    expect(await disk.get('RESULT.txt')).toContain('The set-up finished on')
  })
})
