import { describe, expect, test } from 'vitest'
import {
  CALM,
  decide,
  type Memory,
  type Remedy,
  remedyFor,
  type Seen,
  waitAfter,
} from '../../../firstboot/vpn/supervisor/decide.ts'
import type { KnownCondition } from '../../../firstboot/vpn/supervisor/condition-file.ts'
import { parseContainer } from '../../../firstboot/vpn/supervisor/look.ts'
import { watch } from '../../../firstboot/vpn/supervisor/watch.ts'

const running = { running: true, network: 'net:[1]', age: 600, refused: false }
const refused = { running: false, network: '', age: 0, refused: true }
const fine: Seen = {
  containers: { gate: running, client: running },
  applying: false,
  killSwitch: 'none',
  tunnel: { alive: true, words: '' },
  online: null,
}
const dead: Seen = { ...fine, tunnel: { alive: false, words: 'nothing comes through the tunnel' }, online: true }
const stranded: Seen = { ...fine, containers: { gate: { ...running, network: 'net:[2]' }, client: running } }

/** Looks at the same thing again and again; gives each remedy with the second at which it was chosen. */
function remediesOver(seen: Seen, seconds: number, step = 8): [number, Remedy][] {
  let memory: Memory = CALM
  const remedies: [number, Remedy][] = []
  for (let now = 0; now < seconds; now += step) {
    const decision = decide(seen, memory, now)
    memory = decision.memory
    if (decision.remedy !== null) remedies.push([now, decision.remedy])
  }
  return remedies
}

