import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Answers } from '../../../firstboot/answers/answers.ts'
import { toAnswers } from '../../../firstboot/answers/complete.ts'
import { type ReadAnswers, readAnswers } from '../../../firstboot/answers/file.ts'
import { answersFromJson, answersToJson } from '../../../firstboot/answers/json.ts'
import { removeSecrets } from '../../../firstboot/answers/remove-secrets.ts'
import { renderAnswersYaml } from '../../../firstboot/answers/render.ts'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { fullYaml, secrets } from './full.ts'
import { sshKey } from './keys.ts'

const values = Object.values(secrets)
const day = '2026-10-03'
const note = `# The secrets were taken out of this file on ${day}, because they have been used. What is empty is asked for.`

function read(text: string): ReadAnswers {
  const result = readAnswers({ answers: { file: 'f.yaml', text } })
  if ('problems' in result) throw new Error(JSON.stringify(result.problems))
  return result
}

function answersOf(text: string): Answers {
  const result = toAnswers(read(text).draft)
  if ('problems' in result) throw new Error(JSON.stringify(result.problems))
  return result.answers
}

/** The values of a text as they are written, with those below secret keys made empty. */
function withoutSecrets(text: string): unknown {
  const tree = parse(text, { schema: 'failsafe' }) as Record<string, Record<string, unknown>>
  if (tree['wifi']?.['password'] !== undefined) tree['wifi']['password'] = ''
  for (const key of ['token', 'wireguardKey']) if (tree['vpn']?.[key] !== undefined) tree['vpn'][key] = ''
  const credentials = tree['domain']?.['credentials'] as Record<string, string> | undefined
  for (const key of Object.keys(credentials ?? {})) credentials![key] = ''
  return { ...tree, ...(tree['plexClaim'] === undefined ? {} : { plexClaim: '' }) }
}

describe('no way to make text of answers shows a secret', () => {
  test.each([
    ['a draft', read(fullYaml)],
    ['answers', answersOf(fullYaml)],
  ])('%s', (_name, thing) => {
    const texts = [
      inspect(thing, { depth: 9, showHidden: true }),
      JSON.stringify(thing),
      String(thing),
      Object.values(thing).map(String).join(),
    ]
    for (const text of texts) for (const secret of values) expect(text).not.toContain(secret)
    expect(texts[0]).toContain('[redacted]')
  })
})

