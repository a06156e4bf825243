import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deadlineFactor, pollUntil } from '../../builder/qemu/deadlines.ts'
import { evidenceFolder, withEvidence } from '../../builder/qemu/evidence.ts'
import { Machine } from '../../builder/qemu/machine.ts'
import { type Capture, leaked, packetWords } from '../internet/capture.ts'
import { CLIENT, HOME_ADDRESS } from '../internet/internet.ts'
import { PLAIN_PLEX_TV, WEB } from '../internet/names.ts'
import { Swarm, TRACKER } from '../internet/swarm.ts'
import { Home } from '../support/home.ts'
import { installFromStick, waitForLogin } from '../support/installed.ts'
import { askFrom } from '../support/lan.ts'
import { PATIENCE } from '../support/live-machine.ts'
import { changeSeconds, telling, toldEvents, waitUntilTold } from '../support/told.ts'
import { isOrdinary } from '../support/wire.ts'

// Each on real hardware: from power-on to every service healthy and connected; for the tunnel to be alive again; for a film.
const STACK_SECONDS = 300
const HEALED_SECONDS = 90
const FILM_SECONDS = 60

const TITLES = [
  {
    release: 'Night.of.the.Living.Dead.1968.1080p.WEB-STANDIN',
    wish: { mediaType: 'movie', mediaId: 10_331 },
    file: 'movies/Night of the Living Dead (1968) {imdb-tt0063350}/Night of the Living Dead (1968).mkv',
  },
  {
    release: 'The.Beverly.Hillbillies.S01E02.1080p.WEB-STANDIN',
    wish: { mediaType: 'tv', mediaId: 2730, seasons: [1] },
    file: 'tv/The Beverly Hillbillies (1962) {imdb-tt0055662}/Season 01/The Beverly Hillbillies - S01E02.mkv',
  },
].map(title => ({ ...title, content: randomBytes(1_500_000) }))

const SERVICES = ['bazarr', 'jellyseerr', 'nordlynx', 'prowlarr', 'qbittorrent', 'radarr', 'sonarr']

// What a person may want to have different; here, where the stand-in for Seerr finds plex.tv.
const OVERRIDE = `services:\n  jellyseerr:\n    environment:\n      STANDIN_PLEX_TV: http://${WEB}:${PLAIN_PLEX_TV}\n`