describe('the supervisor', () => {
  test('does nothing when all is well', () => {
    expect(decide(fine, CALM, 0)).toEqual({
      condition: { state: 'protected', words: 'Downloads go through the tunnel.' },
      remedy: null,
      memory: CALM,
    })
  })

  test('puts the lock in force before it looks at anything else', () => {
    for (const killSwitch of ['all', 'endpoints'] as const)
      for (const seen of [fine, dead, stranded, { ...fine, containers: null }, { ...fine, applying: true }])
        expect(decide({ ...seen, killSwitch }, CALM, 0)).toMatchObject({
          condition: { state: 'unlocked' },
          remedy: 'lock',
        })
  })

  test('tells the lock of another network of the home beside everything else, and calls that no trouble', () => {
    const moved = { ...fine, killSwitch: 'networks' } as const
    expect(decide(moved, CALM, 0)).toMatchObject({ condition: { state: 'protected' }, remedy: 'lock', memory: CALM })
    expect(decide({ ...moved, applying: true }, CALM, 0)).toMatchObject({ remedy: 'lock' })
    // A lock that cannot be told must not keep the tunnel from being mended.
    expect(decide({ ...dead, killSwitch: 'networks' }, CALM, 0)).toMatchObject({
      condition: { state: 'no-tunnel' },
      remedy: 'renew',
      memory: { tries: 1 },
    })
  })

  test('tries the same server once, then others, then everything anew, ever more seldom', () => {
    const remedies = remediesOver(dead, 3600)
    expect(remedies.map(([, remedy]) => remedy).slice(0, 5)).toEqual([
      'renew',
      'next-server',
      'next-server',
      'next-server',
      'recreate',
    ])
    const pauses = remedies.slice(1).map(([at], index) => at - (remedies[index]?.[0] ?? 0))
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b))
    expect(remedies.length).toBeLessThan(10)
    expect(remediesOver(dead, 24 * 3600).length).toBeLessThan(110)
  })

  test('starts what Docker could not start by itself, and leaves alone what somebody has stopped', () => {
    const alone = { ...fine, containers: { gate: running, client: refused } }
    expect(remediesOver(alone, 200).map(([, remedy]) => remedy)).toEqual(['start-client', 'start-client', 'recreate'])
    expect(remediesOver(alone, 1)).toEqual([[0, 'start-client']])
    const neither = { ...fine, containers: { gate: refused, client: refused }, tunnel: null }
    expect(remediesOver(neither, 60)).toEqual([[40, 'recreate']])
    const stopped = { ...refused, refused: false }
    expect(remediesOver({ ...fine, containers: { gate: running, client: stopped } }, 900)).toEqual([])
    expect(remediesOver({ ...fine, containers: { gate: stopped, client: stopped }, tunnel: null }, 900)).toEqual([])
  })

  test('begins anew once the tunnel has worked again', () => {
    const tired = { troubleSince: 0, tries: 9, waitUntil: 5000 }
    expect(decide(fine, tired, 100).memory).toEqual(CALM)
    expect(decide(dead, decide(fine, tired, 100).memory, 120).remedy).toBe('renew')
  })

  test('does not look for another server when the home itself is cut off, and goes on at once when it is back', () => {
    expect(remediesOver({ ...dead, online: false }, 3600)).toEqual([])
    const { memory, condition } = decide({ ...dead, online: false }, { troubleSince: 0, tries: 3, waitUntil: 900 }, 60)
    expect(condition.state).toBe('offline')
    expect(decide(dead, memory, 61).remedy).toBe('next-server')
  })

  test('gives a container that was just started its time', () => {
    const young = { ...dead, containers: { gate: { ...running, age: 5 }, client: running } }
    expect(decide(young, CALM, 0)).toMatchObject({ condition: { state: 'starting' }, remedy: null })
    expect(decide({ ...young, containers: { gate: { ...running, age: 50 }, client: running } }, CALM, 0).remedy).toBe(
      'renew',
    )
  })

  test('leads the tunnel away from a dead server while answers are applied, and touches no container meanwhile', () => {
    const applying = { ...dead, applying: true }
    const remedies = remediesOver(applying, 3600).map(([, remedy]) => remedy)
    expect(remedies.slice(0, 6)).toEqual(['renew', ...Array.from({ length: 5 }, () => 'next-server')])
    expect(remedies).not.toContain('recreate')
    // A first start waits five minutes at least.
    expect(remediesOver(applying, 255).map(([, remedy]) => remedy)).toContain('next-server')
    expect(remediesOver({ ...applying, online: false }, 3600)).toEqual([])
  })

  test('gives a container that applying has made anew its time, whatever was tried before', () => {
    const young = { ...dead, applying: true, containers: { gate: { ...running, age: 5 }, client: null } }
    const tired = { troubleSince: 0, tries: 2, waitUntil: 0 }
    expect(decide(young, tired, 100)).toMatchObject({ condition: { state: 'starting' }, remedy: null, memory: tired })
    const old = { ...young, containers: { gate: running, client: null } }
    expect(decide(old, tired, 100)).toMatchObject({ condition: { state: 'no-tunnel' }, remedy: 'next-server' })
  })

  test('leaves everything to whoever applies while there is no tunnel to look at', () => {
    const none = [
      null,
      { gate: null, client: null },
      { gate: refused, client: refused },
      { gate: running, client: refused },
    ]
    for (const containers of none)
      expect(remediesOver({ ...fine, containers, tunnel: null, applying: true }, 600)).toEqual([])
    expect(remediesOver({ ...fine, containers: { gate: running, client: refused }, applying: true }, 600)).toEqual([])
  })

  test('makes both containers anew when one is left in a dead network, but not while somebody is at it', () => {
    const [first] = remediesOver(stranded, 600)
    expect(first).toEqual([40, 'recreate'])
    expect(remediesOver({ ...stranded, applying: true }, 600)).toEqual([])
    const gone = { ...fine, containers: { gate: { ...running, running: false, network: '' }, client: running } }
    expect(remediesOver(gone, 60)).toEqual([[40, 'recreate']])
    expect(remediesOver({ ...fine, containers: { gate: null, client: running } }, 60)).toEqual([[40, 'recreate']])
  })

  test('leaves alone what somebody has stopped, and a Docker that does not answer', () => {
    const off = { ...running, running: false, network: '', age: 0 }
    for (const containers of [{ gate: off, client: off }, { gate: null, client: null }, null])
      expect(remediesOver({ ...fine, containers, tunnel: null }, 3600)).toEqual([])
    const noDownloads = { ...fine, containers: { gate: running, client: off } }
    expect(decide(noDownloads, CALM, 0).condition.state).toBe('protected')
  })

  test('never says that downloads are protected when it does not know', () => {
    expect(decide({ ...fine, tunnel: null }, CALM, 0).condition.state).toBe('unknown')
    expect(decide(dead, CALM, 0).condition.state).toBe('no-tunnel')
  })

  test('waits a quarter of an hour at most, and comes back to every remedy', () => {
    expect([1, 2, 3, 6, 60].map(waitAfter)).toEqual([30, 60, 120, 900, 900])
    expect([0, 1, 4, 5, 8].map(remedyFor)).toEqual(['renew', 'next-server', 'recreate', 'next-server', 'recreate'])
  })
})

