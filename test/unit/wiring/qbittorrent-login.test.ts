import { describe, expect, test } from 'vitest'
import { makeStackKeys } from '../../../firstboot/stack/keys.ts'
import type { Http, HttpAnswer } from '../../../firstboot/wiring/http.ts'
import type { Stack } from '../../../firstboot/wiring/link.ts'
import { Memory } from '../../../firstboot/wiring/memory.ts'
import type { LoginGuard } from '../../../firstboot/wiring/refused-login.ts'
import { placesOf } from '../../../firstboot/wiring/services.ts'
import { rememberSeen } from '../../../firstboot/wiring/settle.ts'
import { inspectWiring, lookAtWiring, wire } from '../../../firstboot/wiring/wire.ts'

const stack: Stack = {
  services: new Set(['qbittorrent']),
  held: [],
  keys: makeStackKeys('anna'),
  plexToken: null,
  plexAccount: null,
  language: 'en_US.UTF-8',
  publicUrl: '',
  tunnel: 'wg0',
  places: placesOf,
}
const signal = new AbortController().signal
const answer = (status: number, text = ''): HttpAnswer => ({ status, text, location: '', cookies: [] })

/** A qBittorrent that answers so to a login; tells how often one was tried. */
function program(login: HttpAnswer) {
  const tries = { count: 0 }
  const http: Http = async ({ url }) => {
    if (!url.endsWith('/auth/login')) return answer(200, '{}')
    tries.count += 1
    return login
  }
  return { http, tries }
}
/** A guard that tells what it was told. */
function guarded({ spared = false } = {}) {
  const told: string[] = []
  const guard: LoginGuard = {
    spared,
    refused: async () => void told.push('refused'),
    accepted: async () => void told.push('accepted'),
  }
  return { guard, told }
}
const worked = () => {
  const memory = new Memory()
  rememberSeen('qbittorrent/login', { there: true }, memory)
  return memory
}

// After five that are wrong, qBittorrent shuts out whoever comes by that address: everybody, for Docker stands in between.
describe('a login that qBittorrent refuses', () => {
  const ways: readonly [string, HttpAnswer][] = [
    ['until 5.1', answer(200, 'Fails.')],
    ['since 5.2', answer(401)],
  ]
  test.each(ways)('is tried once in a run (%s)', async (_, refusal) => {
    for (const memory of [worked(), new Memory()]) {
      const { http, tries } = program(refusal)
      const found = await inspectWiring(stack, http, memory, signal)
      expect(found.map(({ state }) => state)).toEqual(['locked', 'locked'])
      expect(found[0]).toMatchObject({ banned: false })
      expect(tries.count).toBe(1)
    }
    const { http, tries } = program(refusal)
    await lookAtWiring(stack, http, worked(), signal)
    expect(tries.count).toBe(1)
  })

  test('is not tried at all when it was refused before', async () => {
    const { http, tries } = program(answer(401))
    const { guard } = guarded({ spared: true })
    for (const memory of [worked(), new Memory()]) {
      const found = await inspectWiring(stack, http, memory, signal, guard)
      expect(found.map(({ state }) => state)).toEqual(['locked', 'locked'])
    }
    await lookAtWiring(stack, http, worked(), signal, guard)
    expect(tries.count).toBe(0)
  })

  test('is told to whoever keeps that, once in a run, and so is one that is let in', async () => {
    const refused = guarded()
    await inspectWiring(stack, program(answer(401)).http, worked(), signal, refused.guard)
    expect(refused.told).toEqual(['refused'])
    const banned = guarded()
    await inspectWiring(
      stack,
      program(answer(403, 'Your IP address has been banned.')).http,
      worked(),
      signal,
      banned.guard,
    )
    expect(banned.told).toEqual([])
    const good = guarded()
    await inspectWiring(stack, program(answer(204)).http, worked(), signal, good.guard)
    expect(new Set(good.told)).toEqual(new Set(['accepted']))
  })

  test('is tried once while everything is connected, and nothing waits for it', async () => {
    const options = {
      signal,
      progress: () => {},
      keep: async () => {},
      patienceMilliseconds: 3000,
      pauseMilliseconds: 10,
    }
    const changed = program(answer(401))
    expect((await wire(stack, changed.http, worked(), options)).theirs).toHaveLength(2)
    expect(changed.tries.count).toBe(1)
    const never = program(answer(401))
    await expect(wire(stack, never.http, new Memory(), options)).rejects.toMatchObject({
      mend: expect.stringContaining('credentials set qbittorrent'),
    })
    expect(never.tries.count).toBe(1)
  })

  test('is told from a machine that is shut out for an hour', async () => {
    const { http } = program(answer(403, 'Your IP address has been banned after too many failed attempts.'))
    const [first] = await inspectWiring(stack, http, worked(), signal)
    expect(first).toMatchObject({ state: 'locked', banned: true })
  })

  test('leaves a good one alone', async () => {
    const { http } = program(answer(204))
    const found = await inspectWiring(stack, http, worked(), signal)
    expect(found.map(({ state }) => state)).not.toContain('locked')
  })
})