describe('a media server in a home with an internet', () => {
  let home: Home
  let machine: Machine
  let swarm: Swarm
  let wire: Capture
  let folder = ''
  let keys: { readonly apiKeys: Readonly<Record<string, string>> }
  const name = 'stack'
  const as = async (command: string) => (await home.bench.login.as('anna', command, 'key', 600)).output
  const until = async (what: string, seconds: number, good: () => Promise<boolean>) => {
    const found = await pollUntil(
      seconds * 1000 * deadlineFactor(machine.accel),
      async () => ((await good()) ? true : undefined),
      2000,
    )
    if (found !== true) throw new Error(`It did not come to that: ${what}.`)
  }
  const ask = async (service: string, port: number, path: string, body?: unknown) =>
    await askFrom(home.internet.router, port, path, {
      key: keys.apiKeys[service] ?? '',
      ...(body === undefined ? {} : { body }),
    })
  /** The tunnel is alive, and the torrent client is seen at its far end again since now. */
  const downloadsAgain = async (what: string) => {
    const before = swarm.announcements().length
    await until(`${what}: protected`, HEALED_SECONDS, async () => /"state": "protected"/.test(await vpn()))
    // Asking the tracker at once, and not when it suits the client.
    await as('sudo docker restart --time 2 qbittorrent')
    await until(`${what}: announced`, HEALED_SECONDS, () => Promise.resolve(swarm.announcements().length > before))
    return swarm.announcements().slice(before)
  }
  const vpn = async () => await as('sudo mediaserver vpn status --json')
  const stations = () => home.internet.exits.map(({ server }) => server.station)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ms-stack-'))
    home = await Home.open()
    const { bench, internet } = home
    swarm = await Swarm.open(
      internet,
      TITLES.map(({ release, content }) => ({ name: release, content })),
    )
    const answers = `vpn:\n  token: ${internet.token}\n  country: Sweden\nservices: [bazarr, jellyseerr]\n`
    await bench.stick.put('mediaserver.yaml', bench.answers(answers))
    await installFromStick({ firmware: 'secure-boot', image: bench.stick.image, disks: bench.disks }, name)
    wire = await internet.capture(home.plugged.network.device)
    machine = await Machine.start({
      firmware: 'secure-boot',
      disks: bench.disks,
      memoryMiB: 4096,
      ...home.plugged,
      credentials: { ...home.plugged.credentials, ...telling },
      serialLog: join(folder, 'serial.log'),
    })
    await withEvidence(machine, name, () => waitForLogin(machine, bench.login, 'anna'))
  }, PATIENCE)

  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]()
    await swarm?.[Symbol.asyncDispose]()
    await home?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  }, PATIENCE)

  const proves = (what: string, body: () => Promise<void>) =>
    it(what, { timeout: PATIENCE }, () => withEvidence(machine, name, body))

  proves('brings every service up at its first start, healthy and connected', async () => {
    const log = join(folder, 'serial.log')
    await waitUntilTold(machine, log, event => event.type === 'finished', STACK_SECONDS)
    const seconds = changeSeconds(await toldEvents(log)).map(([id, took]) => `${id} ${took.toFixed(1)}`)
    console.log(`${name}: ${seconds.join(', ')}; finished ${machine.seconds().toFixed(0)} s after power-on`)
    await machine.screendump(`${evidenceFolder(name)}/finished.png`)
    const containers = await as('sudo docker ps --format "{{.Names}} {{.State}} {{.Status}}" | sort')
    expect(containers.split('\n').map(line => line.split(' ')[0])).toEqual(SERVICES)
    for (const line of containers.split('\n')) expect(line).toMatch(/ running Up .*\(healthy\)/)
    keys = JSON.parse(await as('sudo cat /var/lib/mediaserver/stack-keys.json'))
  })

  proves('hides the home: the tunnel is seen elsewhere, and the token is gone', async () => {
    const facts = JSON.parse(await vpn()) as Record<string, unknown>
    expect(facts).toMatchObject({ state: 'protected', homeAddress: HOME_ADDRESS, hidden: true })
    expect(stations()).toContain(facts['tunnelAddress'])
    const { token } = home.internet
    expect(await as(`sudo grep -rlI ${token} /etc /var/lib/mediaserver /home /run 2>/dev/null`)).toBe('')
  })

  proves('leaves alone what its owner has in compose.override.yaml, and takes Plex over with a code', async () => {
    await as(`printf '%s' ${quoted(OVERRIDE)} > ~/mediaserver/compose.override.yaml`)
    await as('sudo sh -c "mediaserver plex claim >/tmp/claim.txt 2>&1 &"')
    let code = ''
    await until('a code for plex.tv/link', 30, async () => {
      code = /^\s+([A-Z0-9]{4})$/m.exec(await as('cat /tmp/claim.txt'))?.[1] ?? ''
      return code !== ''
    })
    expect(await home.internet.linkPlex(code)).toBe(true)
    await until('Plex is claimed', 60, async () => /^Done: Plex is /m.test(await as('cat /tmp/claim.txt')))
    expect(await as('sudo mediaserver apply')).not.toMatch(/^FAILED/m)
    expect(await as('cat ~/mediaserver/compose.override.yaml')).toBe(OVERRIDE.trimEnd())
    expect(await as('sudo docker exec jellyseerr printenv STANDIN_PLEX_TV')).toBe(`http://${WEB}:${PLAIN_PLEX_TV}`)
  })

  proves('applying the answers again changes nothing', async () => {
    const said = await as('sudo mediaserver apply')
    expect(said).not.toMatch(/^(done|FAILED)/m)
  })

  proves('a wish in Seerr becomes a film and an episode in their folders, through the tunnel', async () => {
    const { feed } = swarm
    const fields = Object.entries(feed).map(([field, value]) => ({ name: field, value }))
    const added = await ask('prowlarr', 9696, '/api/v1/indexer', {
      name: 'Test feed',
      implementation: 'Torznab',
      configContract: 'TorznabSettings',
      enable: true,
      appProfileId: 1,
      protocol: 'torrent',
      priority: 25,
      tags: [],
      fields,
    })
    expect([added.status, added.json]).toEqual([201, expect.anything()])
    for (const { wish } of TITLES) {
      const wished = await ask('jellyseerr', 5055, '/api/v1/request', wish)
      expect([wished.status, wished.json]).toEqual([201, expect.anything()])
    }
    for (const { file, content } of TITLES) {
      const path = `/data/media/${file}`
      await until(file, FILM_SECONDS, async () => (await as(`stat -c %s ${quoted(path)}`)) === String(content.length))
      const sum = createHash('sha256').update(content).digest('hex')
      expect(await as(`sha256sum ${quoted(path)} | cut -d " " -f 1`)).toBe(sum)
    }
    const [ours, seen] = [new Set([WEB, ...stations()]), swarm.announcements()]
    expect(seen.filter(address => !ours.has(address))).toEqual([])
    expect(seen.filter(address => address !== WEB)).not.toEqual([])
  })

  proves('what is for the home answers nobody else, and qBittorrent nobody but the machine itself', async () => {
    const { router, world } = home.internet
    await world.run('ip', 'route', 'replace', `${CLIENT}/32`, 'via', HOME_ADDRESS)
    for (const port of [8989, 7878, 9696, 6767, 5055]) {
      expect((await askFrom(router, port, '/')).status, `${port} from the home`).toBeGreaterThan(0)
      expect((await askFrom(world, port, '/', { from: WEB })).status, `${port} from outside`).toBe(0)
    }
    expect((await askFrom(world, 32_400, '/identity', { from: WEB })).status).toBe(200)
    expect((await askFrom(router, 8080, '/')).status).toBe(0)
    expect(await as('curl -s -o /dev/null -w "%{http_code}" http://localhost:8080/')).toBe('200')
  })

  proves('the tunnel comes back after all that may happen to it, with the torrent client in it', async () => {
    await as('sudo docker restart nordlynx')
    expect(await downloadsAgain('nordlynx was restarted')).not.toContain(HOME_ADDRESS)
    await as('sudo docker kill nordlynx')
    expect(await downloadsAgain('nordlynx was killed')).not.toContain(HOME_ADDRESS)
    await as('sudo systemctl restart docker')
    expect(await downloadsAgain('Docker was restarted')).not.toContain(HOME_ADDRESS)
    const [first] = home.internet.exits
    await first?.switchTo('off')
    expect(await downloadsAgain('the server was switched off')).not.toContain(HOME_ADDRESS)
    await first?.switchTo('on')
  })

  proves('everything comes back after a restart of the machine', async () => {
    const before = await as('cat /proc/sys/kernel/random/boot_id')
    await as('sudo systemctl --no-block reboot')
    await until('another start', 120, async () => {
      const now = await as('cat /proc/sys/kernel/random/boot_id')
      return now !== '' && now !== before
    })
    await until('all services', STACK_SECONDS, async () => {
      const healthy = await as('sudo docker ps --filter health=healthy --format "{{.Names}}" | sort')
      return healthy === SERVICES.join('\n')
    })
    expect(await downloadsAgain('the machine was restarted')).not.toContain(HOME_ADDRESS)
  })

  proves('not one packet of the torrent client has left beside the tunnel', async () => {
    await delay(2000)
    const packets = await wire.packets()
    const leaks = leaked(packets, packet => isOrdinary(packet, stations()))
    console.log(`${name}: ${packets.length} packets on the wire, ${leaks.length} leaked`)
    expect(leaks.map(packetWords)).toEqual([])
    expect(packets.length).toBeGreaterThan(1000)
    expect(home.internet.names()).not.toContain(TRACKER)
    expect(home.internet.exits.flatMap(exit => exit.names())).toContain(TRACKER)
  })
})

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`
