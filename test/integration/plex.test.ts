import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Answers } from '../../firstboot/answers/answers.ts'
import { answersToJson } from '../../firstboot/answers/json.ts'
import { Secret } from '../../firstboot/answers/secret.ts'
import type { Change, Site } from '../../firstboot/changes/change.ts'
import { plexAccountChange } from '../../firstboot/changes/plex-account.ts'
import { plexChange } from '../../firstboot/changes/plex.ts'
import { ask } from '../../firstboot/plex/ask.ts'
import { type PlexCommandDoors, plexCommand } from '../../firstboot/plex/command.ts'
import { parsePreferences, plexFolder } from '../../firstboot/plex/preferences-file.ts'
import { readPlexState } from '../../firstboot/plex/state.ts'
import { PlexTv } from '../standin/plex-tv.ts'
import { Plex } from '../standin/plex/root/usr/lib/plexmediaserver/standin/server.ts'
import { sshKey } from '../unit/answers/keys.ts'
import { temporaryFolder, until } from '../unit/shared/fixtures.ts'

const params = { hostname: 'films', language: 'de_DE.UTF-8' }
const baseAnswers: Answers = {
  ...params,
  keyboard: 'de',
  timezone: 'Europe/Berlin',
  network: { mode: 'dhcp' },
  wifi: null,
  systemDisk: 'SSD0001',
  media: [],
  user: 'anna',
  sshKeys: [sshKey],
  vpn: null,
  domain: null,
  services: [],
  plexClaim: null,
}

/** A machine with Plex in it, as far as this part sees it: dpkg, systemctl and apt are a few lines here. */
class Box {
  readonly root: string
  readonly calls: string[] = []
  readonly plexTv: PlexTv
  readonly plexTvUrl: string
  port = 0
  plex: Plex | undefined
  installed = true
  enabled = false
  unit = false
  apt: 'works' | 'unreachable' = 'works'
  reachable = true
  maintenanceMs = 150

  constructor(root: string, plexTv: PlexTv, plexTvUrl: string) {
    this.root = root
    this.plexTv = plexTv
    this.plexTvUrl = plexTvUrl
  }

  static async make(account = {}, now?: () => number): Promise<Box> {
    const root = await temporaryFolder()
    const plexTv = new PlexTv(account, now)
    const listening = await plexTv.listen()
    const box = new Box(root, plexTv, listening.url)
    onTestFinished(async () => {
      await box.stop()
      await listening[Symbol.asyncDispose]()
    })
    for (const folder of [
      'data/media/movies',
      'data/media/tv',
      'data/media/homevideo',
      'var/lib',
      'etc/apt/sources.list.d',
    ])
      await mkdir(join(root, folder), { recursive: true })
    await box.put('/etc/passwd', `plex:x:${process.getuid?.()}:${process.getgid?.()}:Plex:/:/usr/sbin/nologin\n`)
    await box.put('/usr/lib/plexmediaserver/lib/plexmediaserver.service', '[Unit]\n')
    // A port of its own for the whole life of the box, as 32400 is.
    const probe = await new PlexTv().listen()
    box.port = Number(new URL(probe.url).port)
    await probe[Symbol.asyncDispose]()
    return box
  }

