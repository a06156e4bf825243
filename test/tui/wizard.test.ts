import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { answersFromJson } from '../../firstboot/answers/json.ts'
import { safeGlyphs } from '../../firstboot/terminal/charset.ts'
import { layOut } from '../unit/firstboot/recorded.ts'
import { publicKey, rsaKey, token } from '../unit/wizard/wizard.ts'
import { enter, toAgree, toVpn } from './answering.ts'
import { makeBundle, node } from './bundle.ts'
import { type Screen, see, type Seen } from './terminal.ts'

let bundle = ''
let root = ''
let open: Seen[] = []
beforeAll(async () => {
  bundle = await makeBundle()
})
beforeEach(() => {
  root = layOut('n100-films')
})
afterEach(() => {
  for (const screen of open) screen.close()
  open = []
})

const usual: Screen = { columns: 80, rows: 24 }
const lastFact = 'S5GXNX0T124Q7K'
const down = '\x1b[B'

async function start(term = 'vt220', screen: Screen = usual, fact = lastFact): Promise<Seen> {
  const env = { TERM: term, LANG: 'C.UTF-8', MEDIASERVER_ROOT: root }
  const seen = see(node, [bundle, 'setup'], { ...screen, env })
  open.push(seen)
  await seen.until(/Set up this machine|setting up this machine/)
  await seen.until(screen.rows < 20 ? 'Media Server' : fact)
  return seen
}

const requestPath = () => join(root, 'run/mediaserver/request.json')
const draftPath = () => join(root, 'run/mediaserver/draft.json')

describe('the whole way', () => {
  test('leads to a request that only root can read, and the token is nowhere else', async () => {
    const screen = await start()
    await toAgree(screen)
    expect(existsSync(requestPath())).toBe(false)
    await enter(screen, '\r\r', 'Enter alone erases nothing')
    await enter(screen, '4q7k\r', 'Almost')
    expect(existsSync(requestPath())).toBe(false)
    await enter(screen, '\x154Q7K\r', 'Starting to set this machine up')
    await expect.poll(() => existsSync(requestPath())).toBe(true)

    const request = JSON.parse(readFileSync(requestPath(), 'utf8'))
    expect(statSync(requestPath()).mode & 0o777).toBe(0o600)
    expect(request.consent).toBe(request.plan.hash)
    const answers = answersFromJson(request.answers)
    expect(answers).toMatchObject({ systemDisk: 'S5GXNX0T124Q7K', user: 'anna', timezone: 'Europe/Berlin' })
    expect(answers.vpn?.credential.value.reveal()).toBe(token)

    // The canary: on no screen, and in no file but the two that are meant for it.
    expect(screen.bytes()).not.toContain(token.slice(0, 12))
    const holding = execFileSync('grep', ['-rlF', token, root], { encoding: 'utf8' }).trim().split('\n')
    expect(holding.sort()).toEqual([draftPath(), requestPath()].sort())
    for (const path of holding) expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test('every screen has only characters that a console has', async () => {
    const screen = await start('linux')
    const wrong = () => screen.rows().filter(row => !new RegExp(`^[ -~${safeGlyphs}]*$`, 'u').test(row))
    for (const [keys, until] of [
      ['\r', '1 of 10'],
      ['\x1b[[A', 'The language is the one'],
      ['\x1b', '> Language'],
      ['\r\r\r', '2 of 10'],
      ['\r\r', '3 of 10'],
    ] as const) {
      await enter(screen, keys, until)
      expect(wrong()).toEqual([])
    }
  })

  test('answers from the file on the stick lead to the summary; its mistakes are shown with line and key', async () => {
    const folder = join(root, 'run/mediaserver/config')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'mediaserver.yaml'), 'hostname: Film Box\nusr: anna\n')
    const screen = await start()
    await screen.until('Use the answers in mediaserver.yaml')
    await enter(screen, `${down}\r`, 'mediaserver.yaml:1:')
    expect(screen.rows().join('\n')).toContain('mediaserver.yaml:2:')
    writeFileSync(join(folder, 'mediaserver.yaml'), 'hostname: filmbox\nuser: anna\n')
    await enter(screen, '\r', 'filmbox.local, user anna')
    expect(screen.rows().find(row => row.includes('filmbox'))).toMatch(/file$/)
  })
})

