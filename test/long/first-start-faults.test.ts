import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { ApplyEvent } from '../../firstboot/apply/events.ts'
import { CORE_SERVICES, FirstStart } from '../support/first-start.ts'
import { waitForLogin } from '../support/installed.ts'
import { PATIENCE } from '../support/live-machine.ts'
import { waitUntilTold } from '../support/told.ts'

// On real hardware: for a failure to be told, and for everything to come up.
const TOLD_SECONDS = 60
const STACK_SECONDS = 300

/** One machine that has bad luck at its first start, and again and again; each time a person is told, and it goes on. */
describe('a first start on which everything goes wrong', () => {
  const box = new FirstStart('first start faults')

  beforeAll(async () => {
    await box.install()
    await box.home.internet.fault({ expired: true })
    await box.start()
  }, PATIENCE)
  afterAll(() => box.close(), PATIENCE)

  box.proves('a token that has expired is called that, and where to get another', async () => {
    const screen = await box.machine.waitForText(/did not work/, TOLD_SECONDS)
    expect(screen).toMatch(/NordVPN refused the token: it has expired or was revoked/)
    expect(screen).toMatch(/my\.nordaccount\.com[\s\S]*> Try again/)
  })

  box.proves('NordVPN with trouble of its own is told apart, and "Try again" tries again', async () => {
    const { internet } = box.home
    await internet.fault({ status: 503 })
    box.machine.press('enter')
    await box.machine.waitForText(/NordVPN has trouble of its own \(it answers 503\)/, TOLD_SECONDS)
    await internet.fault({ hidden: internet.exits.map(({ server }) => server.hostname) })
    box.machine.press('enter')
    await box.machine.waitForText(/NordVPN names no server right now/, TOLD_SECONDS)
  })

  box.proves('the power fails while the services are unpacked: the next start goes on to the end', async () => {
    await box.home.internet.fault({})
    box.machine.press('enter')
    const { serialLog } = box
    const begins = (event: ApplyEvent) => event.type === 'started' && event.id === 'images'
    await waitUntilTold(box.machine, serialLog, begins, STACK_SECONDS, { mayHaveFailed: true })
    await delay(Math.round(Math.random() * 20_000))
    await box.crash()
    await box.start()
    await waitUntilTold(box.machine, serialLog, event => event.type === 'finished', STACK_SECONDS)
    await waitForLogin(box.machine, box.home.bench.login, 'anna')
    expect(await box.healthy()).toEqual(CORE_SERVICES)
    expect(await box.as('sudo find /var/lib/docker/overlay2 -path "*/diff/usr/bin/*" -type f -size 0 | head')).toBe('')
  })

  box.proves('without the film disk nothing writes in its place, and what needs it waits', async () => {
    await box.switchOff()
    await box.start(box.disks.filter(({ kind }) => kind !== 'hdd'))
    await waitForLogin(box.machine, box.home.bench.login, 'anna')
    await box.machine.waitForText(/film disk is not there/, TOLD_SECONDS)
    await box.until('what needs no films is up', STACK_SECONDS, async () => {
      const up = await box.healthy()
      return ['nordlynx', 'prowlarr', 'qbittorrent'].every(each => up.includes(each))
    })
    expect(await box.healthy()).not.toContain('radarr')
    expect(await box.as('systemctl is-active plexmediaserver')).not.toBe('active')
    expect(await box.as('sudo ls -A /data')).toBe('')
  })

  box.proves('with the disk back, everything is back', async () => {
    await box.switchOff()
    await box.start()
    await waitForLogin(box.machine, box.home.bench.login, 'anna')
    await box.until('all services', STACK_SECONDS, async () => (await box.healthy()).join() === CORE_SERVICES.join())
    await box.until(
      'Plex',
      STACK_SECONDS,
      async () => (await box.as('systemctl is-active plexmediaserver')) === 'active',
    )
  })
})