  async put(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.root, path)), { recursive: true })
    await writeFile(join(this.root, path), text)
  }

  async start(): Promise<void> {
    if (this.plex !== undefined) return
    this.plex = new Plex({
      folder: join(this.root, dirname(plexFolder)),
      plexTv: this.plexTvUrl,
      maintenanceMs: this.maintenanceMs,
      startingMs: this.maintenanceMs,
      root: this.root,
    })
    await this.plex.start(this.port, '127.0.0.1')
  }

  async stop(): Promise<void> {
    await this.plex?.stop()
    this.plex = undefined
  }

  async #run(argv: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const line = argv.join(' ')
    this.calls.push(line)
    const ok = (stdout = '') => ({ code: 0, stdout, stderr: '' })
    const fails = (stdout = '', stderr = '') => ({ code: 1, stdout, stderr })
    if (line.startsWith('dpkg-query')) return this.installed ? ok('installed') : fails()
    if (line.startsWith('systemctl is-active')) return this.plex === undefined ? fails('inactive') : ok('active')
    if (line.startsWith('systemctl is-enabled')) return this.enabled ? ok('enabled') : fails('disabled')
    if (line.startsWith('systemctl enable')) this.enabled = true
    if (line.startsWith('systemctl start')) await this.start()
    if (line.startsWith('systemctl stop')) await this.stop()
    if (argv[0] === 'install') await this.put('/usr/lib/systemd/system/plexmediaserver.service', '[Unit]\n')
    if (line.includes('apt-get') && this.apt === 'unreachable')
      return fails(
        '',
        "E: Failed to fetch https://repo.plex.tv/deb/dists/public/InRelease  Could not resolve 'repo.plex.tv'",
      )
    if (line.includes(' install plexmediaserver')) this.installed = true
    return ok()
  }

  site(plexClaim: Secret | null = null): Site {
    const attempt: Site['attempt'] = async argv => await this.#run(argv)
    const run: Site['run'] = async argv => {
      const { code, stdout } = await this.#run(argv)
      if (code !== 0) throw new Error(`${argv[0]} failed`)
      return stdout
    }
    return {
      answers: { ...baseAnswers, plexClaim },
      target: '',
      path: path => join(this.root, path),
      attempt,
      run,
      runInside: run,
      progress: () => {},
      signal: new AbortController().signal,
    }
  }

  get doors() {
    return {
      ask: (async question =>
        this.reachable || !question.url.startsWith(this.plexTvUrl)
          ? await ask(question)
          : { unreachable: 'plex.tv cannot be reached' }) satisfies typeof ask,
      plexTv: this.plexTvUrl,
      server: `http://127.0.0.1:${this.port}`,
      pauseMs: 20,
    }
  }

  async apply(
    change: (doors: Box['doors']) => Change,
    claim: Secret | null = null,
    own: unknown = params,
  ): Promise<string> {
    const made = change(this.doors)
    const site = this.site(claim)
    const already = await made.check(made.parse(own), site)
    if (already !== null) return `already: ${already}`
    await made.apply(made.parse(own), site)
    return (await (made.verify ?? made.check)(made.parse(own), site)) ?? 'a look afterwards does not find it'
  }

  async command(...words: string[]): Promise<{ code: number; said: string[]; doors: PlexCommandDoors }> {
    const said: string[] = []
    const doors: PlexCommandDoors = {
      ...this.doors,
      say: text => {
        said.push(text)
        // The person at the phone.
        const code = /^\s*\n\s*([A-Z0-9]{4})\s*\n/.exec(text)?.[1]
        if (code !== undefined && !this.#away) this.plexTv.link(code)
      },
      at: path => join(this.root, path),
      run: async (program, args) => await this.#run([program, ...args]),
      signal: new AbortController().signal,
    }
    return { code: await plexCommand(words, false, doors), said, doors }
  }

  #away = false
  nobodyAtThePhone(): void {
    this.#away = true
  }

  async state() {
    return await readPlexState(join(this.root, '/var/lib/mediaserver/plex.json'))
  }

  async preferences() {
    return parsePreferences(await readFile(join(this.root, plexFolder, 'Preferences.xml'), 'utf8')) ?? {}
  }

  async ask(method: 'GET' | 'PUT' | 'DELETE', path: string, token?: string) {
    const headers: Record<string, string> = token === undefined ? {} : { 'X-Plex-Token': token }
    const reply = await ask({ method, url: `http://127.0.0.1:${this.port}${path}`, headers })
    if ('unreachable' in reply) throw new Error(reply.unreachable)
    return reply
  }

  async libraries(token?: string): Promise<Record<string, string>[]> {
    const { text } = await this.ask('GET', '/library/sections', token)
    return (JSON.parse(text) as { MediaContainer: { Directory: Record<string, string>[] } }).MediaContainer.Directory
  }
}