describe('taking the secrets out of a file', () => {
  test('leaves all else to the letter', () => {
    const result = removeSecrets(fullYaml, day)
    let expected = fullYaml
    for (const value of [`"${secrets.token}"`, `'${secrets.secretApiKey}'`, ...values])
      expected = expected.replace(value, '')
    expect(result).toBe(`${note}\n${expected}`)
  })

  test('what is empty is asked for afterwards, and all else is answered as before', () => {
    const before = read(fullYaml).draft.answers
    const { draft, missing, halves } = read(removeSecrets(fullYaml, day) ?? '')
    const { wifi, vpn, domain, plexClaim: _claim, ...rest } = before
    expect(draft.answers).toEqual(rest)
    expect(missing).toEqual(['wifi', 'vpn', 'domain', 'plexClaim'])
    const nothing = new Secret('')
    expect(halves).toEqual({
      wifi: { ...wifi, password: nothing },
      vpn: { ...vpn, credential: { kind: 'token', value: nothing } },
      domain: { ...domain, credentials: {} },
    })
  })

  test('a second time changes nothing', () => {
    const once = removeSecrets(fullYaml, day) ?? ''
    expect(removeSecrets(once, '2027-01-01')).toBe(once)
    expect(removeSecrets('vpn: none\nplexClaim: none\n', day)).toBe('vpn: none\nplexClaim: none\n')
  })

  test('keeps the mark and the line ends of Windows', () => {
    expect(removeSecrets('\uFEFF# hi\r\nplexClaim: claim-x\r\n', day)).toBe(`\uFEFF${note}\r\n# hi\r\nplexClaim: \r\n`)
  })

  test.each([
    [
      'in quotes that hide it',
      'vpn: { token: "\\x61bc\\u0064efghij", country: Sweden }',
      'vpn: { token: , country: Sweden }',
    ],
    ['in several lines', 'wifi:\n  password: |\n    abcdefgh\n  name: x', 'wifi:\n  password: \n  name: x'],
    ['in a folded text', 'wifi:\n  password: >-\n    abcd\n    efgh\n\nuser: a', 'wifi:\n  password: \n\nuser: a'],
    ['in a line that goes on', 'wifi:\n  password: abcd\n    efgh\n  name: x', 'wifi:\n  password: \n  name: x'],
    ['without a blank', '{"wifi":{"password":"abcdefgh","name":"x"}}', '{"wifi":{"password":,"name":"x"}}'],
    ['below a key that is not known', 'vpn:\n  tokn: abcdefgh\nmine: abcdefgh', 'vpn:\n  tokn: \nmine: '],
    ['in a list below a key that is not known', 'mine: [abcdefgh, ijklmnop]', 'mine: [, ]'],
    ['with a remark behind it', 'plexClaim: claim-1234 # new', 'plexClaim:  # new'],
    [
      'and in a remark',
      '# was abcdefgh\nwifi: { password: abcdefgh } # abcdefgh?',
      '# was (taken out)\nwifi: { password:  } # (taken out)?',
    ],
    [
      'in a remark only',
      `# token: ${secrets.token}\n# key: GEx0YW5kIGluIGZvciBhIHJlYWwga2V5IGhlcmUhISE=\n# ${secrets.claim}\n# ${sshKey}\n`,
      `# token: (taken out)\n# key: (taken out)\n# (taken out)\n# ${sshKey}\n`,
    ],
    ['with # in it', 'wifi: { password: "#abcdefg" } # x', 'wifi: { password:  } # x'],
  ])('%s', (_name, text, expected) => {
    expect(removeSecrets(text, day)).toBe(`${note}\n${expected}`)
  })

  test('a file that is no YAML is not touched', () => {
    expect(removeSecrets('vpn: {', day)).toBeNull()
    expect(removeSecrets('a\0b', day)).toBeNull()
  })

  test('whatever the layout: no secret stays, it can be read, and all else is the same', () => {
    const password = [
      'plain-passw0rd',
      "it's a secret",
      'say "friend" now',
      '#hash: yes',
      ' blank in front',
      '{braces}',
    ]
    const styles = [
      (value: string) => JSON.stringify(value),
      (value: string) => `'${value.replaceAll("'", "''")}'`,
      (value: string) => `|1-\n      ${value}`,
    ]
    const layouts = [
      (value: string) => `# c\nwifi: # c2\n  name: n # c3\n  password: ${value}\n  country: DE\n\n# end`,
      (value: string) => `user: a\nwifi:\n  password:  ${value}\nhostname: b`,
      (value: string) => `vpn:\n  country: Sweden\n  token: ${value}\n`,
      (value: string) => `domain:\n  credentials:\n    k: ${value}\n  name: a.b`,
      (value: string) => `plexClaim: ${value}\n`,
      (value: string) => (value.startsWith('|') ? 'user: a' : `wifi: {name: n, password: ${value}, country: DE} # c`),
      (value: string) => (value.startsWith('|') ? 'user: a' : `vpn: { "token":${value} }`),
    ]
    for (const secret of password) {
      for (const style of styles) {
        for (const layout of layouts) {
          for (const end of ['\n', '\r\n']) {
            const text = layout(style(secret)).replaceAll('\n', end)
            const result = removeSecrets(text, day)
            expect(result, text).not.toBeNull()
            expect(result, text).not.toContain(secret.trim())
            expect(parse(result ?? '', { schema: 'failsafe' }), text).toEqual(withoutSecrets(text))
            const comments = (of: string) => of.match(/# (c\d?|end)/g)
            expect(comments(result ?? ''), text).toEqual(comments(text))
          }
        }
      }
    }
  })
})

describe('answers as a file to keep', () => {
  test('have no secrets and no consent in them, and are read back as they were', () => {
    const { answers } = read(fullYaml).draft
    const text = renderAnswersYaml(answers)
    for (const secret of values) expect(text).not.toContain(secret)
    expect(text).not.toMatch(/^\s*erase: true/m)
    const again = read(text)
    const { wifi: _wifi, vpn: _vpn, domain: _domain, plexClaim: _claim, ...rest } = answers
    expect(again.draft.answers).toEqual(rest)
    expect(again.missing).toEqual(['wifi', 'vpn', 'domain', 'plexClaim'])
    expect(again.eraseConsent).toEqual([])
    expect(again.unattended).toBe(false)
    expect(renderAnswersYaml(again.draft.answers)).toBe(renderAnswersYaml(rest))
  })

  test.each<Partial<Answers>>([
    {},
    { hostname: 'null', user: 'true', systemDisk: '0123' },
    { wifi: null, vpn: null, domain: null, plexClaim: null, media: [], services: [] },
    { systemDisk: '0123', media: [{ disk: '1e5', use: 'erase' }], network: { mode: 'dhcp' } },
    { sshKeys: [sshKey, `${sshKey} ${'very long comment '.repeat(20)}`] },
  ])('%#: what is none, a number or long stays so', answers => {
    const { draft } = read(renderAnswersYaml(answers))
    expect(draft.answers).toEqual({ ...answers, ...(answers.sshKeys && { sshKeys: [sshKey] }) })
  })

  test('secrets that are filled in make it whole again', () => {
    const answers = answersOf(fullYaml)
    let text = renderAnswersYaml(answers)
    text = text
      .replace('password:', `password: ${secrets.wifi}`)
      .replace(/ token:/, ` token: ${secrets.token}`)
      .replace(/ api_key:/, ` api_key: ${secrets.apiKey}`)
      .replace('secret_api_key:', `secret_api_key: ${secrets.secretApiKey}`)
      .replace('plexClaim:', `plexClaim: ${secrets.claim}`)
    expect(answersToJson(answersOf(text))).toBe(answersToJson(answers))
  })
})

describe('answers as they are kept for the set-up', () => {
  const answers = answersOf(fullYaml)
  const json = answersToJson(answers)

  test('have their secrets, and come back as they were', () => {
    for (const secret of values) expect(json).toContain(secret)
    const back = answersFromJson(json)
    expect(back).toEqual(answers)
    expect(back.vpn?.credential.value).toBeInstanceOf(Secret)
    expect(answersToJson(back)).toBe(json)
  })

  test('come back with nothing optional, too', () => {
    const small: Answers = {
      ...answers,
      network: { mode: 'dhcp' },
      wifi: null,
      vpn: null,
      domain: null,
      plexClaim: null,
      media: [],
      services: [],
    }
    expect(answersFromJson(answersToJson(small))).toEqual(small)
  })

  test.each([
    ['no JSON', json.slice(0, -20), 'not JSON'],
    ['a key too many', json.replace('{', '{ "extra": 1,'), 'wrong at: the top'],
    ['a key too few', json.replace('"hostname"', '"hostnam"'), 'wrong at: hostname'],
    ['a wrong type', json.replace(/"user": "anna"/, '"user": 7'), 'wrong at: user'],
    ['a secret that is none', json.replace(`"${secrets.wifi}"`, '1'), 'wrong at: wifi.password'],
    ['a value against its rule', json.replace('"films"', '"my_films"'), 'hostname: A host name cannot'],
    ['a secret against its rule', json.replace(secrets.token, secrets.token.slice(1)), 'vpn: A token has 64'],
  ])('refuses %s, and tells no secret', (_name, text, words) => {
    let message = ''
    try {
      answersFromJson(text)
    } catch (error) {
      message = inspect(error)
    }
    expect(message).toContain(words)
    for (const secret of [...values, secrets.token.slice(1)]) expect(message).not.toContain(secret)
  })
})

describe('completing a draft', () => {
  const { answers } = read(`user: anna\nsshKeys: ["${sshKey}"]\ndisks: { system: { serial: A1 } }`).draft

  test('puts defaults where nothing was answered', () => {
    expect(toAnswers({ answers, sources: {} })).toEqual({
      answers: {
        language: 'en_US.UTF-8',
        keyboard: 'us',
        timezone: 'Etc/UTC',
        network: { mode: 'dhcp' },
        wifi: null,
        systemDisk: 'A1',
        media: [],
        hostname: 'mediaserver',
        user: 'anna',
        sshKeys: [sshKey],
        vpn: null,
        domain: null,
        services: [],
        plexClaim: null,
      },
    })
  })

  test('says what cannot be guessed, with the mend', () => {
    expect(toAnswers({ answers: {}, sources: {} })).toEqual({
      problems: [
        { question: 'systemDisk', words: 'No disk is chosen for the system. Choose one.' },
        { question: 'user', words: 'The user name is missing. Type a short one, for instance your first name.' },
        { question: 'sshKeys', words: 'There is no SSH key, and nobody could log in. Give at least one public key.' },
      ],
    })
    expect(toAnswers({ answers: { ...answers, sshKeys: [] }, sources: {} })).toHaveProperty('problems')
  })

  test.each<[keyof Answers, Partial<Answers>, string]>([
    ['hostname', { hostname: 'a_b' }, 'underscore'],
    ['language', { language: 'English' }, 'with its country'],
    ['keyboard', { keyboard: 'uk' }, 'gb'],
    ['timezone', { timezone: 'Berlin' }, 'Europe/Berlin'],
    ['user', { user: 'root' }, 'Choose another one'],
    ['sshKeys', { sshKeys: [sshKey, 'x'] }, 'not a public SSH key'],
    ['media', { media: [{ disk: 'A1', use: 'keep' }] }, 'cannot be a disk for films'],
    [
      'media',
      {
        media: [
          { disk: 'B', use: 'keep' },
          { disk: 'B', use: 'erase' },
        ],
      },
      'named twice',
    ],
    ['services', { services: ['sonar'] }, 'no optional service'],
    ['wifi', { wifi: { name: 'x', password: new Secret('short'), country: 'DE' } }, 'at least 8'],
    ['wifi', { wifi: { name: '', password: new Secret('12345678'), country: 'DE' } }, 'missing'],
    ['wifi', { wifi: { name: 'x', password: new Secret('12345678'), country: 'UK' } }, 'GB'],
    ['vpn', { vpn: { credential: { kind: 'token', value: new Secret('x') }, country: '' } }, 'letters a to f'],
    ['vpn', { vpn: { credential: { kind: 'wireguard-key', value: new Secret('x') }, country: '' } }, '44 characters'],
    [
      'vpn',
      { vpn: { credential: { kind: 'token', value: new Secret(secrets.token) }, country: 'SE' } },
      'English name',
    ],
    ['plexClaim', { plexClaim: new Secret('x') }, 'begins with claim-'],
    [
      'network',
      {
        network: { mode: 'static', interface: 'eth0', address: '10.0.0.2/24', gateway: '10.0.1.1', dns: ['10.0.0.1'] },
      },
      'not in the network',
    ],
    [
      'network',
      { network: { mode: 'static', interface: 'eth0', address: '10.0.0.2/24', gateway: '10.0.0.1', dns: [] } },
      'DNS server is missing',
    ],
    [
      'domain',
      { domain: { name: 'x', provider: 'desec', credentials: { token: new Secret('x') }, email: 'a@b.com' } },
      'two parts',
    ],
    ['domain', { domain: { name: 'a.com', provider: 'x', credentials: {}, email: 'a@b.com' } }, 'not known here'],
    [
      'domain',
      { domain: { name: 'a.com', provider: 'desec', credentials: {}, email: 'a@b.com' } },
      'credential is missing',
    ],
    [
      'domain',
      {
        domain: {
          name: 'a.com',
          provider: 'desec',
          credentials: { token: new Secret('x'), key: new Secret('x') },
          email: 'a@b.com',
        },
      },
      'no credential of this name',
    ],
    [
      'domain',
      { domain: { name: 'a.com', provider: 'desec', credentials: { token: new Secret('x') }, email: 'a' } },
      '@',
    ],
  ])('judges what a screen gave by the rules of the file: %s', (question, wrong, words) => {
    const result = toAnswers({ answers: { ...answers, ...wrong }, sources: {} })
    expect('problems' in result ? result.problems : []).toEqual([{ question, words: expect.stringContaining(words) }])
  })

  test('an optional credential may be left out', () => {
    const credentials = { app_key: new Secret('a'), app_secret: new Secret('b'), consumer_key: new Secret('c') }
    const domain = { name: 'a.com', provider: 'ovh', credentials, email: 'a@b.com' }
    expect(toAnswers({ answers: { ...answers, domain }, sources: {} })).toHaveProperty('answers')
  })

  test('a disk that is gone is told', () => {
    expect(toAnswers({ answers, sources: {} }, { disks: [{ id: 'B', serial: 'B' }] })).toEqual({
      problems: [
        {
          question: 'systemDisk',
          words: 'A chosen disk is no longer there. Connect it again, or choose another one.',
        },
      ],
    })
  })
})
