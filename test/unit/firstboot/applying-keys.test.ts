import { describe, expect, test } from 'vitest'
import {
  failedExtent,
  failedScreen,
  type FailedState,
  initialFailed,
  reduceFailed,
} from '../../../firstboot/screens/failed.ts'
import {
  finishedExtent,
  finishedScreen,
  type FinishedState,
  initialFinished,
  proofsOf,
  reduceFinished,
} from '../../../firstboot/screens/finished.ts'
import { amountWords, clock, leftWords } from '../../../firstboot/screens/progress-words.ts'
import {
  initialStatus,
  reduceStatus,
  statusExtent,
  statusScreen,
  type StatusState,
} from '../../../firstboot/screens/status.ts'
import {
  initialWorking,
  reduceWorking,
  workingExtent,
  workingScreen,
  type WorkingState,
} from '../../../firstboot/screens/working.ts'
import { progressOf } from '../../../firstboot/progress/reduce.ts'
import type { Key, KeyName } from '../../../firstboot/terminal/keys.ts'
import { textOf } from '../../../firstboot/terminal/lines.ts'
import { serviceTable } from '../../../firstboot/status/services.ts'
import { failedInput, finishedInput, middle, status, statusInput, well, working, workingInput } from './applying.ts'

const usual = { charset: 'ascii', columns: 80, rows: 24 } as const
const small = { charset: 'ascii', columns: 40, rows: 12 } as const
const key = (name: string): Key => (name.length === 1 ? { name: 'char', char: name } : { name: name as KeyName })
const named = 'up down home end pageup pagedown enter escape tab backspace delete interrupt'.split(' ')
const everyKey = [
  ...Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)),
  ...named,
  ...Array.from({ length: 12 }, (_, index) => `f${index + 1}`),
]

describe('working', () => {
  const press = (state: WorkingState, name: string, owner = true, show: typeof usual | typeof small = usual) =>
    reduceWorking(state, key(name), { extent: workingExtent(workingInput(show, state)), owner })
  const all = (names: string, show: typeof usual | typeof small = usual) =>
    names.split(' ').reduce((state, name) => press(state, name, true, show).state, initialWorking)
  const seen = (state: WorkingState, show: typeof usual | typeof small = usual) =>
    workingScreen(workingInput(show, state)).map(textOf).join('\n')

  test('no key stops the machine while disks are written', () => {
    for (const view of ['steps', 'log', 'help'] as const) {
      for (const name of everyKey) {
        const { effect } = press({ ...initialWorking, view }, name)
        expect([undefined, 'shell', 'redraw', 'plain', 'quit']).toContain(effect)
      }
    }
    expect(seen(all('f10'))).toContain('Not now: disks are being written.')
    expect(seen(all('f10 up'))).not.toContain('Not now')
  })
  test('the log opens at its newest line, is scrolled to its oldest, and closes', () => {
    expect(seen(all('l'))).toContain('Loaded image: sonarr')
    expect(seen(all('l home'))).toContain('GPT data structures destroyed!')
    expect(seen(all('l home end'))).toContain('Loaded image: sonarr')
    expect(all('l pageup').top).not.toBeNull()
    expect(all('l pageup pagedown pagedown').top).toBeNull()
    expect(all('l L').view).toBe('steps')
    expect(all('l escape').view).toBe('steps')
  })
  test('every line of the log can be reached on a small screen', () => {
    let state = all('l home', small)
    let text = ''
    for (let turn = 0; turn < 60; turn++) {
      text += seen(state, small)
      state = press(state, 'down', true, small).state
    }
    for (let file = 0; file < 30; file++) expect(text.replaceAll('\n ', '')).toContain(`libexample.so.${file}`)
  })
  test('a log that is being read stays where it is when lines come', () => {
    const state = all('l home down down')
    const line = (screen: string) => screen.split('\n')[3]
    const more = progressOf(
      [
        ...middle,
        ...Array.from({ length: 300 }, (_, n) => ({ type: 'log', at: 1, id: 'unpack', line: `${n}` }) as const),
      ],
      0,
    )
    const later = workingScreen(workingInput(usual, state, { progress: more }))
      .map(textOf)
      .join('\n')
    expect(line(later)).toBe(line(seen(state)))
    expect(later).toContain('from line 3 of 332')
  })
  test('only a console that does not decide can take over', () => {
    expect(press(initialWorking, 't', false).effect).toBe('take-over')
    expect(press(initialWorking, 't', true).effect).toBeUndefined()
  })
  test('help can be read to its end on a small screen', () => {
    expect(seen(all('f1 end', small), small)).toContain('being written.')
  })
})

