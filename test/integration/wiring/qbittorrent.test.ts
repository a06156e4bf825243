import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openHttp } from '../../../firstboot/wiring/http.ts'
import { qbittorrentLinks } from '../../../firstboot/wiring/links/qbittorrent.ts'
import { openWires } from '../../../firstboot/wiring/wires.ts'
import { rememberSeen } from '../../../firstboot/wiring/settle.ts'
import { iniFile } from '../../../firstboot/wiring/ini.ts'
import { formOf, type Running, serve } from '../../standin/programs/core/server.ts'
import { Bench, freePort } from './stack.ts'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'qb-'))))
afterEach(async () => await rm(folder, { recursive: true, force: true }))

test('the real qBittorrent reads every text as it was meant', async () => {
  const port = await freePort()
  const texts = {
    save_path: '/downloads/é;ß, "x" \\y@9',
    temp_path: '/@in;complete=1',
    web_ui_username: 'an;na,"Ж9"\\😀a',
    web_ui_domain_list: 'localhost;*.exe;a,b;ü1',
  }
  const conf = iniFile({
    LegalNotice: { Accepted: true },
    BitTorrent: {
      'Session\\DefaultSavePath': texts.save_path,
      'Session\\TempPath': texts.temp_path,
      'Session\\ExcludedFileNames': ['*.exe', 'a, b', '"q"'],
    },
    Preferences: {
      'WebUI\\Port': port,
      'WebUI\\LocalHostAuth': false,
      'WebUI\\Username': texts.web_ui_username,
      'WebUI\\ServerDomains': texts.web_ui_domain_list,
    },
  })
  await mkdir(join(folder, 'qBittorrent'))
  await writeFile(join(folder, 'qBittorrent/qBittorrent.conf'), conf)
  const env = { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder }
  const child = spawn('qbittorrent-nox', [], { env, stdio: ['pipe', 'ignore', 'ignore'] })
  const ended = new Promise(resolve => child.once('exit', resolve))
  try {
    let found: Record<string, unknown> | null = null
    for (let tries = 0; tries < 200 && found === null; tries += 1) {
      const answer = await fetch(`http://127.0.0.1:${port}/api/v2/app/preferences`).catch(() => null)
      found = answer?.ok === true ? ((await answer.json()) as Record<string, unknown>) : null
      if (found === null) await new Promise(resolve => setTimeout(resolve, 100))
    }
    expect(found).toMatchObject({ ...texts, excluded_file_names: '*.exe\na, b\n"q"' })
  } finally {
    child.kill('SIGKILL')
    await ended
  }
})

describe('the login, as versions differ in it', () => {
  let bench: Bench
  let running: Running
  beforeEach(async () => void (bench = await Bench.open()))
  afterEach(async () => {
    await running.close()
    await bench.close()
  })

  // Until 5.1 every answer has the code 200, and its words say what it means; since 5.2 there are no words.
  const versions = {
    'until 5.1': { cookie: 'SID=abc', good: { status: 200, text: 'Ok.' }, bad: { status: 200, text: 'Fails.' } },
    'since 5.2': { cookie: 'QBT_SID_8080=abc', good: { status: 204 }, bad: { status: 401, text: '' } },
  } as const

  async function look(version: keyof typeof versions, accepted: string) {
    const { cookie, good, bad } = versions[version]
    running = await serve(
      bench.stack.places.qbittorrent.port,
      [
        {
          method: 'POST',
          path: /^\/api\/v2\/auth\/login$/,
          body: 'form',
          answer: asked =>
            formOf(asked).get('password') === accepted
              ? { ...good, headers: { 'set-cookie': `${cookie}; HttpOnly; path=/` } }
              : bad,
        },
        {
          method: 'GET',
          path: /^\/api\/v2\/torrents\/categories$/,
          answer: ({ headers }) => (headers.cookie === cookie ? { status: 200, json: {} } : { status: 403, text: '' }),
        },
      ],
      { refuse: () => null, unknown: () => ({ status: 404 }) },
    )
    const wires = openWires(bench.stack, openHttp(), bench.memory, new AbortController().signal)
    return qbittorrentLinks.find(({ id }) => id === 'qbittorrent-categories')?.look(wires)
  }
  const password = () => bench.stack.keys.logins.qbittorrent.password.reveal()

  for (const version of ['until 5.1', 'since 5.2'] as const) {
    test(`${version}: a good one opens it`, async () => {
      expect((await look(version, password()))?.writes).toHaveLength(3)
    })
    test(`${version}: one that never worked is told`, async () => {
      await expect(look(version, 'another')).rejects.toThrow('does not let anybody in with the login')
    })
    test(`${version}: one that has worked before was changed by a person`, async () => {
      rememberSeen('qbittorrent/login', { there: true }, bench.memory)
      expect(await look(version, 'another')).toEqual({ writes: [], theirs: ['login'] })
    })
  }
})
