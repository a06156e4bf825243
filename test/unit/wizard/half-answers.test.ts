import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { answersToJson } from '../../../firstboot/answers/json.ts'
import { removeSecrets } from '../../../firstboot/answers/remove-secrets.ts'
import { configFolder } from '../../../firstboot/config-partition/partition.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { readStick } from '../../../firstboot/stick.ts'
import { settle } from '../../../firstboot/wizard/asked-of.ts'
import { initialWizard, type World } from '../../../firstboot/wizard/state.ts'
import { layOut } from '../firstboot/recorded.ts'
import { Person, publicKey, token, worldOf } from './wizard.ts'

let films: World
beforeAll(async () => {
  films = await worldOf('n100-films')
})

/** A person who takes the answers of a file on the stick, and sees the summary. */
async function withFile(text: string): Promise<Person> {
  const root = layOut('n100-films')
  mkdirSync(join(root, configFolder), { recursive: true })
  writeFileSync(join(root, configFolder, 'mediaserver.yaml'), text)
  const stick = await readStick(openRoot(root))
  const person = new Person(films, { ...initialWizard, found: { ...initialWizard.found, ...stick } })
  return person.press('down', 'enter')
}

/** The row of a section on the summary. */
const row = (person: Person, title: string) => person.screen().find(line => line.includes(title)) ?? ''

/** Goes to a section of the summary and opens it. */
function visit(person: Person, step: string): Person {
  for (let press = 0; press < 20 && person.state.focus !== `row:${step}`; press++) person.press('up')
  return person.press('enter')
}

const base = `user: anna
sshKeys:
  - ${publicKey}
disks:
  system:
    serial: S5GXNX0T124Q7K
`
const whole = `${base}wifi:
  name: Home Net
  password: correct horse
  country: DE
vpn:
  token: ${token}
  country: Sweden
domain:
  name: films.example.com
  provider: desec
  credentials:
    token: abcdefgh
  email: anna@example.com
plexClaim: claim-12345678901234567890
`

describe('a file whose secrets were taken out when they had been used', () => {
  const cleaned = removeSecrets(whole, '2026-10-03') ?? ''

  test('asks for them: no section becomes what it was not, and the summary cannot be left before', async () => {
    const person = await withFile(cleaned)
    for (const title of ['Network', 'VPN', 'Domain', 'Plex']) expect(row(person, title)).toContain('! not answered yet')
    expect(row(person, 'Name')).not.toContain('not answered')
    person.press('enter')
    expect(person.state).toMatchObject({ screen: 'review', notice: 'Network is not answered yet.' })
    expect(settle(person.state.form, films).ok).toBe(false)
  })

  test('keeps all else of these sections', async () => {
    const person = await withFile(cleaned)
    expect(person.state.form.texts).toMatchObject({
      wifi: 'yes',
      'wifi.name': 'Home Net',
      'wifi.country': 'DE',
      vpn: 'token',
      'vpn.country': 'Sweden',
      domain: 'yes',
      'domain.name': 'films.example.com',
      'domain.provider': 'desec',
      'domain.email': 'anna@example.com',
    })
  })

  test('is as good as new once they were typed', async () => {
    const person = await withFile(cleaned)
    const type = (step: string, at: string, secret: string) => {
      visit(person, step)
      for (let press = 0; press < 20 && person.state.focus !== `text:${at}`; press++) person.press('tab')
      person.press({ paste: secret })
      for (let press = 0; press < 20 && person.state.screen !== 'review'; press++) person.press('enter')
    }
    type('network', 'wifi.password', 'correct horse')
    type('vpn', 'vpn.token', token)
    type('domain', 'domain.credential:desec.token', 'abcdefgh')
    visit(person, 'plex').press('down', 'enter', { text: 'claim-12345678901234567890' }, 'enter')
    const answers = (of: Person) => {
      const settled = settle(of.state.form, films)
      return settled.ok ? answersToJson(settled.answers) : settled.problems.join()
    }
    expect(answers(person)).toBe(answers(await withFile(whole)))
    expect(answers(person)).toContain('correct horse')
  })
})

describe('what is empty is asked for', () => {
  const staticNetwork = `network:
  mode: static
  interface: enp1s0
  address: 192.168.1.20/24
  gateway: 192.168.1.1
  dns:
`
  test('an address of one’s own does not turn into one of the router', async () => {
    const person = await withFile(base + staticNetwork)
    expect(row(person, 'Network')).toContain('! not answered yet')
    expect(person.state.form.texts).toMatchObject({
      network: 'static',
      address: '192.168.1.20/24',
      gateway: '192.168.1.1',
    })
  })

  test.each([
    ['language:', 'Language'],
    ['keyboard:', 'Language'],
    ['timezone:', 'Language'],
    ['hostname:', 'Name'],
    ['network:', 'Network'],
    ['wifi:', 'Network'],
    ['wifi: { name: , password: , country: }', 'Network'],
    ['vpn:', 'VPN'],
    ['vpn: { wireguardKey: , country: Sweden }', 'VPN'],
    ['domain:', 'Domain'],
    ['domain: { provider: desec }', 'Domain'],
    ['domain: { credentials: { token: abc } }', 'Domain'],
    ['plexClaim:', 'Plex'],
  ])('%s', async (text, title) => {
    const person = await withFile(`${base}${text}\n`)
    expect(row(person, title)).toContain('! not answered yet')
  })

  test('nothing at all of a section chooses neither yes nor no', async () => {
    const person = visit(await withFile(`${base}wifi:\n`), 'network')
    expect(person.screen().filter(line => line.includes('(●)'))).toEqual([expect.stringContaining('By cable')])
  })

  test('a key that is empty keeps its kind', async () => {
    const person = await withFile(`${base}vpn: { wireguardKey: , country: Sweden }\n`)
    expect(person.state.form.texts).toMatchObject({ vpn: 'wireguard-key', 'vpn.country': 'Sweden' })
  })

  test('a film disk that is not named leaves the others to be asked about, and what was said stays', async () => {
    const unnamed = await withFile(`${base}  media:\n    - serial:\n      use: keep\n`)
    expect(row(unnamed, 'Film disks')).toContain('! not answered yet')
    const named = await withFile(
      `${base}  media:\n    - { serial: WD-CA1L3PG, use: keep }\n    - { serial: , use: keep }\n`,
    )
    expect(named.state.form.texts['media:WD-CA1L3PG']).toBe('keep')
  })

  test('a file that says something of one section only is offered too', async () => {
    const person = await withFile('vpn:\n  country: Sweden\n')
    expect(person.state).toMatchObject({ screen: 'review', form: { texts: { 'vpn.country': 'Sweden' } } })
  })

  test('who may not be guessed is not either', async () => {
    expect(row(await withFile('hostname: filme\n'), 'Name')).toContain('! not answered yet')
  })
})