describe('failed', () => {
  const press = (state: FailedState, name: string, owner = true) =>
    reduceFailed(state, key(name), { extent: failedExtent(failedInput(usual, state)), owner })
  const choose = (downs: number, owner = true) => {
    let state = initialFailed
    for (let step = 0; step < downs; step++) state = press(state, 'down', owner).state
    return press(state, 'enter', owner)
  }
  test('what the owner can choose', () => {
    expect([0, 1, 3, 4].map(entry => choose(entry).effect)).toEqual(['retry', 'edit', 'shell', 'report'])
    expect(choose(2).state.view).toBe('log')
    expect(choose(5).state.view).toBe('power')
    expect(choose(4).state.notice).toContain('Saving')
  })
  test('a console that reads along cannot try again, and can take over', () => {
    for (const name of everyKey) {
      for (const view of ['menu', 'log'] as const) {
        const { effect } = press({ ...initialFailed, view }, name, false)
        expect([undefined, 'shell', 'redraw', 'plain', 'quit', 'take-over']).toContain(effect)
      }
    }
    expect(choose(1, false).effect).toBe('take-over')
  })
  test('power: the harmless entry first, and only Enter switches off', () => {
    const power = press(initialFailed, 'f10').state
    expect(press(power, 'enter')).toEqual({ state: initialFailed })
    expect(press(press(power, 'down').state, 'enter').effect).toBe('restart')
    expect(press(press(power, 'up').state, 'enter').effect).toBe('poweroff')
    for (const name of everyKey.filter(name => name !== 'enter')) {
      expect(['restart', 'poweroff']).not.toContain(press(press(power, 'up').state, name).effect)
    }
  })
  test('the log is left with L, Escape and Enter, back to the entry that opened it', () => {
    const opened = choose(2).state
    for (const name of ['l', 'escape', 'enter'])
      expect(press(opened, name).state).toMatchObject({ view: 'menu', chosen: 2 })
  })
  test('everything there is to say can be read on a small screen', () => {
    let state = initialFailed
    let text = ''
    for (let page = 0; page < 8; page++) {
      text += failedScreen(failedInput(small, state)).map(textOf).join('\n')
      state = reduceFailed(state, key('pagedown'), {
        extent: failedExtent(failedInput(small, state)),
        owner: true,
      }).state
    }
    for (const words of ['NordVPN refused', 'my.nordaccount.com', 'stays done.']) expect(text).toContain(words)
  })
  test('without a known failure there still is a sentence and a mend', () => {
    const progress = { ...working, phase: 'failed', failure: null } as const
    const text = failedScreen(failedInput(usual, {}, { progress }))
      .map(textOf)
      .join('\n')
    expect(text).toContain('Setting up did not work.')
    expect(text).toContain('The log may tell more.')
  })
})

