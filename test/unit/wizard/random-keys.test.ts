import { beforeAll, describe, expect, test } from 'vitest'
import type { Key } from '../../../firstboot/terminal/keys.ts'
import { codeOf, erased } from '../../../firstboot/wizard/consent.ts'
import type { World } from '../../../firstboot/wizard/state.ts'
import { Person, publicKey, token, walk, worldOf } from './wizard.ts'

const machines = ['n100-films', 'many-disks', 'no-serial', 'vm-in-place', 'twin-serials', 'no-disk', 'strange-names']
const worlds = new Map<string, World>()
beforeAll(async () => {
  for (const name of machines) worlds.set(name, await worldOf(name))
})

/** The same numbers for the same seed, so that a failure can be seen again (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const named: Key['name'][] = ['up', 'down', 'left', 'right', 'home', 'end', 'pageup', 'pagedown', 'tab', 'backtab']
const rare: Key['name'][] = [
  'escape',
  'backspace',
  'delete',
  'clear',
  'reveal',
  'f1',
  'f4',
  'f10',
  'redraw',
  'interrupt',
]
const pastes = [token, publicKey, '', '\n\n', '💾é\u0007', '192.168.1.20/24', '-----BEGIN OPENSSH PRIVATE KEY-----']

function randomKey(next: () => number): Key {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T
  const dice = next()
  if (dice < 0.4) return { name: 'enter' }
  if (dice < 0.55) return { name: pick(named) } as Key
  if (dice < 0.62) return { name: 'char', char: ' ' }
  if (dice < 0.9) return { name: 'char', char: String.fromCharCode(33 + Math.floor(next() * 94)) }
  if (dice < 0.93) return { name: 'paste', text: pick(pastes) }
  return { name: pick(rare) } as Key
}

describe('any keys at all', () => {
  test.each(machines)('%s: no key breaks it, and nothing starts without what had to be typed', name => {
    const world = worlds.get(name)
    if (world === undefined) throw new Error(name)
    const rows: number[] = []
    for (let seed = 1; seed <= 12; seed++) {
      const next = numbers(seed)
      // Half of them begin where starting is near.
      const person = seed % 2 === 0 ? walk.agree(new Person(world)) : new Person(world)
      for (let press = 0; press < 400; press++) {
        const key = randomKey(next)
        if (person.state.screen === 'starting') break
        const before = person.starts.length
        const consent = person.state.consent
        person.take({ type: 'key', key })
        if (press % 20 === 0) rows.push(person.screen('ascii', 80, 24).length)
        const start = person.starts[before]
        if (start === undefined) continue
        expect(start.request.planHash).toBe(start.request.plan.hash)
        expect(consent?.planHash).toBe(start.request.planHash)
        for (const fate of erased(start.request.plan)) {
          expect(consent?.typed[fate.disk]).toBe(codeOf(fate))
          expect(start.request.eraseTyped[fate.disk]).toBe(codeOf(fate))
        }
      }
    }
    expect(new Set(rows)).toEqual(new Set([24]))
  })

  test('Enter and arrows alone, however many, never start anything that erases a disk', () => {
    const world = worlds.get('n100-films')
    if (world === undefined) throw new Error()
    for (let seed = 100; seed < 110; seed++) {
      const next = numbers(seed)
      const person = walk.agree(new Person(world))
      for (let press = 0; press < 300; press++) {
        const dice = next()
        person.press(dice < 0.5 ? 'enter' : dice < 0.7 ? 'down' : dice < 0.9 ? 'up' : { text: ' ' })
      }
      expect(person.starts).toEqual([])
    }
  })
})