describe('its watch', () => {
  async function watched(looks: readonly (() => Promise<Seen>)[], mend: (remedy: Remedy) => Promise<string>) {
    const stop = new AbortController()
    const said: string[] = []
    const kept: KnownCondition[] = []
    let round = 0
    await watch({
      look: async () => {
        const look = looks[round]
        round += 1
        if (round >= looks.length) stop.abort()
        return await (look ?? (() => Promise.resolve(fine)))()
      },
      mend,
      keep: async condition => void kept.push(condition),
      say: line => said.push(line),
      clock: { now: () => 1000, seconds: () => 0 },
      signal: stop.signal,
    })
    return { said, kept }
  }

  test('says what it sees and does, and goes on when it cannot look or mend', async () => {
    const once = await watched([() => Promise.reject(new Error('nft is gone'))], () => Promise.reject(new Error('no')))
    expect(once.said).toEqual(['The VPN could not be looked at: nft is gone'])
    expect(once.kept[0]).toMatchObject({ state: 'unknown', at: 1000 })
    const locked = await watched([() => Promise.resolve({ ...fine, killSwitch: 'all' })], () =>
      Promise.reject(new Error('no nft')),
    )
    expect(locked.said).toEqual(['The kill switch is not in force.', 'no nft'])
  })
})

test('a container is read from what Docker says', () => {
  const line = (State: object) =>
    JSON.stringify({ Name: '/nordlynx', State: { StartedAt: '2026-11-25T10:00:00.123456789Z', Error: '', ...State } })
  const now = Date.parse('2026-11-25T10:01:00.123Z')
  const name = 'nordlynx'
  expect(parseContainer(line({ Running: true, Pid: 42 }), now)).toEqual({
    name,
    running: true,
    pid: 42,
    age: 60,
    refused: false,
  })
  const stopped = { name, running: false, pid: 0, age: 0, refused: false }
  expect(parseContainer(line({ Running: false, Pid: 0 }), now)).toEqual(stopped)
  const why = 'cannot join network of a non running container: 3b4b'
  expect(parseContainer(line({ Running: false, Pid: 0, Error: why }), now)).toEqual({ ...stopped, refused: true })
  // It was made, and what it needs was not there: nobody has stopped it, for it never ran.
  const created = line({ Running: false, Pid: 0, Status: 'created', StartedAt: '0001-01-01T00:00:00Z' })
  expect(parseContainer(created, now)).toEqual({ ...stopped, refused: true })
  const exited = line({ Running: false, Pid: 0, Status: 'exited', ExitCode: 0 })
  expect(parseContainer(exited, now)).toEqual(stopped)
})

test('a container that was started in the future is not young: the clock was set back', () => {
  const line = JSON.stringify({
    Name: '/nordlynx',
    State: { Running: true, Pid: 1, StartedAt: '2026-11-25T10:00:00Z' },
  })
  const { age } = parseContainer(line, Date.parse('2025-01-01T00:00:00Z'))
  expect(age).toBe(Infinity)
  const old = { ...dead, containers: { gate: { ...running, age }, client: running } }
  expect(decide(old, CALM, 0).remedy).toBe('renew')
  expect(decide({ ...old, applying: true }, CALM, 0).remedy).toBe('renew')
})