describe('finished', () => {
  const press = (state: FinishedState, name: string, passwords = true) =>
    reduceFinished(state, key(name), {
      extent: finishedExtent(finishedInput(usual, state)),
      passwords,
      mode: 'install',
    })
  const seen = (state: FinishedState, more = {}) =>
    finishedScreen(finishedInput(usual, state, more))
      .map(textOf)
      .join('\n')

  test('Enter restarts, in words that fit to where it was started from', () => {
    expect(press(initialFinished, 'enter').effect).toBe('restart')
    expect(seen(initialFinished)).toContain('Restart, and pull out the stick')
    expect(seen(initialFinished, { mode: 'in-place' })).not.toContain('stick')
    expect(seen(initialFinished, { mode: 'configure' })).toContain('Done')
  })
  test('passwords are seen after P and on no other view', () => {
    expect(seen(press(initialFinished, 'p').state)).toContain('correct-horse-7')
    for (const view of ['end', 'proof', 'code', 'power'] as const)
      expect(seen({ ...initialFinished, view })).not.toContain('correct-horse-7')
  })
  test('however they are left, they are forgotten, and P says where they are', () => {
    const shown = press(initialFinished, 'p').state
    for (const name of ['escape', 'enter', 'p', 'v', 'q', 'f10', 'f2']) {
      const left = press(shown, name)
      expect(left.effect).toBe('forget-passwords')
      expect(left.state.view).toBe('end')
    }
    const again = press(initialFinished, 'p', false)
    expect(again.state.view).toBe('end')
    expect(seen(again.state, { passwords: null })).toContain('sudo mediaserver credentials')
  })
  test('a long password is never cut off', () => {
    const long = 'x'.repeat(100)
    const passwords = [{ service: 'Plex', user: 'anna', password: { reveal: () => long } }]
    expect(seen({ ...initialFinished, view: 'passwords' }, { passwords }).replaceAll(/[\n ]/g, '')).toContain(long)
  })
  test('the proof in full tells how to mend a warning', () => {
    expect(seen(press(initialFinished, 'v').state)).toContain('forward TCP port 32400')
    expect(press(press(initialFinished, 'v').state, 'enter').state).toEqual(initialFinished)
  })
  test('a machine that runs from its own disk can be verified again, another one cannot', () => {
    const configured = (state: FinishedState, name: string) =>
      reduceFinished(state, key(name), {
        extent: { first: 0, last: 0, room: 10 },
        passwords: true,
        mode: 'configure',
      })
    const proof = configured(initialFinished, 'v').state
    expect(configured(proof, 'r').effect).toBe('verify')
    expect(configured(configured(proof, 'down').state, 'enter').effect).toBe('verify')
    expect(configured(configured(proof, 'up').state, 'enter').state.view).toBe('explained')
    expect(configured(proof, 'escape').state).toEqual(initialFinished)
    expect(press(press(initialFinished, 'v').state, 'r').effect).toBeUndefined()
  })
  test('power is asked for twice', () => {
    const power = press(initialFinished, 'f10').state
    expect(press(power, 'enter')).toEqual({ state: initialFinished })
    expect(press(press(power, 'up').state, 'enter').effect).toBe('poweroff')
  })
  test('where nothing else was tried, each change is its own proof', () => {
    expect(proofsOf(working)).toEqual([
      { verdict: 'pass', title: 'Copy the system', words: '18080 files, all of them as built', detail: [] },
      { verdict: 'pass', title: 'Make it start by itself', words: 'UEFI and BIOS', detail: [] },
    ])
  })
})

