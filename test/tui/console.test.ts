import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { answersToJson } from '../../firstboot/answers/json.ts'
import { verification } from '../unit/firstboot/applying.ts'
import { layOut } from '../unit/firstboot/recorded.ts'
import { presentAnswers } from '../unit/wizard/wizard.ts'
import { enter, toAgree } from './answering.ts'
import { makeBundle, node } from './bundle.ts'
import { see, type Seen } from './terminal.ts'

let bundle = ''
let root = ''
let open: Seen[] = []
beforeAll(async () => {
  bundle = await makeBundle()
})
beforeEach(() => {
  root = layOut('n100-films')
  mkdirSync(join(root, 'run/mediaserver'), { recursive: true })
})
afterEach(() => {
  for (const screen of open) screen.close()
  open = []
})

const [up, down] = ['\x1b[A', '\x1b[B']

function start(command: 'setup' | 'console' = 'setup', term = 'linux'): Seen {
  const env = { TERM: term, LANG: 'C.UTF-8', MEDIASERVER_ROOT: root }
  const seen = see(node, [bundle, command], { columns: 80, rows: 24, env })
  open.push(seen)
  return seen
}

const changes = [
  { id: 'partition', title: 'Prepare the SSD', weight: 5 },
  { id: 'copy-system', title: 'Copy the system', weight: 90 },
]
const say = (...events: readonly object[]) =>
  appendFileSync(
    join(root, 'run/mediaserver/events.jsonl'),
    events.map(event => `${JSON.stringify({ at: Date.now(), ...event })}\n`).join(''),
  )
const begin = () => say({ type: 'begun', planHash: 'h', mode: 'install', changes })

describe('a console, whoever began the set-up', () => {
  test('shows the progress, the log behind a key, a failure with its mend, and goes on from it', async () => {
    const screen = start()
    await screen.until('Set up this machine')
    begin()
    say({ type: 'started', id: 'partition' }, { type: 'done', id: 'partition', evidence: '5 partitions' })
    say({ type: 'started', id: 'copy-system' }, { type: 'log', id: 'copy-system', line: 'a line of the log' })
    await screen.until('If the power fails now')
    await screen.until('5 partitions')
    screen.type('l')
    await screen.until('a line of the log')
    screen.type('l')
    await screen.until('If the power fails now')
    say({ type: 'failed', id: 'copy-system', message: 'The stick is gone.', mend: 'Put it back.' })
    await screen.until('Put it back.')
    await screen.until('Try again')
    screen.type('\r')
    await screen.until('Trying again')
    begin()
    say({ type: 'found-done', id: 'partition', evidence: '5 partitions' }, { type: 'started', id: 'copy-system' })
    await screen.until('If the power fails now')
    say({ type: 'done', id: 'copy-system', evidence: '30000 files compared' }, { type: 'finished' })
    await screen.until('30000 files compared')
    await screen.until('Finished')
  })

  test('shows the made-up password once, and only when asked', async () => {
    writeFileSync(
      join(root, 'run/mediaserver/credentials.json'),
      JSON.stringify({ console: { user: 'anna', password: 'abcd-efgh-jkmn-pqrs' } }),
    )
    begin()
    say({ type: 'finished' })
    const screen = start()
    await screen.until('Finished')
    expect(screen.bytes()).not.toContain('abcd-efgh')
    screen.type('p')
    await screen.until('abcd-efgh-jkmn-pqrs')
    screen.type('\r')
    await screen.until('Shown once')
    expect(screen.rows().join('\n')).not.toContain('abcd-efgh')
  })
})

describe('the answers after a failure', () => {
  const fail = () => say({ type: 'failed', id: 'partition', message: 'The disk is full.', mend: 'Take another.' })
  /** Answers everything, agrees, and sees the set-up fail. */
  async function startAndFail(screen: Seen): Promise<void> {
    await screen.until(/Set up this machine/)
    await screen.until('S5GXNX0T124Q7K')
    await toAgree(screen)
    await enter(screen, '4Q7K\r', 'Starting to set this machine up')
    begin()
    await screen.until('If the power fails now')
    fail()
    await screen.until('Edit the answers')
  }
  const expectSummary = async (screen: Seen) => {
    await screen.until('> This is right: go on')
    const text = screen.rows().join('\n')
    for (const words of ['user anna', 'Europe/Berlin', 'NordVPN with a token', '[ERASE] Samsung'])
      expect(text).toContain(words)
    expect(text).not.toContain('not answered yet')
  }

  test('are changed on the console that began it, and it begins again with them', async () => {
    const screen = start('setup', 'vt220')
    await startAndFail(screen)
    screen.type(`${down}\r`)
    await expectSummary(screen)
    for (const _ of Array(6)) screen.type(up)
    await enter(screen, '\r', '5 of 10')
    await enter(screen, '\x15filmbox\r\r', 'filmbox.local, user anna')
    await enter(screen, '\r', '[ERASE]  Samsung')
    await enter(screen, '4Q7K\r', 'Starting to set this machine up')
    await expect.poll(() => readFileSync(join(root, 'run/mediaserver/request.json'), 'utf8')).toContain('filmbox')
    begin()
    await screen.until('If the power fails now')
    // And as often as it fails.
    fail()
    await screen.until('Edit the answers')
    await enter(screen, `${down}\r`, 'filmbox.local, user anna')
  })

  test('are changed on another console, with all that was typed on the first', async () => {
    const other = start('setup', 'vt220')
    await other.until('Set up this machine')
    await startAndFail(start('setup', 'vt220'))
    await other.until('Decide on this console')
    await enter(other, 't', 'Edit the answers')
    other.type(`${down}\r`)
    await expectSummary(other)
    await enter(other, '\r', '[ERASE]  Samsung')
  })

  test('are those that were agreed to when nothing was kept, as after a restart', async () => {
    await startAndFail(start('setup', 'vt220'))
    rmSync(join(root, 'run/mediaserver/draft.json'))
    rmSync(join(root, 'run/mediaserver/owner.json'))
    const later = start('setup', 'vt220')
    await later.until('Edit the answers')
    later.type(`${down}\r`)
    await expectSummary(later)
  })

  test('are changed after a password where everybody sees the machine’s state', async () => {
    root = layOut('installed')
    mkdirSync(join(root, 'run/mediaserver'), { recursive: true })
    say({ type: 'begun', planHash: 'h', mode: 'configure', changes })
    fail()
    const screen = start('console')
    await screen.until('Edit the answers')
    await enter(screen, `${down}\r`, 'It looks at everything that the set-up has made')
  })
})