describe('typing', () => {
  test('what a key does is seen within 300 ms, also in a long list', async () => {
    const screen = await start()
    await enter(screen, '\r', '1 of 10')
    await enter(screen, '\r\r', /Time zone +_/)
    const times: number[] = []
    for (const [index, char] of [...'europe'].entries()) {
      const before = performance.now()
      await enter(screen, char, `${'europe'.slice(0, index + 1)}_`)
      times.push(performance.now() - before)
    }
    expect(Math.max(...times)).toBeLessThan(300)
  })

  test.each([
    ['plain', (text: string) => text, '\r'],
    // A marked paste of a whole key is taken without Enter.
    ['marked', (text: string) => `\x1b[200~${text}\x1b[201~`, ''],
  ])('a token and a long key come through whole, %s', async (_, bytes, take) => {
    const screen = await start()
    await toVpn(screen)
    await enter(screen, '\x1b', '6 of 10')
    const long = rsaKey()
    screen.type(bytes(long) + take)
    await screen.until('2 keys')
    await enter(screen, '\r\r', '7 of 10')
    await enter(screen, '\r', /> Token/)
    screen.type(bytes(token))
    await screen.until('64 characters')
    const stored = JSON.parse(readFileSync(draftPath(), 'utf8'))
    expect(stored.secrets['vpn.token']).toBe(token)
    expect(stored.texts.sshKeys.split('\n')).toEqual([publicKey, long])
  })

  test('the cursor stands where the next character goes', async () => {
    const screen = await start('xterm')
    await toVpnName(screen)
    screen.type('\x15film')
    await screen.until('film_')
    expect(screen.cursor()).toEqual({ row: 5, column: 21, hidden: false })
    await enter(screen, '\x1b[D\x1b[DX', 'film_')
    screen.type('x')
    await screen.until('fixlm')
    expect(screen.cursor()).toMatchObject({ column: 20 })
    await enter(screen, '\x1b', '4 of 10')
    expect(screen.cursor().hidden).toBe(true)
  })

  test('keys whose bytes come slowly are whole keys', async () => {
    const screen = await start()
    await enter(screen, '\r', '1 of 10')
    for (const byte of '\x1b[Z\x1b[B') {
      screen.type(byte)
      await new Promise(resolve => setTimeout(resolve, 30))
    }
    await screen.until('> English (United Kingdom)')
  })

  test('nothing flickers: a key sends only the lines that it changes', async () => {
    const screen = await start()
    await toVpnName(screen)
    await new Promise(resolve => setTimeout(resolve, 400))
    const before = screen.bytes().length
    await enter(screen, 'x', 'mediaserverx')
    await new Promise(resolve => setTimeout(resolve, 200))
    const sent = screen.bytes().slice(before)
    expect(sent).not.toContain('\x1b[2J')
    expect(sent.length).toBeLessThan(400)
  })
})

async function toVpnName(screen: Seen): Promise<void> {
  await enter(screen, '\r', '1 of 10')
  await enter(screen, '\r\r\r', '2 of 10')
  await enter(screen, '\r\r', '3 of 10')
  await enter(screen, ' \r', '4 of 10')
  await enter(screen, '\r', '5 of 10')
}

