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
})
