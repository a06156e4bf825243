import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { makeTorrent } from '../../internet/torrent.ts'
import { infoHash } from '../../standin/programs/core/bencode.ts'
import { startTorznab } from '../../standin/programs/indexer/torznab.ts'
import { Qbittorrent } from '../../standin/programs/arr/qbittorrent.ts'
import { Bench, everything, freePort } from './stack.ts'

const cleanUp: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const each of cleanUp.splice(0).toReversed()) await each()
})

/** Another qBittorrent, which has the films already: the peer that they come from. */
async function startPeer(folder: string, port: number): Promise<URL> {
  const webPort = await freePort()
  const home = join(folder, 'peer')
  await mkdir(join(home, 'qBittorrent'), { recursive: true })
  const conf = `[LegalNotice]
Accepted=true
[BitTorrent]
Session\\Interface=lo
Session\\InterfaceName=lo
Session\\Port=${port}
Session\\DefaultSavePath=${home}/films
[Preferences]
WebUI\\LocalHostAuth=false
WebUI\\Address=127.0.0.1
WebUI\\Port=${webPort}
`
  await writeFile(join(home, 'qBittorrent/qBittorrent.conf'), conf)
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home }
  const child = spawn('qbittorrent-nox', [], { env, stdio: ['pipe', 'ignore', 'ignore'] })
  cleanUp.push(async () => {
    if (child.exitCode === null) await new Promise(resolve => child.once('exit', resolve).kill('SIGKILL'))
  })
  const url = new URL(`http://127.0.0.1:${webPort}/api/v2/`)
  await until(async () => (await fetch(new URL('app/version', url)).catch(() => null))?.ok === true)
  return url
}

// What the stand-ins told, for the person who looks why.
let told = (): readonly string[] => []

async function until(good: () => Promise<boolean>, seconds = 45): Promise<void> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await delay(200))
    if (await good()) return
  throw new Error(`it did not come to that: ${told().join('; ')}`)
}

interface Title {
  readonly release: string
  readonly wish: object
  readonly file: string
  readonly told: string
}

const titles: readonly Title[] = [
  {
    release: 'Night.of.the.Living.Dead.1968.1080p.WEB-STANDIN',
    wish: { mediaType: 'movie', mediaId: 10_331 },
    file: 'movies/Night of the Living Dead (1968) {imdb-tt0063350}/Night of the Living Dead (1968).mkv',
    told: '/data/media/movies/Night of the Living Dead (1968) {imdb-tt0063350}',
  },
  {
    release: 'The.Beverly.Hillbillies.S01E02.1080p.WEB-STANDIN',
    wish: { mediaType: 'tv', mediaId: 2730, seasons: [1] },
    file: 'tv/The Beverly Hillbillies (1962) {imdb-tt0055662}/Season 01/The Beverly Hillbillies - S01E02.mkv',
    told: '/data/media/tv/The Beverly Hillbillies (1962) {imdb-tt0055662}/Season 01',
  },
]

test('a wish goes all the way: Seerr, Radarr or Sonarr, Prowlarr, qBittorrent, the folder, Plex', async () => {
  const feedPort = await freePort()
  const bench = await Bench.open({ env: { STANDIN_TORZNAB: `http://127.0.0.1:${feedPort}/api?apikey=of-the-feed` } })
  cleanUp.push(async () => await bench.close())
  const torrents = join(bench.folder, 'torrents')
  await mkdir(torrents)
  await mkdir(join(bench.folder, 'peer/films'), { recursive: true })
  const contents = titles.map(() => randomBytes(1_500_000))
  const hashes: string[] = []
  for (const [index, { release }] of titles.entries()) {
    const content = contents[index] ?? Buffer.of()
    const torrent = makeTorrent(`${release}.mkv`, content)
    hashes.push(infoHash(torrent))
    await writeFile(join(bench.folder, 'peer/films', `${release}.mkv`), content)
    await writeFile(join(torrents, `${release}.torrent`), torrent)
  }
  const feed = await startTorznab(torrents, feedPort, 'of-the-feed')
  cleanUp.push(async () => await feed.close())
  const peerPort = await freePort()
  const peer = await startPeer(bench.folder, peerPort)
  for (const { release } of titles) {
    const form = new FormData()
    form.set('torrents', new Blob([await readFile(join(torrents, `${release}.torrent`))]), 'a.torrent')
    expect((await fetch(new URL('torrents/add', peer), { method: 'POST', body: form })).ok).toBe(true)
  }

  await bench.start(...everything)
  await bench.wire()
  // In the container these folders are elsewhere; for the test somebody has moved them.
  const { user, password } = bench.stack.keys.logins.qbittorrent
  const { port } = bench.stack.places.qbittorrent
  const ask = await sessionOf(port, user, password.reveal())
  const own = join(bench.folder, 'downloads')
  await ask('app/setPreferences', {
    json: JSON.stringify({ temp_path_enabled: false, save_path: own, listen_port: await freePort() }),
  })
  for (const category of ['sonarr', 'radarr'])
    await ask('torrents/editCategory', { category, savePath: join(own, category) })

  for (const { wish } of titles) await bench.ask('jellyseerr', '/api/v1/request', { method: 'POST', body: wish })
  const client = new Qbittorrent({
    host: '127.0.0.1',
    port,
    useSsl: false,
    username: user,
    password: password.reveal(),
  })
  await until(async () => {
    const found = await Promise.all(['sonarr', 'radarr'].map(async category => await client.torrents(category)))
    return found.flat().filter(({ state }) => state === 'stalledDL').length === titles.length
  })
  // Only now: a peer that cannot be reached at once is left alone for a minute.
  for (const hash of hashes) await ask('torrents/addPeers', { hashes: hash, peers: `127.0.0.1:${peerPort}` })
  for (const [index, { file }] of titles.entries()) {
    await until(async () => {
      return (await readFile(join(bench.folder, file)).catch(() => null)) !== null
    })
    expect((await readFile(join(bench.folder, file))).equals(contents[index] ?? Buffer.of())).toBe(true)
  }
  const plex = bench.at('plex')
  await until(() => Promise.resolve((plex.refreshed ?? []).length === titles.length))
  expect(plex.refreshed?.toSorted()).toEqual(titles.map(({ told }) => told).sort())
  expect(await bench.ask('radarr', '/api/v3/movie')).toMatchObject([{ hasFile: true }])
  expect(await bench.ask('radarr', '/api/v3/queue')).toMatchObject({ totalRecords: 0 })

  bench.takeWrites()
  expect((await bench.wire()).theirs).toEqual(['qBittorrent: its settings', 'qBittorrent: its folders'])
  expect(bench.takeWrites()).toEqual([])
}, 180_000)

/** Logs in to a qBittorrent; gives a way to tell it things. */
async function sessionOf(port: number, username: string, password: string) {
  const base = `http://127.0.0.1:${port}/api/v2/`
  const login = await fetch(`${base}auth/login`, { method: 'POST', body: new URLSearchParams({ username, password }) })
  const cookie = (login.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
  return async (path: string, form: Record<string, string>) => {
    const answer = await fetch(`${base}${path}`, {
      method: 'POST',
      headers: { cookie },
      body: new URLSearchParams(form),
    })
    expect([path, answer.status]).toEqual([path, 200])
  }
}
