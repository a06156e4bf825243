import { execFileSync } from 'node:child_process'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Machine } from '../../firstboot/machine.ts'
import { safeGlyphs } from '../../firstboot/terminal/charset.ts'
import { layOut } from '../unit/firstboot/recorded.ts'
import { makeBundle, node } from './bundle.ts'
import { type Screen, see, type Seen } from './terminal.ts'

let bundle = ''
let root = ''
let seen: Seen | undefined
beforeAll(async () => {
  bundle = await makeBundle()
  root = layOut('n100-films')
})
afterEach(() => seen?.close())

const usual: Screen = { columns: 80, rows: 24 }
const lastFact = 'S5GXNX0T124Q7K'
// What a service or a CI job may leave in the environment.
const leaks = { CI: 'true', NO_COLOR: '1', FORCE_COLOR: '3', COLUMNS: '10', LINES: '3' }

function start(term: string, screen: Screen = usual, before = ''): Seen {
  const env = { TERM: term, LANG: 'C.UTF-8', MEDIASERVER_ROOT: root, ...leaks, ...screen.env }
  seen = see('/bin/sh', ['-c', `${before} exec "$0" "$1" setup`, node, bundle], { ...screen, env })
  return seen
}
const settled = () => new Promise(resolve => setTimeout(resolve, 400))

describe('the first screen', () => {
  test.each([
    ['vt220', /^[ -~]*$/],
    ['linux', new RegExp(`^[ -~${safeGlyphs}]*$`, 'u')],
    ['xterm', new RegExp(`^[ -~${safeGlyphs}▲▼▶◀]*$`, 'u')],
  ])('TERM=%s shows the machine with characters it has', async (term, characters) => {
    const screen = start(term)
    await screen.until(lastFact)
    await settled()
    expect(screen.rows()[0]).toMatch(/^ Media Server +unknown version$/)
    expect(screen.rows().join('\n')).toContain('you started from this stick')
    expect(screen.rows()[23]).toContain('F2 shell')
    for (const row of screen.rows()) expect(row).toMatch(characters)
  })

  test('it is there before the machine was looked at', async () => {
    const screen = start('vt220')
    await screen.until(lastFact)
    // Seen for a moment only, so what was sent is asked and not what stands there now.
    const [before = ''] = screen.bytes().split(lastFact)
    expect(before).toContain('Media Server')
    expect(before).toContain('looking at this machine')
  })

  test('a resize leaves nothing of the old screen', async () => {
    const screen = start('linux')
    await screen.until(lastFact)
    for (const [columns, rows] of [
      [40, 12],
      [132, 43],
      [60, 20],
      [80, 24],
    ] as const) {
      screen.resize(columns, rows)
      const painted = () => {
        const now = screen.rows()
        const times = (words: string) => now.filter(row => row.includes(words)).length
        return {
          rows: now.length,
          titles: times('Media Server'),
          choices: times('Set up this machine'),
          ruler: now[1],
          keys: now[rows - 1]?.includes('choose'),
        }
      }
      await expect
        .poll(painted, { timeout: 10_000 })
        .toEqual({ rows, titles: 1, choices: 1, ruler: '─'.repeat(columns), keys: true })
    }
    await screen.until(lastFact)
  })

  test('Ctrl-L and F3 repair a damaged screen', async () => {
    const screen = start('vt220')
    await screen.until(lastFact)
    for (const key of ['\x0c', '\x1b[13~']) {
      const before = screen.bytes().length
      screen.type(key)
      await expect.poll(() => screen.bytes().slice(before), { timeout: 10_000 }).toContain('\x1b[2J')
      await screen.until(lastFact)
    }
  })

  test.each(['\x1b[[D', '\x1bOS', '\x1b[14~', 't'])('%j changes to the plain screen and back', async key => {
    const screen = start('linux')
    await screen.until('────')
    screen.type(key)
    await screen.until('-----')
    expect(screen.rows().join('')).toMatch(/^[ -~]*$/)
    screen.type(key)
    await screen.until('────')
  })
})

describe('a window of 0x0, as on a serial line', () => {
  const noSize = 'stty cols 0 rows 0;'

  test('is 80x24 when the terminal says nothing', async () => {
    const screen = start('vt220', { ...usual, answers: false }, noSize)
    await screen.until(lastFact)
    await settled()
    expect(screen.rows()[23]).toContain('F10 power')
    expect(screen.rows()[1]).toBe('-'.repeat(80))
  })

  test('becomes what the terminal answers', async () => {
    const screen = start('vt220', { columns: 100, rows: 30 }, noSize)
    await screen.until('-'.repeat(100))
    await screen.until(lastFact)
    await settled()
    expect(screen.rows()[29]).toContain('F10 power')
  })
})

describe('a way out', () => {
  test.each(['\x1b[[B', '\x1bOQ', '\x1b[12~', 's', '\x1a', '\x1b[B\r'])('%j opens a shell that returns', async key => {
    const screen = start('vt220')
    await screen.until(lastFact)
    screen.type(key)
    await screen.until('brings the screen back')
    screen.type('PS1=; echo "sum $((40 + 2)) $(stty size) [$FORCE_COLOR]"\r')
    await screen.until('sum 42 24 80 []')
    screen.type('stty raw -echo; exit\n')
    await screen.until('Open a shell')
    await screen.until(lastFact)
    screen.type('\x1b[21~')
    await screen.until('Power off')
  })

  test.each(['\x1b[21~', 'p'])('%j opens the power menu, and Escape leaves it', async key => {
    const screen = start('linux')
    await screen.until(lastFact)
    screen.type(key)
    await screen.until('> Back')
    screen.type('\x1b[B')
    await screen.until('> Restart')
    screen.type('\x1b[B')
    await screen.until('> Power off')
    screen.type('\x1b')
    await screen.until('> Set up this machine')
  })

  test('keys whose bytes come slowly are whole keys', async () => {
    const screen = start('linux')
    await screen.until(lastFact)
    for (const byte of '\x1b[21~') {
      screen.type(byte)
      await new Promise(resolve => setTimeout(resolve, 60))
    }
    await screen.until('> Back')
  })

  test('a signal to end gives the terminal back', async () => {
    const screen = start('linux')
    await screen.until(lastFact)
    const ended = new Promise<number>(resolve => screen.pty.onExit(event => resolve(event.exitCode)))
    screen.pty.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(screen.bytes()).toMatch(/\x1b\[\?25h$/) // oxlint-disable-line no-control-regex
  })
})

test('probe --json prints what the schema describes', () => {
  const env = { PATH: process.env['PATH'] ?? '', MEDIASERVER_ROOT: root }
  const output = execFileSync(node, [bundle, 'probe', '--json'], { env, encoding: 'utf8' })
  expect(Machine.parse(JSON.parse(output)).disks).toHaveLength(3)
})
