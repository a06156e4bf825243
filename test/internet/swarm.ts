import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { TestInternet } from './internet.ts'
import { PEER, WEB } from './names.ts'
import type { Running } from './space.ts'
import { makeTorrent } from './torrent.ts'

const FEED_PORT = 9117
const TRACKER_PORT = 6969
const PEER_PORT = 6881
const PEER_WEB_PORT = 8080
/** The tracker is known by its name, so that looking it up can be seen as well. */
export const TRACKER = 'tracker.swarm.test'
const API_KEY = 'of-the-feed'

/** A film or an episode that others have: the name of its release, and its bytes. */
export interface Release {
  readonly name: string
  readonly content: Buffer
}

/** What lies beyond the tunnel for those who download: a feed that lists releases, a tracker, and a peer that has them. */
export class Swarm implements AsyncDisposable {
  /** The feed as Prowlarr wants it. */
  readonly feed = { baseUrl: `http://${WEB}:${FEED_PORT}`, apiPath: '/api', apiKey: API_KEY }
  readonly #folder: string
  readonly #programs: Running
  readonly #peer: Running

  private constructor(folder: string, programs: Running, peer: Running) {
    this.#folder = folder
    this.#programs = programs
    this.#peer = peer
  }

  static async open({ world }: TestInternet, releases: readonly Release[]): Promise<Swarm> {
    const folder = await mkdtemp(join(tmpdir(), 'ms-swarm-'))
    const [films, torrents, home] = ['films', 'torrents', 'peer'].map(name => join(folder, name)) as [
      string,
      string,
      string,
    ]
    for (const path of [films, torrents, join(home, 'qBittorrent')]) await mkdir(path, { recursive: true })
    for (const { name, content } of releases) {
      await writeFile(join(films, `${name}.mkv`), content)
      const torrent = makeTorrent(`${name}.mkv`, content, `http://${TRACKER}:${TRACKER_PORT}/announce`)
      await writeFile(join(torrents, `${name}.torrent`), torrent)
    }
    await writeFile(join(home, 'qBittorrent/qBittorrent.conf'), settingsOfPeer(films))
    const peer = world.start(['qbittorrent-nox'], { HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home })
    const settings = {
      folder: torrents,
      apiKey: API_KEY,
      feedPort: FEED_PORT,
      trackerPort: TRACKER_PORT,
      peer: { address: PEER, port: PEER_PORT },
    }
    const program = join(import.meta.dirname, 'programs/torrents.ts')
    const programs = world.start([process.execPath, program, JSON.stringify(settings)])
    const swarm = new Swarm(folder, programs, peer)
    try {
      await programs.waitFor(/^listens$/)
      const url = `http://127.0.0.1:${PEER_WEB_PORT}/api/v2`
      while ((await world.attempt(['curl', '-fsS', `${url}/app/version`])).code !== 0) await delay(200)
      for (const { name } of releases)
        await world.run('curl', '-fsS', '-F', `torrents=@${join(torrents, `${name}.torrent`)}`, `${url}/torrents/add`)
      return swarm
    } catch (error) {
      await swarm[Symbol.asyncDispose]()
      throw error
    }
  }

  /** From which addresses the tracker was asked so far, in order, besides the peer's own. */
  announcements(): readonly string[] {
    const all = this.#programs.lines.flatMap(line => /^announced (\S+)$/.exec(line)?.[1] ?? [])
    return all.filter(address => address !== WEB && address !== PEER)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#peer.stop()
    await this.#programs.stop()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

const settingsOfPeer = (films: string): string => `[LegalNotice]
Accepted=true
[BitTorrent]
Session\\Port=${PEER_PORT}
Session\\DefaultSavePath=${films}
[Preferences]
WebUI\\LocalHostAuth=false
WebUI\\Address=127.0.0.1
WebUI\\Port=${PEER_WEB_PORT}
`