describe('status', () => {
  const press = (state: StatusState, name: string) =>
    reduceStatus(state, key(name), { extent: statusExtent(statusInput(usual, state)) })
  test('no key opens a shell without a login', () => {
    for (const view of ['home', 'again', 'power', 'code'] as const)
      for (const name of everyKey) expect(press({ ...initialStatus, view }, name).effect).not.toBe('shell')
    for (const name of ['l', 'L', 'f2', 'enter']) expect(press(initialStatus, name).effect).toBe('login')
  })
  test('the set-up runs again only after a second yes', () => {
    const asked = press(initialStatus, 's')
    expect(asked.effect).toBeUndefined()
    expect(press(asked.state, 'enter')).toEqual({ state: initialStatus })
    for (const name of everyKey.filter(name => name !== 'enter'))
      expect(press(press(asked.state, 'down').state, name).effect).not.toBe('setup-again')
    expect(press(press(asked.state, 'down').state, 'enter').effect).toBe('setup-again')
  })
  test('what was proven, how, and again', () => {
    const proof = press(initialStatus, 'v').state
    expect(proof.view).toBe('proof')
    expect(press(proof, 'r').effect).toBe('verify')
    expect(press(press(proof, 'down').state, 'enter').effect).toBe('verify')
    const explained = press(press(proof, 'up').state, 'enter').state
    expect(explained.view).toBe('explained')
    for (const name of ['v', 'escape', 'enter']) expect(press(explained, name).state).toEqual(initialStatus)
    expect(press(initialStatus, 'r').effect).toBeUndefined()
  })
  test('what fails is in sight at once, and its mend after one key', () => {
    const shown = (state: StatusState) => statusScreen(statusInput(usual, state)).map(textOf).join('\n')
    expect(shown(initialStatus)).toContain('fail  Services may add films')
    expect(shown({ ...initialStatus, view: 'proof' })).toContain('sudo chown 1000:1000')
  })
  test('a code to scan and back', () => {
    expect(press(initialStatus, 'q').state.view).toBe('code')
    expect(press(press(initialStatus, 'q').state, 'escape').state).toEqual(initialStatus)
  })
  test('with every service there is, a usual screen shows all at once when all is well', () => {
    const open = ['Plex', 'Bazarr', 'Jellyseerr', 'Prowlarr', 'Radarr', 'Sonarr']
    const names = [
      ...open,
      'VPN',
      'qBittorrent',
      'Caddy',
      'DDNS updater',
      'Docker',
      ...serviceTable.map(({ name }) => name),
    ]
    const more = {
      pages: open.map((name, index) => ({ name, port: 8000 + index, path: '' })),
      services: [...new Set(names)].map(name => ({ name, state: 'running' as const, look: '' })),
      verification: well,
    }
    const input = statusInput(usual, {}, { status: { ...status, ...more } })
    const screen = statusScreen(input).map(textOf).join('\n')
    expect(statusExtent(input)).toMatchObject({ first: 0, last: 0 })
    for (const { name } of more.services) expect(screen.replaceAll(/\s+/g, ' ')).toContain(name)
    for (const { name, port } of more.pages) expect(screen).toMatch(new RegExp(`${name} +http://192.168.1.57:${port}`))
    for (const words of ['mediaserver.local', 'ssh anna@192.168.1.57', '/data is ready', '2 pass', 'Q code to scan'])
      expect(screen).toContain(words)
  })

  test('before the first set-up nothing is called off', () => {
    const input = statusInput(usual, {}, { status: { ...status, firstSetUp: true, services: [], verification: null } })
    const screen = statusScreen(input).map(textOf).join('\n')
    expect(screen).toMatch(/Services\n +not set up yet/)
  })

  test('why the internet is kept out of Jellyseerr is in sight', () => {
    const input = statusInput(usual, {}, { status: { ...status, closed: 'Sign in to Plex.' } })
    expect(statusScreen(input).map(textOf).join('\n')).toContain('closed to the internet. Sign in to Plex.')
  })

  test('every fact can be read on a small screen', () => {
    let state = initialStatus
    let text = ''
    for (let page = 0; page < 12; page++) {
      text += statusScreen(statusInput(small, state)).map(textOf).join('\n')
      state = reduceStatus(state, key('pagedown'), { extent: statusExtent(statusInput(small, state)) }).state
    }
    for (const words of ['192.168.1.57', 'ssh anna@', 'Lock against', '/data is ready', '2 pass, 1 warn'])
      expect(text).toContain(words)
  })
})

test('times and amounts as people say them', () => {
  expect([0, 59, 192, 3783].map(clock)).toEqual(['0:00', '0:59', '3:12', '1:03:03'])
  expect([null, 5, 60, 150, 5000, 6000].map(leftWords)).toEqual([
    '',
    'under 1 min left',
    'about 1 min left',
    'about 3 min left',
    'about 83 min left',
    'about 2 h left',
  ])
  expect(amountWords({ done: 6, total: 9 })).toBe('6 of 9')
  expect(amountWords({ done: 412e6, total: 690e6 })).toBe('412 MB of 690 MB')
  expect(amountWords({ done: null, total: null })).toBe('')
})