describe('Plex without an account', () => {
  test('runs with its settings and libraries, says how to sign in, and a second application changes nothing', async () => {
    const box = await Box.make()
    expect(await box.apply(plexChange)).toBe(
      'Plex 1.43.3.10000, without an account; sign in with "sudo mediaserver plex claim"',
    )
    expect(
      (await box.libraries()).map(({ title, type, agent, language }) => ({ title, type, agent, language })),
    ).toEqual([
      { title: 'Movies', type: 'movie', agent: 'tv.plex.agents.movie', language: 'de-DE' },
      { title: 'TV Shows', type: 'show', agent: 'tv.plex.agents.series', language: 'de-DE' },
      { title: 'Home Videos', type: 'movie', agent: 'tv.plex.agents.none', language: 'de-DE' },
    ])
    expect(await box.preferences()).toMatchObject({
      FriendlyName: 'films',
      HardwareAcceleratedCodecs: '1',
      autoEmptyTrash: '0',
      TranscoderTempDirectory: '/var/lib/plexmediaserver/Transcode',
    })
    expect((await stat(join(box.root, '/var/lib/plexmediaserver/Transcode'))).isDirectory()).toBe(true)
    expect(box.calls).toContain('/usr/lib/mediaserver/plex-groups')
    expect(await box.apply(plexChange)).toMatch(/^already: Plex 1\.43\.3/)
  })

  test('what the user changed or took away stays so', async () => {
    const box = await Box.make()
    await box.apply(plexChange)
    await box.ask('PUT', '/:/prefs?autoEmptyTrash=1')
    await box.ask('DELETE', '/library/sections/3')
    expect(await box.apply(plexChange)).toMatch(/^already/)
    await box.stop()
    expect(await box.apply(plexChange)).toMatch(/^Plex/)
    expect((await box.preferences())['autoEmptyTrash']).toBe('1')
    expect((await box.libraries()).map(({ title }) => title)).toEqual(['Movies', 'TV Shows'])
  })

  test('what lies on kept disks is in the libraries too, wherever it is', async () => {
    const box = await Box.make()
    await box.put('/etc/fstab', 'UUID=a /data ext4 nofail 0 2\nUUID=b /data2 ntfs3 nofail 0 0\n')
    for (const folder of ['data/Filme', 'data2/Video/Séries', 'data2/Music', 'data2/$RECYCLE.BIN'])
      await mkdir(join(box.root, folder), { recursive: true })
    await box.apply(plexChange)
    const places = (await box.libraries()).map(({ Location }) =>
      (Location as unknown as { path: string }[]).map(({ path }) => path),
    )
    expect(places).toEqual([
      ['/data/media/movies', '/data/Filme'],
      ['/data/media/tv', '/data2/Video/Séries'],
      ['/data/media/homevideo'],
    ])
    expect(await box.apply(plexChange)).toMatch(/^already/)
  })

  test("the package's own source for apt goes, ours stays", async () => {
    const box = await Box.make()
    await box.put('/etc/apt/sources.list.d/plexmediaserver.list', '# deb\n')
    await box.put('/etc/apt/sources.list.d/mediaserver-plex.sources', 'Types: deb\n')
    await box.apply(plexChange)
    await expect(stat(join(box.root, '/etc/apt/sources.list.d/plexmediaserver.list'))).rejects.toThrow('ENOENT')
    expect((await stat(join(box.root, '/etc/apt/sources.list.d/mediaserver-plex.sources'))).isFile()).toBe(true)
  })
})

