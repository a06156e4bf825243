import { beforeAll, describe, expect, test } from 'vitest'
import { wholeDraft } from '../../../firstboot/answers/complete.ts'
import { Secret } from '../../../firstboot/answers/secret.ts'
import type { Charset } from '../../../firstboot/terminal/abilities.ts'
import { safeGlyphs } from '../../../firstboot/terminal/charset.ts'
import type { World } from '../../../firstboot/wizard/state.ts'
import { Person, presentAnswers, publicKey, token, walk, worldOf } from './wizard.ts'

let films: World
let many: World
let noSerial: World
let again: World
let twins: World
let installed: World
beforeAll(async () => {
  ;[films, many, noSerial, again, twins, installed] = (await Promise.all(
    ['n100-films', 'many-disks', 'no-serial', 'vm-in-place-again', 'twin-serials', 'installed'].map(worldOf),
  )) as [World, World, World, World, World, World]
})

const allowed: Record<Charset, RegExp> = {
  ascii: /^[ -~]*$/,
  console: new RegExp(`^[ -~${safeGlyphs}]*$`, 'u'),
  utf8: new RegExp(`^[ -~${safeGlyphs}▲▼▶◀\\p{Letter}]*$`, 'u'),
}

const found = { keys: [], kept: null, hindrances: [] }
const onInstalled = () => {
  const file = { draft: wholeDraft(presentAnswers, 'file'), present: true }
  return new Person(installed).take({ type: 'found', found: { ...found, file } })
}
const problems = [
  'mediaserver.yaml:7:11: "hostname": A name has small letters, digits and hyphens only.',
  'mediaserver.yaml:9:1: There is no such key. Did you mean "user"?',
]

/** One of two docks with the same serial number will be erased; up to the summary. */
const eraseTwin = () =>
  walk
    .media(new Person(twins))
    .press('down', 'down', { text: ' ' }, 'enter', 'enter')
    .press('enter', 'clear', { text: 'anna' }, 'enter')
    .press({ text: publicKey }, 'enter', 'enter', 'enter')
    .press('enter', { paste: token }, 'enter', 'enter', 'enter', 'enter', 'enter')

