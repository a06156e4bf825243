import { afterAll, beforeAll, describe, expect } from 'vitest'
import { PATIENCE } from '../support/live-machine.ts'
import { OnlyDisk } from './in-place/only-disk.ts'

describe('an image that was written straight onto the only disk', () => {
  const only = new OnlyDisk()
  beforeAll(() => only.open(), PATIENCE)
  afterAll(() => only.close(), PATIENCE)

  only.proves('has the system on the space that was free, and the image where it was', async () => {
    expect(await only.as('systemctl is-system-running --wait')).toBe('running')
    expect(await only.as('findmnt -no SOURCE /')).toContain('nvme0n1p6')
    expect(await only.as('findmnt -no SOURCE /var/lib/mediaserver')).toContain('nvme0n1p8')
    expect(await only.as('findmnt -no SOURCE /data')).toContain('nvme0n1p8[/data]')
    const labels = await only.as('lsblk -no PARTLABEL /dev/nvme0n1 | grep . | paste -sd " "')
    expect(labels).toBe('bios efi config root payload ms-root-a ms-root-b ms-state')
    expect(await only.as('sudo sfdisk --verify /dev/nvme0n1')).toContain('No errors detected')
  })

  only.proves('still has the set-up in its menu, and tells how it went', async () => {
    // What is left of the set-up would keep it from going off, and goes on at its next start.
    await only.as('sudo systemctl stop mediaserver-apply; sudo systemctl poweroff')
    await only.machine.waitForShutdown(120)
    for (const folder of ['grub', 'EFI/debian']) {
      expect(await only.disk.bootFile(`${folder}/grub.cfg`)).toContain('menuentry "Set the media server up again"')
      expect(await only.disk.bootFile(`${folder}/live.cfg`)).toContain('systemd.unit=mediaserver-live.target')
    }
    expect(await only.disk.get('RESULT.txt')).toContain('The set-up finished on')
  })
})