describe('interruptions', () => {
  test('a console that hangs up goes on where it was', async () => {
    const first = await start()
    await toVpn(first)
    await enter(first, '\r', /> Token/)
    await enter(first, token, '64 characters')
    const ended = new Promise(resolve => first.pty.onExit(resolve))
    first.pty.kill('SIGHUP')
    await ended
    const second = await start()
    await second.until('Go on where you were: VPN (7 of 10)')
    await enter(second, '\r', '64 characters')
    expect(second.rows().join('\n')).toContain('7 of 10')
    await enter(second, '\x1b', 'These may log in (1 key')
  })

  test('a program that is killed loses nothing that was typed a moment before', async () => {
    const first = await start()
    await toVpnName(first)
    await enter(first, '\x15filmbox', 'filmbox_')
    const ended = new Promise(resolve => first.pty.onExit(resolve))
    first.pty.kill('SIGKILL')
    await ended
    const second = await start()
    await enter(second, '\r', 'filmbox')
  })

  test('Ctrl-C leaves a terminal window clean, and keeps what was typed', async () => {
    const screen = await start()
    await toVpnName(screen)
    const ended = new Promise<number>(resolve => screen.pty.onExit(event => resolve(event.exitCode)))
    screen.type('\x03')
    expect(await ended).toBe(0)
    expect(screen.bytes()).toContain('\x1b[?2004l')
    expect(JSON.parse(readFileSync(draftPath(), 'utf8')).screen).toBe('name')
    expect(readdirSync(join(root, 'run/mediaserver'))).toEqual(['draft.json'])
  })

  test('a resize in the middle leaves one whole screen, and what was typed', async () => {
    const screen = await start()
    await toVpnName(screen)
    await enter(screen, '\x15filmbox', 'filmbox_')
    for (const [columns, rows] of [
      [40, 12],
      [132, 43],
      [60, 20],
      [80, 24],
    ] as const) {
      screen.resize(columns, rows)
      await screen.until(new RegExp(`^${'-'.repeat(columns)}$`, 'm'))
      await new Promise(resolve => setTimeout(resolve, 300))
      expect(screen.rows().filter(row => row.includes('5 of 10'))).toHaveLength(1)
      expect(screen.rows().filter(row => row.includes('filmbox'))).not.toHaveLength(0)
    }
  })

  test('a shell in the middle, and back', async () => {
    const screen = await start()
    await toVpnName(screen)
    await enter(screen, '\x1a', 'brings the screen back')
    await enter(screen, 'exit\r', '5 of 10')
  })
})

describe('two consoles', () => {
  test('one answers, the other waits and can take over with all that was typed', async () => {
    const first = await start()
    await toVpnName(first)
    await enter(first, '\x15filmbox', 'filmbox_')
    const second = await start()
    await enter(second, `${down}\r`, 'is answering the questions')
    await enter(second, '\r', 'filmbox')
    await first.until('is answering the questions')
    await enter(first, '\r', 'filmbox')
    await second.until('is answering the questions')
  })
})

describe('disks that come late', () => {
  test('are inspected too: of those that are about to fail that is told', async () => {
    root = layOut('failing-disk')
    const path = join(root, 'recorded/lsblk.json')
    const whole = readFileSync(path, 'utf8')
    const early = JSON.parse(whole).blockdevices.filter((device: { tran: string }) => device.tran === 'usb')
    writeFileSync(path, JSON.stringify({ blockdevices: early }))
    const screen = await start('vt220', usual, 'DataTraveler')
    await enter(screen, '\r', '1 of 10')
    await enter(screen, '\r\r\r', '2 of 10')
    await enter(screen, '\r\r', '3 of 10')
    writeFileSync(path, whole)
    await screen.until(
      /health bad[\s\S]*! it says that it is about to fail[\s\S]*health bad[\s\S]*! it says that it is about to fail/,
    )
  })
})

describe('poor terminals', () => {
  test.each([
    ['dumb', usual],
    ['vt220', { columns: 40, rows: 12 }],
    ['vt220', { columns: 59, rows: 19 }],
  ] as const)('TERM=%s at %j: the questions can be answered', async (term, size) => {
    const screen = await start(term, size)
    await enter(screen, '\r', '1 of 10')
    await enter(screen, '\r\r\r', '2 of 10')
    await enter(screen, '\r\r', '3 of 10')
    await enter(screen, ' \r', '4 of 10')
    await enter(screen, '\r', '5 of 10')
    await enter(screen, '\r', /> Your user/)
    await enter(screen, '\r', '6 of 10')
    for (const row of screen.rows()) expect(row).toMatch(/^[ -~]*$/)
  })
})