/** Every screen, and the states of it that look different. */
const scenes: Record<string, () => Person> = {
  welcome: () => new Person(films),
  'welcome-file-and-draft': () => {
    const kept = walk.vpn(new Person(films)).state
    return new Person(films).take({
      type: 'found',
      found: { ...found, file: { problems }, kept: { form: kept.form, screen: 'vpn' } },
    })
  },
  'welcome-hindered': () => {
    const set =
      'mediaserver.yaml: filmbox is set up already. Pull out the stick and restart the machine. To set it up anew, answer on the screen.'
    return new Person(films).take({ type: 'found', found: { ...found, file: null, hindrances: [set, 'two', 'three'] } })
  },
  language: () => walk.language(new Person(films)),
  'language-found': () => walk.language(new Person(films)).press('tab', { text: 'ger' }),
  'language-switch': () => walk.language(new Person(films)).press('tab', { text: 'russian' }, 'enter'),
  network: () => walk.network(new Person(films)),
  'network-checked': () => {
    const person = walk.network(new Person(films))
    const words =
      'the internet cannot be reached: no network (api.nordvpn.com cannot be reached). You can go on; what needs it is done once it is there.'
    return person.take({ type: 'checked', id: 'internet', run: 1, result: { verdict: 'unknown', words } })
  },
  'network-static': () =>
    walk
      .network(new Person(films))
      .press('down', { text: ' ' }, 'enter', 'enter', { text: '192.168.1.20' }, 'tab', { text: '192.168.2.1' }),
  'network-wifi': () =>
    walk
      .network(new Person(films))
      .press('down', 'down', 'down', 'enter', { text: 'Home Net' }, 'enter', { text: 'short' }, 'tab'),
  system: () => walk.system(new Person(films)),
  'system-chosen': () => walk.system(new Person(films)).press({ text: ' ' }),
  'system-enter-alone': () => walk.system(new Person(films)).press('enter'),
  'system-many': () => walk.system(new Person(many)),
  'system-in-place-again': () => walk.system(new Person(again)),
  media: () => walk.media(new Person(films)),
  'media-many': () => walk.media(new Person(many)),
  'media-absent': () => {
    const answers = { systemDisk: 'S5GXNX0T124Q7K', media: [{ disk: 'OLDNAS77', use: 'keep' as const }] }
    const file = { draft: { answers, sources: {} } }
    const person = new Person(films).take({ type: 'found', found: { ...found, file }, open: true })
    while (person.state.focus !== 'row:media') person.press('up')
    return person.press('enter')
  },
  name: () => walk.name(new Person(films)),
  'name-wrong': () => walk.name(new Person(films)).press('clear', { text: 'box-' }),
  keys: () => walk.keys(new Person(films)),
  'keys-taken': () => walk.keys(new Person(films)).press({ text: publicKey }, 'enter'),
  'keys-cut': () => walk.keys(new Person(films)).press({ text: publicKey.slice(0, 40) }),
  'keys-private': () => walk.keys(new Person(films)).press({ paste: '-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n' }),
  'keys-github': () => {
    const person = walk.keys(new Person(films)).press('down', { text: 'anna' }, 'enter')
    const words = 'these are the keys of anna at GitHub. Compare the fingerprints:'
    const { run } = person.state.checks.github ?? { run: 0 }
    return person.take({ type: 'checked', id: 'github', run, result: { verdict: 'good', words, found: [publicKey] } })
  },
  vpn: () => walk.vpn(new Person(films)),
  'vpn-token': () => walk.vpn(new Person(films)).press('enter', { paste: token }),
  'vpn-revealed': () => walk.vpn(new Person(films)).press('enter', { paste: token }, 'reveal'),
  'vpn-refused': () => {
    const person = walk.vpn(new Person(films)).press('enter', { paste: token }, 'enter')
    const words = 'NordVPN refused the token: it has expired or was revoked. Make a new one at my.nordaccount.com.'
    const { run } = person.state.checks.vpn ?? { run: 0 }
    return person.take({ type: 'checked', id: 'vpn', run, result: { verdict: 'bad', words } }).press('enter')
  },
  domain: () => walk.domain(new Person(films)),
  'domain-cloudflare': () =>
    walk
      .domain(new Person(films))
      .press('down', 'enter', { text: 'example.com' }, 'enter', { text: 'anna@example.com' }, 'enter')
      .press({ text: 'clou' }, 'enter', { text: 'abc' }),
  services: () => walk.services(new Person(films)).press({ text: ' ' }),
  plex: () => walk.plex(new Person(films)),
  'plex-claim': () => walk.plex(new Person(films)).press('down', 'enter', { text: 'claim-abc' }),
  review: () => walk.review(new Person(films)),
  'review-unfinished': () => {
    const draft = { answers: { hostname: 'filme' }, sources: { hostname: 'file' as const } }
    const person = new Person(films).take({ type: 'found', found: { ...found, file: { draft } } })
    return person.press('down', 'enter').press('enter')
  },
  'review-half': () => {
    const answers = { wifi: { name: 'Home Net', password: new Secret(''), country: 'DE' }, hostname: 'filme' }
    const file = { draft: { answers, sources: {} }, missing: ['wifi', 'user'] as const }
    return new Person(films).take({ type: 'found', found: { ...found, file } }).press('down', 'enter')
  },
  'welcome-installed': onInstalled,
  'review-installed': () => onInstalled().press('enter'),
  'media-installed': () => onInstalled().press('enter', ...Array<'up'>(7).fill('up'), 'enter'),
  agree: () => walk.agree(new Person(films)),
  'agree-wrong': () => walk.agree(new Person(films)).press({ text: 'L3PG' }),
  'agree-no-serial': () => walk.agree(new Person(noSerial)),
  'media-twins': () => walk.media(new Person(twins)),
  'review-twins': () => eraseTwin(),
  'agree-twins': () => eraseTwin().press('enter'),
  'review-in-place-again': () => walk.review(new Person(again)),
  'agree-in-place-again': () => walk.agree(new Person(again)),
  help: () => walk.system(new Person(films)).press('f1'),
  'help-welcome': () => new Person(films).press('f1'),
  power: () => walk.system(new Person(films)).press('f10'),
  log: () => walk.system(new Person(films)).take({ type: 'log', lines: ['[ 1.0] one', '[ 2.0] two'] }),
  elsewhere: () => walk.system(new Person(films)).take({ type: 'owner', elsewhere: 'ttyS0' }),
  'welcome-elsewhere': () => new Person(films).take({ type: 'owner', elsewhere: 'ttyS0' }),
  problem: () =>
    new Person(films).take({ type: 'found', found: { ...found, file: { problems } } }).press('down', 'enter'),
  'start-failed': () =>
    walk.agree(new Person(films)).take({
      type: 'failed',
      problem: { title: 'The set-up could not be started.', words: ['Unit not found.'], retry: 'start' },
    }),
  starting: () => walk.agree(new Person(films)).press({ text: '4Q7K' }, 'enter'),
}
const names = Object.keys(scenes)

