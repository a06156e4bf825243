import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readAnswers } from '../../../firstboot/answers/file.ts'
import { generatedFiles } from '../../../builder/generated.ts'
import { authorizedKeys, fullYaml, secrets } from './full.ts'

const project = fileURLToPath(new URL('../../../', import.meta.url))
const generated = generatedFiles()
const template = generated['overlays/config/mediaserver.yaml'] ?? ''
const schema = JSON.parse(generated['overlays/config/mediaserver.schema.json'] ?? '') as object

test.each(Object.entries(generated))('%s is fresh (npm run schema makes it so)', (file, text) => {
  expect(readFileSync(join(project, file), 'utf8')).toBe(text)
})

describe('the template', () => {
  const lines = template.split('\r\n')

  test('is short, narrow, plain, and ends its lines as Notepad wants them', () => {
    expect(lines.length).toBeLessThanOrEqual(120)
    for (const line of lines) expect(line).toMatch(/^[\x20-\x7e]{0,100}$/)
    expect(template.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
    expect(lines[0]).toBe('# yaml-language-server: $schema=mediaserver.schema.json')
  })

  test('answers nothing by itself', () => {
    const read = readAnswers({ answers: { file: 'f.yaml', text: template } })
    expect(read).toEqual({
      draft: { answers: {}, sources: {} },
      unattended: false,
      eraseConsent: [],
      missing: ['systemDisk', 'user', 'sshKeys'],
      halves: {},
    })
  })

  test('is a good file with every # taken away in front of its answers, and agrees to no erase', () => {
    const text = lines.map(line => line.replace(/^#(?=[a-zA-Z]| {2,})/, '')).join('\r\n')
    const read = readAnswers({ answers: { file: 'f.yaml', text } })
    expect('problems' in read ? read.problems : []).toEqual([])
    expect(read).toMatchObject({
      draft: {
        answers: {
          language: 'en_US.UTF-8',
          keyboard: 'us',
          timezone: 'Europe/Berlin',
          hostname: 'mediaserver',
          user: 'anna',
          network: { mode: 'dhcp' },
          services: ['bazarr', 'jellyseerr'],
        },
      },
      unattended: false,
      eraseConsent: [],
      missing: ['systemDisk', 'sshKeys', 'wifi', 'vpn', 'domain', 'plexClaim', 'media'],
    })
    // All keys that the gate knows are in it.
    const keysOf = (node: unknown): string[] =>
      Array.isArray(node)
        ? node.flatMap(keysOf)
        : typeof node === 'object' && node !== null
          ? Object.entries(node).flatMap(([key, value]) => [key, ...keysOf(value)])
          : []
    const known = (node: unknown): string[] =>
      typeof node !== 'object' || node === null
        ? []
        : Object.entries(node).flatMap(([key, value]) =>
            key === 'properties'
              ? Object.entries(value as object).flatMap(([name, inner]) => [name, ...known(inner)])
              : known(value),
          )
    expect(keysOf(parse(text))).toEqual(known(schema))
  })
})

interface Node {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, Node>>
  readonly anyOf?: readonly Node[]
  readonly items?: Node
  readonly const?: string
}

describe('the JSON schema', () => {
  test('describes every field, and lets each be empty', () => {
    const walk = (node: Node, path: string): void => {
      for (const [key, field] of Object.entries(node.properties ?? {})) {
        expect(field.description, `${path}.${key}`).toMatch(/\w/)
        const types = [field, ...(field.anyOf ?? [])].flatMap(each => each.type ?? [])
        expect(types, `${path}.${key}`).toContain('null')
        walk(field, `${path}.${key}`)
      }
      for (const inner of [...(node.anyOf ?? []), ...(node.items === undefined ? [] : [node.items])]) walk(inner, path)
    }
    walk(schema, '')
  })

  test('knows true and false, and that some things may be none', () => {
    const { properties = {} } = schema as Node
    expect(properties['unattended']?.type).toEqual(['boolean', 'null'])
    const none = Object.keys(properties).filter(key => properties[key]?.anyOf?.some(choice => choice.const === 'none'))
    expect(none).toEqual(['wifi', 'vpn', 'domain'])
  })
})

describe('npm run answers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'answers-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function run(args: string[], files: Record<string, string | Buffer> = {}) {
    const place = mkdtempSync(join(folder, 'x-'))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text)
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [join(project, 'builder/cli.ts'), 'answers', ...args],
      { cwd: place, encoding: 'utf8' },
    )
    for (const secret of Object.values(secrets)) expect(stdout + stderr).not.toContain(secret)
    return { stdout, stderr, status }
  }

  test('tells what a good file says', () => {
    const { stdout, stderr, status } = run(['check', 'f.yaml'], { 'f.yaml': fullYaml, authorized_keys: authorizedKeys })
    expect(stderr).toBe('')
    expect(stdout).toBe(`f.yaml is good.
  language        de_DE.UTF-8
  keyboard        de
  time zone       Europe/Berlin
  network         enp1s0, fixed at 192.168.1.20/24
  Wi-Fi           "Home: 5 GHz", with a password
  system disk     serial 0123456
  disks for films keep WD-CA1L3PG, erase 1E5
  host name       films
  user            anna
  SSH keys        SHA256:NRgLK7dl9Ai4YvxhEKEmForzlhMLnsHaOux5Q116QTA anna@laptop, SHA256:nwE/PxNlhtfr0h9NMhQHbeaO4TIvhUd/oh5uHHslYkQ two words
  VPN             by a token
  domain          films.example.com, at porkbun
  services        bazarr
  Plex claim      given; it is good for 4 minutes only
It agrees to erase: 0123456, 1E5.
The set-up will run without asking.
`)
    expect(status).toBe(0)
  })

  test('tells what is left open', () => {
    const { stdout, status } = run(['check', 'f.yaml'], {
      'f.yaml':
        'unattended: true\nvpn:\nwifi: none\ndomain: none\nplexClaim: none\nnetwork: { mode: dhcp }\nservices: []\ndisks: { media: [] }\n',
    })
    expect(stdout).toBe(`f.yaml is good.
  network         by itself (DHCP)
  Wi-Fi           none
  disks for films none
  domain          none
  services        no optional ones
  Plex claim      none
It agrees to erase no disk.
It leaves open: system disk, user, SSH keys, VPN.
It wants a set-up without asking, which is not possible while something is open.
`)
    expect(status).toBe(0)
  })

  test('tells every fault with its place', () => {
    const text = fullYaml.replace('hostname:', 'hostnme:').replace(secrets.token, secrets.token.slice(1))
    const { stdout, stderr, status } = run(['check', './f.yaml'], { 'f.yaml': text, authorized_keys: 'nonsense' })
    expect(stdout).toBe('')
    expect(stderr.split('\n')).toEqual([
      './f.yaml:6:1: unknown key; did you mean "hostname"?',
      expect.stringMatching(/^\.\/f\.yaml:29:10: "token": A token has 64 characters, this has 63\./),
      expect.stringMatching(/^authorized_keys:1:1: This is not a public SSH key\./),
      '',
    ])
    expect(status).toBe(2)
  })

  test('reads what Notepad saves as Unicode', () => {
    const text = Buffer.from(`\uFEFF${fullYaml}`, 'utf16le')
    expect(run(['check', 'f.yaml'], { 'f.yaml': text }).status).toBe(0)
  })

  test.each([
    [[], 'Use: npm run answers -- check'],
    [['check'], 'Use: npm run answers -- check'],
    [['chek', 'f.yaml'], 'Use: npm run answers -- check'],
    [['check', 'f.yaml', 'more'], 'Use: npm run answers -- check'],
    [['check', '--json'], 'Use: npm run answers -- check'],
    [['check', 'missing.yaml'], 'missing.yaml: cannot be read: the file does not exist'],
    [['check', '.'], 'cannot be read'],
  ])('%j is told how it is used', (args, words) => {
    const { stderr, status } = run(args, { 'f.yaml': '' })
    expect(stderr).toContain(words)
    expect(status).toBe(2)
  })

  test('two files of keys are one too many', () => {
    const { stderr, status } = run(['check', 'f.yaml'], {
      'f.yaml': '',
      authorized_keys: '',
      'AUTHORIZED_KEYS.txt': '',
    })
    expect(stderr).toContain('There are several files with SSH keys')
    expect(status).toBe(2)
  })
})
