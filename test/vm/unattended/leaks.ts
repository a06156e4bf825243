import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { leaked, packetWords } from '../../internet/capture.ts'
import { HOME_ADDRESS } from '../../internet/internet.ts'
import { TRACKER } from '../../internet/swarm.ts'
import { isOrdinary } from '../../support/wire.ts'
import { type Box, NAME } from './box.ts'
import { SERVICES } from './services.ts'

// On real hardware: for the tunnel to be alive again, and for all services after a restart.
const HEALED_SECONDS = 90
const RESTART_SECONDS = 180

/** The tunnel through all that may happen to it, and the wire from the first start on. */
export function provesNoLeak(box: Box): void {
  /** The tunnel is alive, and the torrent client is seen at its far end again since now. */
  const downloadsAgain = async (what: string) => {
    const before = box.swarm.announcements().length
    await box.until(`${what}: protected`, HEALED_SECONDS, async () => /"state": "protected"/.test(await box.vpn()))
    // Asking the tracker at once, and not when it suits the client.
    await box.as('sudo docker restart --time 2 qbittorrent')
    await box.until(`${what}: announced`, HEALED_SECONDS, () =>
      Promise.resolve(box.swarm.announcements().length > before),
    )
    return box.swarm.announcements().slice(before)
  }

  box.proves('the tunnel comes back after all that may happen to it, with the torrent client in it', async () => {
    await box.as('sudo docker restart nordlynx')
    expect(await downloadsAgain('nordlynx was restarted')).not.toContain(HOME_ADDRESS)
    await box.as('sudo docker kill nordlynx')
    expect(await downloadsAgain('nordlynx was killed')).not.toContain(HOME_ADDRESS)
    await box.as('sudo systemctl restart docker')
    expect(await downloadsAgain('Docker was restarted')).not.toContain(HOME_ADDRESS)
    // What an upgrade does once its images are there: each container goes, and another one comes.
    await box.as('cd ~/mediaserver && sudo docker compose up --detach --force-recreate nordlynx qbittorrent')
    expect(await downloadsAgain('both containers were made anew')).not.toContain(HOME_ADDRESS)
    const [first] = box.home.internet.exits
    await first?.switchTo('off')
    expect(await downloadsAgain('the server was switched off')).not.toContain(HOME_ADDRESS)
    await first?.switchTo('on')
  })

  box.proves('everything comes back after a restart of the machine', async () => {
    const before = await box.as('cat /proc/sys/kernel/random/boot_id')
    await box.as('sudo systemctl --no-block reboot')
    await box.until('another start', 120, async () => {
      const now = await box.as('cat /proc/sys/kernel/random/boot_id')
      return now !== '' && now !== before
    })
    await box.until('all services', RESTART_SECONDS, async () => {
      const healthy = await box.as('sudo docker ps --filter health=healthy --format "{{.Names}}" | sort')
      return healthy === SERVICES.join('\n')
    })
    expect(await downloadsAgain('the machine was restarted')).not.toContain(HOME_ADDRESS)
  })

  box.proves('not one packet of the torrent client has left beside the tunnel', async () => {
    await delay(2000)
    const packets = await box.wire.packets()
    const leaks = leaked(packets, packet => isOrdinary(packet, box.stations))
    console.log(`${NAME}: ${packets.length} packets on the wire, ${leaks.length} leaked`)
    expect(leaks.map(packetWords)).toEqual([])
    expect(packets.length).toBeGreaterThan(1000)
    expect(box.home.internet.names()).not.toContain(TRACKER)
    expect(box.home.internet.exits.flatMap(exit => exit.names())).toContain(TRACKER)
  })
}