describe('before the answers on the stick are used', () => {
  const countDown = (seconds: number) =>
    writeFileSync(
      join(root, 'run/mediaserver/beginning.json'),
      JSON.stringify({
        kind: 'countdown',
        until: Date.now() + seconds * 1000,
        plan: ['[ERASE] Samsung SSD 980 PRO 1TB  1.0 TB  serial S5GXNX0T124Q7K', '  1  Prepare the SSD'],
      }),
    )

  test('every console counts down, and any key stops it', async () => {
    countDown(60)
    const screen = start()
    await screen.until('[ERASE] Samsung SSD 980 PRO 1TB')
    await screen.until('Nothing has been written yet')
    screen.type('x')
    await screen.until('Set up this machine')
    expect(existsSync(join(root, 'run/mediaserver/cancel'))).toBe(true)
  })

  test('or why it does not go on by itself is told, for whoever stands before it', async () => {
    const problems = ['mediaserver.yaml: filmbox is set up already. Pull out the stick and restart the machine.']
    writeFileSync(join(root, 'run/mediaserver/beginning.json'), JSON.stringify({ kind: 'ask', problems }))
    const screen = start()
    await screen.until('Nothing was started by itself')
    await screen.until('filmbox is set up already')
  })

  test('the progress takes its place', async () => {
    countDown(60)
    const screen = start()
    await screen.until('Nothing has been written yet')
    writeFileSync(join(root, 'run/mediaserver/beginning.json'), '{"kind":"started"}')
    begin()
    await screen.until('If the power fails now')
  })
})

describe('the console of an installed machine', () => {
  test('shows how it is instead of a bare login, and no shell', async () => {
    root = layOut('installed')
    mkdirSync(join(root, 'etc'), { recursive: true })
    writeFileSync(join(root, 'etc/hostname'), 'filmbox\n')
    const screen = start('console')
    await screen.until('filmbox')
    await screen.until('Log in')
    expect(screen.rows().join('\n')).not.toContain('Open a shell')
    screen.type('\x1b[21~')
    await screen.until('Power off')
  })

  test('lets its set-up be run again from the present answers, and from no others', async () => {
    root = layOut('installed')
    mkdirSync(join(root, 'var/lib/mediaserver'), { recursive: true })
    writeFileSync(join(root, 'var/lib/mediaserver/answers.json'), answersToJson(presentAnswers))
    const screen = start('setup', 'vt220')
    await screen.until('> Change the answers that this machine was set up with')
    expect(screen.rows().join('\n')).not.toContain('Set up this machine')
    await enter(screen, '\r', 'filmbox.local, user anna')
    await screen.until('> This is right: go on')
    await enter(screen, '\r', 'No disk will be erased')
  })

  test('shows what does not work any more by itself, and its mend behind a key', async () => {
    root = layOut('installed')
    const kept = (at: number, verdict: 'pass' | 'fail') => {
      const results = verification.results
        .filter(result => result.verdict === 'fail')
        .map(result => ({ ...result, verdict, at, since: at }))
      mkdirSync(join(root, 'var/lib/mediaserver'), { recursive: true })
      writeFileSync(join(root, 'var/lib/mediaserver/verify.json'), JSON.stringify({ at, results }))
    }
    kept(Date.now() - 180_000, 'pass')
    const screen = start('console')
    await screen.until('3 minutes ago: 1 pass')
    kept(Date.now(), 'fail')
    await screen.until('fail  Services may add films')
    screen.type('v')
    await screen.until('sudo chown 1000:1000')
    screen.type('r')
    await screen.until('Verifying')
    kept(Date.now() + 1000, 'pass')
    await screen.until('1 pass, just now')
    expect(screen.rows().join('\n')).not.toContain('Verifying')
  })
})
