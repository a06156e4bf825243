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

/** Something that may happen to the tunnel. */
interface Mishap {
  readonly what: string
  readonly make: (box: Box) => Promise<unknown>
  readonly unmake?: (box: Box) => Promise<unknown>
}

const switchServer = (state: 'on' | 'off') => async (box: Box) => await box.home.internet.exits[0]?.switchTo(state)
const RECREATE = 'cd ~/mediaserver && sudo docker compose up --detach --force-recreate nordlynx qbittorrent'

/** The one that most must work together for; `npm test` has it. */
export const MISHAPS: readonly Mishap[] = [
  { what: 'the server was switched off', make: switchServer('off'), unmake: switchServer('on') },
]

/** The others; `npm run test:long` has them. */
export const MORE_MISHAPS: readonly Mishap[] = [
  { what: 'nordlynx was killed', make: box => box.as('sudo docker kill nordlynx') },
  { what: 'nordlynx was restarted', make: box => box.as('sudo docker restart nordlynx') },
  { what: 'Docker was restarted', make: box => box.as('sudo systemctl restart docker') },
  // What an upgrade does once its images are there: each container goes, and another one comes.
  { what: 'both containers were made anew', make: box => box.as(RECREATE) },
]

/** Waits until the tunnel is alive and the torrent client is seen at its far end again; gives where it was seen since now. */
async function downloadsAgain(box: Box, what: string): Promise<readonly string[]> {
  const before = box.swarm.announcements().length
  await box.until(`${what}: protected`, HEALED_SECONDS, async () => /"state": "protected"/.test(await box.vpn()))
  // Asking the tracker at once, and not when it suits the client.
  await box.as('sudo docker restart --time 2 qbittorrent')
  await box.until(`${what}: announced`, HEALED_SECONDS, () =>
    Promise.resolve(box.swarm.announcements().length > before),
  )
  return box.swarm.announcements().slice(before)
}

/** The tunnel through what may happen to it. */
export function provesTunnel(box: Box, mishaps: readonly Mishap[]): void {
  for (const { what, make, unmake } of mishaps)
    box.proves(`the tunnel comes back, with the torrent client in it, after ${what}`, async () => {
      await make(box)
      expect(await downloadsAgain(box, what)).not.toContain(HOME_ADDRESS)
      await unmake?.(box)
    })
}

/** All of it after another start of the machine; `npm run test:long` has it. */
export function provesRestart(box: Box): void {
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
    expect(await downloadsAgain(box, 'the machine was restarted')).not.toContain(HOME_ADDRESS)
  })
}

/** The wire from the first start on; the last proof of a machine that needs its network. */
export function provesNoLeak(box: Box): void {
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
