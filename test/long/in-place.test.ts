import { afterAll, beforeAll, describe, expect } from 'vitest'
import { PATIENCE } from '../support/live-machine.ts'
import { OnlyDisk } from '../vm/in-place/only-disk.ts'

describe('an image on the only disk, in daily use', () => {
  const only = new OnlyDisk()
  beforeAll(() => only.open(), PATIENCE)
  afterAll(() => only.close(), PATIENCE)

  only.proves('brings its services up from where they lie, without a network', async () => {
    const state = () => only.as('systemctl is-active mediaserver-apply; ls /var/lib/mediaserver/setup/first-boot 2>&1')
    await expect.poll(state, { timeout: PATIENCE, interval: 3000 }).toMatch(/^inactive\n.*No such file/)
    const healthy = await only.as('sudo docker ps --filter health=healthy --format "{{.Names}}" | sort')
    expect(healthy.split('\n')).toEqual(['prowlarr', 'radarr', 'sonarr'])
  })

  only.proves('starts the system again and again', async () => {
    const before = await only.as('cat /proc/sys/kernel/random/boot_id')
    await only.as('sudo systemctl --no-block reboot')
    await expect
      .poll(() => only.as('cat /proc/sys/kernel/random/boot_id'), { timeout: PATIENCE, interval: 3000 })
      .toMatch(new RegExp(`^(?!${before})[0-9a-f-]{36}$`))
    expect(await only.as('findmnt -no SOURCE /')).toContain('nvme0n1p6')
  })

  only.proves('is set up anew with other answers, by the entry of its menu', async () => {
    await only.as('touch ~/from-before; sudo systemctl stop mediaserver-apply; sudo systemctl poweroff')
    await only.machine.waitForShutdown(120)
    await only.setUpAgain('kinobox')
    expect(await only.as('hostname; ls')).toBe('kinobox\ndownloads\nmediaserver')
    expect(await only.as('findmnt -no SOURCE /')).toContain('nvme0n1p6')
    expect(await only.as('lsblk -no PARTLABEL /dev/nvme0n1 | grep . | paste -sd " "')).toBe(
      'bios efi config root payload ms-root-a ms-root-b ms-state',
    )
    expect(await only.as('sudo sfdisk --verify /dev/nvme0n1')).toContain('No errors detected')
  })
})