describe('a claim code', () => {
  test('is used before Plex ever runs, and Plex belongs to the account from its first start', async () => {
    const box = await Box.make()
    const claim = new Secret(box.plexTv.claimToken())
    expect(await box.apply(plexAccountChange, claim, {})).toBe('plex.tv gave the key of your account')
    expect(await box.apply(plexAccountChange, claim, {})).toMatch(/^already/)
    expect(await box.apply(plexChange, claim)).toBe(
      'Plex 1.43.3.10000, claimed by anna, Plex Pass: hardware transcoding',
    )
    const { token, machine } = await box.state()
    expect(await box.preferences()).toMatchObject({ MachineIdentifier: machine, PlexOnlineToken: token?.reveal() })
    expect((await box.ask('GET', '/library/sections')).status).toBe(401)
    expect(await box.libraries(token?.reveal())).toHaveLength(3)
    expect(await box.apply(plexChange, claim)).toMatch(/^already/)
  })

  test('that could not be used early is used when Plex runs', async () => {
    const box = await Box.make({ pass: false })
    box.reachable = false
    const claim = new Secret(box.plexTv.claimToken())
    expect(await box.apply(plexAccountChange, claim, {})).toMatch(/^plex\.tv cannot be reached now/)
    box.reachable = true
    expect(await box.apply(plexChange, claim)).toBe(
      'Plex 1.43.3.10000, claimed by anna, no Plex Pass: transcoding by the processor only',
    )
    expect((await box.state()).token?.reveal()).toBe((await box.preferences())['PlexOnlineToken'])
  })

  test('that is too old is no failure, is told, and is not tried again', async () => {
    let now = Date.now()
    const box = await Box.make({}, () => now)
    const claim = new Secret(box.plexTv.claimToken())
    now += 5 * 60_000
    expect(await box.apply(plexAccountChange, claim, {})).toContain('not good any more')
    expect(await box.apply(plexChange, claim)).toContain('without an account; sign in')
    expect(await box.apply(plexChange, claim)).toMatch(/^already: .*without an account/)
    expect(box.plexTv.asked.filter(each => each.includes('exchange'))).toHaveLength(1)
  })

  test('never shows up in what is said or kept', async () => {
    const box = await Box.make()
    const claim = new Secret(box.plexTv.claimToken())
    await box.apply(plexAccountChange, claim, {})
    await box.apply(plexChange, claim)
    expect(box.calls.join('\n')).not.toContain(claim.reveal())
    expect(await readFile(join(box.root, '/var/lib/mediaserver/plex.json'), 'utf8')).not.toContain(claim.reveal())
  })
})

describe('mediaserver plex', () => {
  async function ready(now?: () => number): Promise<Box> {
    const box = await Box.make({}, now)
    await box.apply(plexChange)
    await box.put('/var/lib/mediaserver/answers.json', answersToJson(baseAnswers))
    return box
  }

  test('claim: a code for the phone, then the server belongs to the account', async () => {
    const box = await ready()
    const { code, said } = await box.command('claim')
    expect(said.join('\n')).toContain('https://plex.tv/link')
    expect(said.join('\n')).toContain('Done: Plex is claimed by anna, Plex Pass: hardware transcoding.')
    expect(code).toBe(0)
    expect((await box.state()).token).toBeDefined()
    expect(await box.apply(plexChange)).toMatch(/^already: .*claimed by anna/)
    expect((await box.command('claim')).said.join('\n')).toContain('claimed by anna')
  })

  test('claim: a code that nobody types runs out', async () => {
    let now = Date.now()
    const box = await ready(() => now)
    box.nobodyAtThePhone()
    const waiting = box.command('claim')
    await until(() => box.plexTv.asked.some(each => each.startsWith('GET /api/v2/pins/')))
    now += 16 * 60_000
    const { code, said } = await waiting
    expect(said.at(-1)).toBe('The code has run out. Type the same command again for a new one.')
    expect(code).toBe(1)
    expect((await box.command('status')).said[0]).toContain('without an account')
  })

  test('reclaim: after "sign out all devices" the server is taken back', async () => {
    const box = await ready()
    await box.command('claim')
    const before = await box.preferences()
    box.plexTv.signOutAll()
    const { code, said } = await box.command('reclaim')
    expect(said.join('\n')).toContain('Done: Plex is claimed by anna')
    expect(code).toBe(0)
    const after = await box.preferences()
    expect(after['PlexOnlineToken']).not.toBe(before['PlexOnlineToken'])
    expect(after['MachineIdentifier']).toBe(before['MachineIdentifier'])
    expect(await box.libraries((await box.state()).token?.reveal())).toHaveLength(3)
  })

  test('without the internet it says so', async () => {
    const box = await ready()
    box.reachable = false
    const { code, said } = await box.command('claim')
    expect(said).toEqual([
      'Plex cannot be asked for a code: plex.tv cannot be reached.',
      'Look at the network connection, then try again.',
    ])
    expect(code).toBe(1)
  })

  test('on a machine that was not set up it says so, and other words are explained', async () => {
    const box = await ready()
    await rm(join(box.root, '/var/lib/mediaserver/answers.json'))
    expect(await box.command('claim')).toMatchObject({ code: 2, said: ['This machine has not been set up yet.'] })
    expect((await box.command('frobnicate')).code).toBe(2)
  })
})

