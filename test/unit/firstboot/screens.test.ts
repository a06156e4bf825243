import { describe, expect, test } from 'vitest'
import type { KnownSoFar } from '../../../firstboot/machine.ts'
import { probeMachine } from '../../../firstboot/probe/machine.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { firstScreen } from '../../../firstboot/screens/first.ts'
import { diskSize, memorySize } from '../../../firstboot/screens/words.ts'
import type { Charset } from '../../../firstboot/terminal/abilities.ts'
import { safeGlyphs } from '../../../firstboot/terminal/charset.ts'
import type { Key } from '../../../firstboot/terminal/keys.ts'
import { textOf } from '../../../firstboot/terminal/lines.ts'
import { reduceWizard } from '../../../firstboot/wizard/reduce.ts'
import { initialWizard, type WizardState } from '../../../firstboot/wizard/state.ts'
import { rules } from '../wizard/wizard.ts'
import { layOut, machineNames } from './recorded.ts'

interface Size {
  columns: number
  rows: number
}
const usual = { columns: 80, rows: 24 }

function screen(known: KnownSoFar, charset: Charset, size: Size = usual, state: WizardState = initialWizard): string[] {
  const abilities = { charset, ...size, styles: false, askSize: false }
  const lines = firstScreen({ manifest: { product: 'Media Server', version: '0.1.0' }, known, abilities, state })
  return lines.map(textOf)
}
const machine = (name: string) => probeMachine(openRoot(layOut(name)))
const allowed: Record<Charset, RegExp> = {
  ascii: /^[ -~]*$/,
  console: new RegExp(`^[ -~${safeGlyphs}]*$`, 'u'),
  utf8: new RegExp(`^[ -~${safeGlyphs}▲▼▶◀\\p{Letter}]*$`, 'u'),
}

/** Machines that differ on this screen; the others differ in what may be done with their disks. */
const seen = ['n100-films', 'many-disks', 'old-bios', 'emmc-box', 'strange-names', 'qemu-q35', 'nothing-there']

describe('golden screens', () => {
  for (const name of seen) {
    for (const charset of ['ascii', 'console', 'utf8'] as const) {
      test(`${name} in ${charset}`, async () => {
        const rows = screen(await machine(name), charset)
        await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(`golden/${name}.${charset}.txt`)
      })
    }
    test(`${name} on 40x12`, async () => {
      const rows = screen(await machine(name), 'ascii', { columns: 40, rows: 12 })
      await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(`golden/${name}.40x12.txt`)
    })
  }
  test('before anything is known', async () => {
    await expect(`${screen({}, 'ascii').join('\n')}\n`).toMatchFileSnapshot('golden/start.ascii.txt')
  })
  test('power menu', async () => {
    const rows = screen({}, 'console', usual, { ...initialWizard, overlay: 'power' })
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot('golden/power.console.txt')
  })
})

describe('every size', () => {
  const sizes = [20, 40, 59, 60, 79, 80, 132, 240].flatMap(columns =>
    [6, 8, 11, 12, 20, 24, 50].map(rows => ({ columns, rows })),
  )
  test.each(machineNames)('%s fits, with allowed characters, its menu and its title', async name => {
    const known = await machine(name)
    for (const size of sizes) {
      for (const charset of ['ascii', 'console', 'utf8'] as const) {
        const rows = screen(known, charset, size)
        expect(rows).toHaveLength(size.rows)
        for (const row of rows) {
          expect(Array.from(row).length).toBeLessThanOrEqual(size.columns)
          expect(row).toMatch(allowed[charset])
        }
        expect(rows[0]).toContain('Media Server')
        expect(rows.join('\n')).toContain('Set up this')
      }
    }
  })

  test.each(machineNames)('%s shows every disk, by scrolling where needed', async name => {
    const known = await machine(name)
    for (const size of [usual, { columns: 40, rows: 12 }, { columns: 20, rows: 6 }]) {
      let state = initialWizard
      let seen = ''
      for (let page = 0; page < 60; page++) {
        seen += screen(known, 'ascii', size, state).join('\n')
        state = reduce(state, { name: 'pagedown' }, 100).state
      }
      for (const disk of known.disks) expect(seen).toContain(disk.name)
    }
  })
})

const empty = { known: {}, rules, lists: { languages: [], keyboards: [], timezones: [], countries: [] } }
const reduce = (state: WizardState, key: Key, pages = 1) => reduceWizard(state, { type: 'key', key, pages }, empty)

describe('what keys do', () => {
  const press = (...keys: Key[]) => {
    let state = initialWizard
    let effects: string[] = []
    for (const key of keys) {
      const next = reduce(state, key)
      state = next.state
      effects = next.effects.map(effect => effect.type)
    }
    return { state, effects }
  }
  const char = (char: string): Key => ({ name: 'char', char })

  test('a shell from the menu, with F2 and with a letter', () => {
    expect(press({ name: 'down' }, { name: 'enter' }).effects).toEqual(['shell'])
    for (const key of [{ name: 'f2' }, char('s'), char('S')] as Key[]) expect(press(key).effects).toEqual(['shell'])
  })
  test('power: opened, harmless entry first, left with Escape', () => {
    expect(press({ name: 'f10' }).state).toMatchObject({ overlay: 'power', chosen: 0 })
    expect(press({ name: 'f10' }, { name: 'enter' })).toEqual({ state: initialWizard, effects: [] })
    expect(press({ name: 'f10' }, { name: 'escape' })).toEqual({ state: initialWizard, effects: [] })
    expect(press(char('p'), { name: 'down' }, { name: 'enter' }).effects).toContain('restart')
    expect(press(char('p'), { name: 'up' }, { name: 'enter' }).effects).toContain('poweroff')
  })
  test('nothing but Enter in the power menu can switch off', () => {
    for (const code of Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))) {
      const { effects } = press({ name: 'f10' }, { name: 'down' }, char(code))
      for (const effect of ['restart', 'poweroff']) expect(effects).not.toContain(effect)
    }
  })
  test('plain and back, redraw', () => {
    expect(press({ name: 'f4' })).toMatchObject({ state: { plain: true }, effects: ['redraw'] })
    expect(press({ name: 'f4' }, char('t')).state.plain).toBe(false)
    expect(press({ name: 'redraw' }).effects).toEqual(['redraw'])
    expect(press({ name: 'f3' }).effects).toEqual(['redraw'])
  })
  test('pages stop at both ends', async () => {
    const down = reduce({ ...initialWizard, page: 2 }, { name: 'pagedown' }, 3)
    expect(down.state.page).toBe(2)
    expect(reduce(initialWizard, { name: 'pageup' }, 3).state.page).toBe(0)
    expect(reduce({ ...initialWizard, page: 9 }, { name: 'pageup' }, 3).state.page).toBe(1)
    const known = await machine('many-disks')
    const far = screen(known, 'ascii', { columns: 40, rows: 12 }, { ...initialWizard, page: 1000 })
    expect(far.join('\n')).toContain('nvme1n1')
  })
})

test('sizes as people say them', () => {
  expect(diskSize(8001563222016)).toBe('8.0 TB')
  expect(diskSize(500107862016)).toBe('500 GB')
  expect(diskSize(0)).toBe('0 B')
  expect(memorySize(16134512 * 1024)).toBe('16 GB memory')
})
