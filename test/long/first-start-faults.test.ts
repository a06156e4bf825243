import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deadlineFactor, pollUntil } from '../../builder/qemu/deadlines.ts'
import { withEvidence } from '../../builder/qemu/evidence.ts'
import { Machine } from '../../builder/qemu/machine.ts'
import type { DiskOptions } from '../../builder/qemu/options.ts'
import { Home } from '../support/home.ts'
import { installFromStick, waitForLogin } from '../support/installed.ts'
import { PATIENCE } from '../support/live-machine.ts'
import { disksIn, freshDisks } from '../support/power-cut.ts'
import { telling, waitUntilTold } from '../support/told.ts'

// On real hardware: for a failure to be told, and for everything to come up.
const TOLD_SECONDS = 60
const STACK_SECONDS = 300

const CORE = ['nordlynx', 'prowlarr', 'qbittorrent', 'radarr', 'sonarr']

/** One machine that has bad luck at its first start, and again and again; each time a person is told, and it goes on. */
describe('a first start on which everything goes wrong', () => {
  let home: Home
  let machine: Machine
  let folder = ''
  const name = 'first start faults'
  const as = async (command: string) => (await home.bench.login.as('anna', command, 'key', 600)).output
  const proves = (what: string, body: () => Promise<void>) =>
    it(what, { timeout: PATIENCE }, () => withEvidence(machine, name, body))
  const start = async (disks: readonly DiskOptions[]) => {
    await rm(join(folder, 'serial.log'), { force: true })
    machine = await Machine.start({
      firmware: 'uefi',
      disks,
      memoryMiB: 4096,
      ...home.plugged,
      credentials: { ...home.plugged.credentials, ...telling },
      serialLog: join(folder, 'serial.log'),
    })
  }
  const healthy = async () =>
    (await as('sudo docker ps --filter health=healthy --format "{{.Names}}" | sort')).split('\n')
  const until = async (what: string, seconds: number, good: () => Promise<boolean>) => {
    const milliseconds = seconds * 1000 * deadlineFactor(machine.accel)
    const found = await pollUntil(milliseconds, async () => ((await good()) ? true : undefined), 2000)
    if (found !== true) throw new Error(`It did not come to that: ${what}.`)
  }

  beforeAll(async () => {
    home = await Home.open()
    folder = await mkdtemp(join(process.env['MEDIASERVER_VM_DIR'] ?? '/var/tmp', 'ms-faults-'))
    await freshDisks(home.bench, folder)
    const vpn = `vpn:\n  token: ${home.internet.token}\n  country: Sweden\n`
    await home.bench.stick.put('mediaserver.yaml', home.bench.answers(vpn))
    const image = home.bench.stick.image
    await installFromStick({ firmware: 'uefi', image, disks: disksIn(folder) }, name)
    await home.internet.fault({ expired: true })
    await start(disksIn(folder))
  }, PATIENCE)

  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]()
    await home?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  }, PATIENCE)

  proves('a token that has expired is called that, and where to get another', async () => {
    const screen = await machine.waitForText(/did not work/, TOLD_SECONDS)
    expect(screen).toMatch(/NordVPN refused the token: it has expired or was revoked/)
    expect(screen).toMatch(/my\.nordaccount\.com[\s\S]*> Try again/)
  })

  proves('NordVPN with trouble of its own is told apart, and "Try again" tries again', async () => {
    await home.internet.fault({ status: 503 })
    machine.press('enter')
    await machine.waitForText(/NordVPN has trouble of its own \(it answers 503\)/, TOLD_SECONDS)
    await home.internet.fault({ hidden: home.internet.exits.map(({ server }) => server.hostname) })
    machine.press('enter')
    await machine.waitForText(/did not work[\s\S]*Sweden/, TOLD_SECONDS)
  })

  proves('the power fails while the services are unpacked: the next start goes on to the end', async () => {
    await home.internet.fault({})
    machine.press('enter')
    const log = join(folder, 'serial.log')
    await waitUntilTold(machine, log, event => event.type === 'started' && event.id === 'images', STACK_SECONDS, true)
    await delay(Math.round(Math.random() * 20_000))
    await machine.crash()
    await machine[Symbol.asyncDispose]()
    await start(disksIn(folder))
    await waitUntilTold(machine, log, event => event.type === 'finished', STACK_SECONDS)
    await waitForLogin(machine, home.bench.login, 'anna')
    expect(await healthy()).toEqual(CORE)
    expect(await as('sudo find /var/lib/docker/overlay2 -path "*/diff/usr/bin/*" -type f -size 0 | head')).toBe('')
  })

  proves('without the film disk nothing writes in its place, and what needs it waits', async () => {
    await as('sudo systemctl poweroff')
    await machine.waitForShutdown(120)
    await machine[Symbol.asyncDispose]()
    await start(disksIn(folder).filter(({ kind }) => kind !== 'hdd'))
    await waitForLogin(machine, home.bench.login, 'anna')
    await machine.waitForText(/film disk is not there/, TOLD_SECONDS)
    await until('what needs no films is up', STACK_SECONDS, async () => {
      const up = await healthy()
      return ['nordlynx', 'prowlarr', 'qbittorrent'].every(each => up.includes(each))
    })
    expect(await healthy()).not.toContain('radarr')
    expect(await as('systemctl is-active plexmediaserver')).not.toBe('active')
    expect(await as('sudo ls -A /data')).toBe('')
  })

  proves('with the disk back, everything is back', async () => {
    await as('sudo systemctl poweroff')
    await machine.waitForShutdown(120)
    await machine[Symbol.asyncDispose]()
    await start(disksIn(folder))
    await waitForLogin(machine, home.bench.login, 'anna')
    await until('all services', STACK_SECONDS, async () => (await healthy()).join() === CORE.join())
    await until('Plex', STACK_SECONDS, async () => (await as('systemctl is-active plexmediaserver')) === 'active')
  })
})