describe('golden screens', () => {
  for (const name of names) {
    for (const charset of ['ascii', 'console', 'utf8'] as const) {
      test(`${name} in ${charset}`, async () => {
        const rows = scenes[name]?.().screen(charset) ?? []
        await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(`golden/${name}.${charset}.txt`)
      })
    }
  }
  test.each(['language', 'system', 'media', 'vpn-token', 'review', 'agree'])('%s on 40x12', async name => {
    const rows = scenes[name]?.().screen('ascii', 40, 12) ?? []
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(`golden/${name}.40x12.txt`)
  })
})

const turns = ['pageup', 'pageup', ...Array<'pagedown'>(6).fill('pagedown')] as const

describe('every size', () => {
  test.each(names)('%s fits, with allowed characters only, and its cursor is on the screen', name => {
    const person = scenes[name]?.()
    if (person === undefined) throw new Error(name)
    for (const columns of [20, 40, 59, 60, 79, 80, 132]) {
      for (const rows of [6, 8, 11, 12, 20, 24, 50]) {
        for (const charset of ['ascii', 'console', 'utf8'] as const) {
          const shown = person.screen(charset, columns, rows)
          expect(shown).toHaveLength(rows)
          for (const row of shown) {
            expect(Array.from(row).length).toBeLessThanOrEqual(columns)
            expect(row).toMatch(allowed[charset])
          }
          const { cursor } = person.view(charset, columns, rows)
          if (cursor === null) continue
          expect(cursor.row).toBeLessThan(rows)
          expect(cursor.column).toBeLessThan(columns)
        }
      }
    }
  })

  test.each(['system-many', 'media-many', 'media-absent', 'review', 'agree', 'domain-cloudflare'])(
    '%s: what has the focus is always in sight, and every line can be reached',
    name => {
      for (const [columns, rows] of [
        [80, 24],
        [40, 12],
        [20, 6],
      ] as const) {
        const person = scenes[name]?.()
        if (person === undefined) throw new Error(name)
        const seen = new Set<string>()
        for (let press = 0; press < 80; press++) person.press('up')
        for (let press = 0; press < 30; press++) {
          const shown = person.screen('utf8', columns, rows)
          expect(shown.some(row => row.includes('▶'))).toBe(true)
          for (const row of shown) seen.add(row)
          // What lies between two things to choose is read by turning pages.
          const { focus } = person.state
          for (const name of columns === 80 ? [] : turns) {
            const { range } = person.view('utf8', columns, rows)
            person.take({ type: 'key', key: { name }, range })
            for (const row of person.screen('utf8', columns, rows)) seen.add(row)
          }
          person.state = { ...person.state, focus, scroll: 0 }
          person.press('down')
        }
        // What stands below the last of them.
        for (let page = 0; page < 25; page++) {
          const { range } = person.view('utf8', columns, rows)
          person.take({ type: 'key', key: { name: 'pagedown' }, range })
          for (const row of person.screen('utf8', columns, rows)) seen.add(row)
        }
        const asked = (many.known.disks ?? []).filter(disk => disk.serial !== person.state.form.texts['systemDisk'])
        for (const disk of name.endsWith('many') ? asked : []) {
          const [start = ''] = disk.model.split(' ')
          expect([...seen].some(row => row.includes(start.slice(0, 10)))).toBe(true)
        }
      }
    },
  )
})

test('the plain screen is ASCII on every terminal', () => {
  for (const row of walk.media(new Person(films)).press('f4').screen('utf8')) expect(row).toMatch(allowed.ascii)
})

test('a secret is on no screen until it is asked for, and hidden again on the next', () => {
  const person = walk.vpn(new Person(films)).press('enter', { paste: token })
  const piece = token.slice(-10)
  expect(person.text()).not.toContain(piece)
  expect(person.press('reveal').text()).toContain(piece)
  person.press('enter', 'enter')
  expect(person.press('escape').text()).not.toContain(piece)
  expect(walk.review(new Person(films)).text()).not.toContain(piece)
})

test('a text to read is scrolled to its end and no further', () => {
  const person = walk.system(new Person(films)).press('f1')
  const small = () => person.view('ascii', 40, 12)
  for (let press = 0; press < 50; press++) person.take({ type: 'key', key: { name: 'pagedown' }, range: small().range })
  const end = person.screen('ascii', 40, 12)
  expect(end.join(' ')).toContain('which disk is which.')
  person.take({ type: 'key', key: { name: 'up' }, range: small().range })
  expect(person.screen('ascii', 40, 12)).not.toEqual(end)
})
