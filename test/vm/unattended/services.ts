import { createHash, randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { evidenceFolder } from '../../../builder/qemu/evidence.ts'
import { CLIENT, HOME_ADDRESS } from '../../internet/internet.ts'
import { PLAIN_PLEX_TV, WEB } from '../../internet/names.ts'
import { quoted } from '../../support/quoted.ts'
import { askFrom } from '../../support/lan.ts'
import { changeSeconds, toldEvents, waitUntilTold } from '../../support/told.ts'
import { type Box, NAME } from './box.ts'
import { claimPlex } from './claim-plex.ts'

// Each on real hardware: from power-on to every service healthy and connected; for a film.
const STACK_SECONDS = 300
const FILM_SECONDS = 60

/** What others have, and what somebody in the home wishes for. */
export const TITLES = [
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

/** Every container of this machine, sorted. */
export const SERVICES = ['bazarr', 'jellyseerr', 'nordlynx', 'prowlarr', 'qbittorrent', 'radarr', 'sonarr']

// What a person may want to have different; here, where the stand-in for Seerr finds plex.tv.
const OVERRIDE = `services:\n  jellyseerr:\n    environment:\n      STANDIN_PLEX_TV: http://${WEB}:${PLAIN_PLEX_TV}\n`

/** The services, from their first start to a film in its folder. */
export function provesServices(box: Box): void {
  box.proves('brings every service up at its first start, healthy and connected', async () => {
    const log = box.serialLog
    await waitUntilTold(box.machine, log, event => event.type === 'finished', STACK_SECONDS)
    const seconds = changeSeconds(await toldEvents(log)).map(([id, took]) => `${id} ${took.toFixed(1)}`)
    console.log(`${NAME}: ${seconds.join(', ')}; finished ${box.machine.seconds().toFixed(0)} s after power-on`)
    await box.machine.screendump(`${evidenceFolder(NAME)}/finished.png`)
    const containers = await box.as('sudo docker ps --format "{{.Names}} {{.State}} {{.Status}}" | sort')
    expect(containers.split('\n').map(line => line.split(' ')[0])).toEqual(SERVICES)
    for (const line of containers.split('\n')) expect(line).toMatch(/ running Up .*\(healthy\)/)
    const kept: { apiKeys: Box['keys'] } = JSON.parse(await box.as('sudo cat /var/lib/mediaserver/stack-keys.json'))
    box.keys = kept.apiKeys
  })

  box.proves('hides the home: the tunnel is seen elsewhere', async () => {
    const facts = JSON.parse(await box.vpn()) as Record<string, unknown>
    expect(facts).toMatchObject({ state: 'protected', homeAddress: HOME_ADDRESS, hidden: true })
    expect(box.stations).toContain(facts['tunnelAddress'])
  })

  box.proves('leaves alone what its owner has in compose.override.yaml, and takes Plex over with a code', async () => {
    await box.as(`printf '%s' ${quoted(OVERRIDE)} > ~/mediaserver/compose.override.yaml`)
    await claimPlex(box)
    expect(await box.as('sudo mediaserver apply')).not.toMatch(/^FAILED/m)
    expect(await box.as('cat ~/mediaserver/compose.override.yaml')).toBe(OVERRIDE.trimEnd())
    expect(await box.as('sudo docker exec jellyseerr printenv STANDIN_PLEX_TV')).toBe(`http://${WEB}:${PLAIN_PLEX_TV}`)
  })

  box.proves('applying the answers again changes nothing', async () => {
    const said = await box.as('sudo mediaserver apply')
    expect(said).not.toMatch(/^(done|FAILED)/m)
  })

  box.proves('a wish in Seerr becomes a film and an episode in their folders, through the tunnel', async () => {
    const { feed } = box.swarm
    const fields = Object.entries(feed).map(([field, value]) => ({ name: field, value }))
    const added = await box.ask('prowlarr', 9696, '/api/v1/indexer', {
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
    // Prowlarr tells the two of it by and by; what is wished for before that is looked for in vain.
    for (const [service, port] of [
      ['radarr', 7878],
      ['sonarr', 8989],
    ] as const)
      await box.until(`${service} knows the feed`, 30, async () => {
        const { json } = await box.ask(service, port, '/api/v3/indexer')
        return Array.isArray(json) && json.length === 1
      })
    for (const { wish } of TITLES) {
      const wished = await box.ask('jellyseerr', 5055, '/api/v1/request', wish)
      expect([wished.status, wished.json]).toEqual([201, expect.anything()])
    }
    for (const { file, content } of TITLES) {
      const path = `/data/media/${file}`
      await box.until(
        file,
        FILM_SECONDS,
        async () => (await box.as(`stat -c %s ${quoted(path)}`)) === String(content.length),
      )
      const sum = createHash('sha256').update(content).digest('hex')
      expect(await box.as(`sha256sum ${quoted(path)} | cut -d " " -f 1`)).toBe(sum)
    }
    expect(box.swarm.announcements()).not.toEqual([])
    for (const address of box.swarm.announcements()) expect(box.stations).toContain(address)
  })

  box.proves('what is for the home answers nobody else, and qBittorrent nobody but the machine itself', async () => {
    const { router, world } = box.home.internet
    await world.run('ip', 'route', 'replace', `${CLIENT}/32`, 'via', HOME_ADDRESS)
    const ports = [8989, 7878, 9696, 6767, 5055]
    for (const port of ports)
      expect((await askFrom(router, port, '/')).status, `${port} from the home`).toBeGreaterThan(0)
    // Side by side: who is not answered waits long.
    const refused = [...ports.map(port => askFrom(world, port, '/', { from: WEB })), askFrom(router, 8080, '/')]
    expect((await Promise.all(refused)).map(({ status }) => status)).toEqual(refused.map(() => 0))
    expect((await askFrom(world, 32_400, '/identity', { from: WEB })).status).toBe(200)
    expect(await box.as('curl -s -o /dev/null -w "%{http_code}" http://localhost:8080/')).toBe('200')
  })
}