describe('Plex from its maker at first boot', () => {
  test('is installed, with the same end', async () => {
    const box = await Box.make()
    box.installed = false
    await box.put('/etc/apt/sources.list.d/mediaserver-plex.sources', 'Types: deb\n')
    expect(await box.apply(plexChange)).toMatch(/^Plex 1\.43\.3/)
    const apt = box.calls.filter(line => line.includes('apt-get'))
    expect(apt).toHaveLength(2)
    expect(apt[0]).toContain('Dir::Etc::sourcelist=/etc/apt/sources.list.d/mediaserver-plex.sources')
    expect(apt[1]).toMatch(/--no-install-recommends install plexmediaserver$/)
  })

  test('that cannot be reached is told plainly, and a retry works', async () => {
    const box = await Box.make()
    box.installed = false
    box.apt = 'unreachable'
    await box.put('/etc/apt/sources.list.d/mediaserver-plex.sources', 'Types: deb\n')
    await expect(box.apply(plexChange)).rejects.toThrow(
      'Plex could not be fetched: its maker (repo.plex.tv) cannot be reached.',
    )
    box.apt = 'works'
    expect(await box.apply(plexChange)).toMatch(/^Plex 1\.43\.3/)
  })

  test('without a source there is nothing to fetch', async () => {
    const box = await Box.make()
    box.installed = false
    await expect(box.apply(plexChange)).rejects.toThrow('nothing says where it comes from')
  })
})

describe('the stand-in is as strict as the real one', () => {
  test('it is being prepared, then starting, then claimed ones want a token', async () => {
    const box = await Box.make()
    box.maintenanceMs = 400
    await box.start()
    expect((await box.ask('GET', '/identity')).status).toBe(503)
    await until(async () => (await box.ask('GET', '/identity')).status === 200)
    const wish = '/library/sections?name=M&type=movie&agent=tv.plex.agents.movie&scanner=Plex%20Movie&language=en-US'
    const post = async (query: string) => await ask({ method: 'POST', url: `http://127.0.0.1:${box.port}${query}` })
    expect(await post(`${wish}&location=/data/media/movies`)).toMatchObject({
      status: 400,
      text: 'the server is still starting up. Please retry later',
    })
    await until(async () => {
      const reply = await post(`${wish}&location=/data/media/movies`)
      return 'status' in reply && reply.status === 201
    })
    expect(await post(`${wish}&location=/nowhere`)).toMatchObject({ status: 400 })
    expect((await box.ask('PUT', '/:/prefs?NoSuchSetting=1')).status).toBe(400)
    expect((await box.ask('PUT', '/:/prefs?secureConnections=9')).status).toBe(400)
    expect((await box.ask('GET', '/:/prefs', 'wrong')).status).toBe(401)
    const local = (await readFile(join(box.root, plexFolder, '.LocalAdminToken'), 'utf8')).trim()
    expect((await box.ask('GET', '/:/prefs', local)).status).toBe(200)
  })

  test('films are found only when it is told to scan, and only in the folder it was told', async () => {
    const box = await Box.make()
    await box.apply(plexChange)
    await box.put('/data/media/movies/Sintel (2010)/Sintel.mkv', '')
    await box.put('/data/media/movies/Other/Other.mkv', '')
    const titles = async () =>
      [...(await box.ask('GET', '/library/sections/1/all')).text.matchAll(/"title":"([^"]+)"/g)].map(match => match[1])
    expect(await titles()).toEqual([])
    await box.ask('GET', `/library/sections/1/refresh?path=${encodeURIComponent('/data/media/movies/Sintel (2010)')}`)
    expect(await titles()).toEqual(['Sintel'])
    await box.ask('GET', '/library/sections/1/refresh')
    expect(await titles()).toEqual(['Other', 'Sintel'])
  })

  test('its settings file is read when it starts and written when it ends', async () => {
    const box = await Box.make()
    await box.apply(plexChange)
    const file = join(box.root, plexFolder, 'Preferences.xml')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await writeFile(file, '<Preferences FriendlyName="in vain"/>')
    await chmod(file, 0o600)
    await box.stop()
    expect((await box.preferences())['FriendlyName']).toBe('films')
  })
})
