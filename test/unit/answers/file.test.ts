import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { toAnswers } from '../../../firstboot/answers/complete.ts'
import { decodeText } from '../../../firstboot/answers/decode.ts'
import { problemLine, type ReadAnswers, readAnswers } from '../../../firstboot/answers/file.ts'
import { findAnswersFile, findAuthorizedKeys } from '../../../firstboot/answers/find-file.ts'
import type { Known } from '../../../firstboot/answers/known.ts'
import { authorizedKeys, fullYaml, secrets } from './full.ts'
import { rsa1024, sshKey, sshKeys } from './keys.ts'

const read = (text: string, known?: Known, keys?: string) =>
  readAnswers(
    {
      answers: { file: 'f.yaml', text },
      ...(keys === undefined ? {} : { authorizedKeys: { file: 'authorized_keys', text: keys } }),
    },
    known,
  )

function good(text: string, known?: Known, keys?: string): ReadAnswers {
  const result = read(text, known, keys)
  if ('problems' in result) throw new Error(result.problems.map(problemLine).join('\n'))
  return result
}

function bad(text: string, known?: Known, keys?: string): string[] {
  const result = read(text, known, keys)
  return 'problems' in result ? result.problems.map(problemLine) : []
}

describe('a good file', () => {
  test('becomes answers, as they are written', () => {
    const { draft, unattended, eraseConsent, missing } = good(fullYaml)
    expect(unattended).toBe(true)
    expect(eraseConsent).toEqual(['0123456', '1E5'])
    expect(missing).toEqual([])
    const { wifi, vpn, domain, plexClaim, ...rest } = draft.answers
    expect(rest).toEqual({
      language: 'de_DE.UTF-8',
      keyboard: 'de',
      timezone: 'Europe/Berlin',
      hostname: 'films',
      user: 'anna',
      sshKeys: [sshKey],
      network: {
        mode: 'static',
        interface: 'enp1s0',
        address: '192.168.1.20/24',
        gateway: '192.168.1.1',
        dns: ['192.168.1.1', '2606:4700::1111'],
      },
      systemDisk: '0123456',
      media: [
        { disk: 'WD-CA1L3PG', use: 'keep' },
        { disk: '1E5', use: 'erase' },
      ],
      services: ['bazarr'],
    })
    expect([wifi?.name, wifi?.password.reveal(), wifi?.country]).toEqual(['Home: 5 GHz', secrets.wifi, 'DE'])
    expect([vpn?.credential.kind, vpn?.credential.value.reveal(), vpn?.country]).toEqual([
      'token',
      secrets.token,
      'Sweden',
    ])
    expect([domain?.name, domain?.provider, domain?.email]).toEqual([
      'films.example.com',
      'porkbun',
      'anna@example.com',
    ])
    expect(domain?.credentials['secret_api_key']?.reveal()).toBe(secrets.secretApiKey)
    expect(plexClaim?.reveal()).toBe(secrets.claim)
    expect(new Set(Object.values(draft.sources))).toEqual(new Set(['file']))
    expect(Object.keys(draft.sources)).toEqual(Object.keys(draft.answers))
  })

  test.each([
    ['with the mark of Notepad', `\uFEFF${fullYaml}`],
    ['with line ends of Windows', fullYaml.replaceAll('\n', '\r\n')],
    ['with three hyphens at its top', `---\n${fullYaml}`],
  ])('is the same %s', (_name, text) => {
    expect(good(text)).toEqual(good(fullYaml))
  })

  test.each(['', '# nothing\n', '---\n', '{}', 'unattended: false\n'])(
    'with nothing in it asks everything: %j',
    text => {
      expect(good(text)).toEqual({
        draft: { answers: {}, sources: {} },
        unattended: false,
        eraseConsent: [],
        missing: ['systemDisk', 'user', 'sshKeys'],
        halves: {},
      })
    },
  )

  test.each([
    ['hostname:', ['hostname']],
    ['hostname: ~', ['hostname']],
    ['hostname: null', ['hostname']],
    ['hostname: ""', ['hostname']],
    ['vpn:', ['vpn']],
    ['vpn:\n  token:\n  country: Sweden', ['vpn']],
    ['wifi: { name: x, password: 12345678, country: }', ['wifi']],
    ['network: { mode: static, address: 192.168.1.2/24 }', ['network']],
    ['domain: { name: x.example.com, provider: desec, credentials: { token: }, email: a@example.com }', ['domain']],
    ['domain: { name: x.example.com, provider: , email: a@example.com }', ['domain']],
    ['services:', ['services']],
    ['disks:\n  media:\n    - serial:\n      use: keep', ['media']],
    ['disks:\n  media:\n    -', ['media']],
    ['plexClaim:', ['plexClaim']],
  ])('what is empty is asked for: %j', (text, asked) => {
    const { missing, draft } = good(text)
    expect(missing).toEqual(['systemDisk', 'user', 'sshKeys', ...asked])
    expect(draft.answers).toEqual({})
  })

  test('none is an answer', () => {
    const { draft, missing } = good(
      'wifi: none\nvpn: none\ndomain: none\nplexClaim: none\nservices: []\ndisks: { media: [] }',
    )
    expect(draft.answers).toEqual({ wifi: null, vpn: null, domain: null, plexClaim: null, services: [], media: [] })
    expect(missing).toEqual(['systemDisk', 'user', 'sshKeys'])
  })

  test('what looks like a number stays as it is written', () => {
    const { draft } = good('hostname: 0x1f\nwifi: { name: 007, password: 00001234, country: DE }')
    expect(draft.answers.hostname).toBe('0x1f')
    expect([draft.answers.wifi?.name, draft.answers.wifi?.password.reveal()]).toEqual(['007', '00001234'])
  })

  test('blanks count in a Wi-Fi name and password only', () => {
    const { draft } = good('hostname: " films "\nwifi: { name: " x ", password: " 123456 ", country: " DE " }')
    expect(draft.answers.hostname).toBe('films')
    expect([draft.answers.wifi?.name, draft.answers.wifi?.password.reveal(), draft.answers.wifi?.country]).toEqual([
      ' x ',
      ' 123456 ',
      'DE',
    ])
  })

  test('a domain is kept as DNS has it', () => {
    const { draft } = good(
      'domain: { name: films.münchen.example, provider: desec, credentials: { token: x }, email: a@example.com }',
    )
    expect(draft.answers.domain?.name).toBe('films.xn--mnchen-3ya.example')
  })

  test('a WireGuard key can stand for the token', () => {
    const { draft } = good('vpn: { wireguardKey: GEx0YW5kIGluIGZvciBhIHJlYWwga2V5IGhlcmUhISE= }')
    expect(draft.answers.vpn?.credential.kind).toBe('wireguard-key')
    expect(draft.answers.vpn?.country).toBe('')
  })
})

describe('authorized_keys beside it', () => {
  test('adds its keys, each once', () => {
    const twice = `${authorizedKeys}${sshKey.replace('anna@laptop', 'the same')}\n`
    expect(good(fullYaml, {}, twice).draft.answers.sshKeys).toEqual([sshKey, sshKeys[1].line])
    expect(good('', {}, authorizedKeys).draft.answers.sshKeys).toEqual([sshKeys[1].line])
    expect(good('', {}, authorizedKeys).missing).toEqual(['systemDisk', 'user'])
    expect(good('sshKeys:', {}, authorizedKeys).missing).toEqual(['systemDisk', 'user'])
  })

  test('tells its faults with their lines', () => {
    expect(bad('hostname: a_b', {}, `${sshKey}\n  ${rsa1024}\nhello\n`)).toEqual([
      'f.yaml:1:11: "hostname": A host name cannot have an underscore. Use a hyphen instead.',
      'authorized_keys:2:3: This RSA key has 1024 bits, too few to be safe. Make a new key with: ssh-keygen -t ed25519',
      expect.stringMatching(/^authorized_keys:3:1: This is not a public SSH key/),
    ])
  })

  test('a private key is one fault', () => {
    const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n'
    const told = bad('', {}, key)
    expect(told).toEqual([expect.stringContaining('authorized_keys:1:1: This is a private key')])
    expect(told.join()).not.toContain('b3BlbnNz')
  })
})

describe('a bad file is told with the place of every fault, and its mend', () => {
  const token = '0123456789abcdef'.repeat(4)
  const cases: [string, string, string[]][] = [
    [
      'everything at once',
      'hostnme: a\nhostname: my_host\nuser: Root\nunattended: yes\nvpn:\n  tokn: x\n  token: 123\nservices: bazarr\n',
      [
        'f.yaml:1:1: unknown key; did you mean "hostname"?',
        'f.yaml:2:11: "hostname": A host name cannot have an underscore. Use a hyphen instead.',
        'f.yaml:3:7: "user": Use small letters only.',
        'f.yaml:4:13: "unattended": expected one of "true", "false"',
        'f.yaml:6:3: unknown key; did you mean "token"?',
        'f.yaml:7:10: "token": A token has 64 characters, this has 3. Copy it again from my.nordaccount.com: NordVPN, Manual setup, Access token.',
        'f.yaml:8:11: "services": expected a list, found a text; begin a line for each of them with "- "',
      ],
    ],
    [
      'a key that is like no other',
      'wifi:\n  hunter22hunter: x\n',
      ['f.yaml:2:3: unknown key; here may stand "name", "password", "country"'],
    ],
    [
      'a section that is a text',
      'vpn: sweden\n',
      [
        'f.yaml:1:6: "vpn": expected a map of keys, found a text; give each key a line of its own below this one, two spaces further in',
      ],
    ],
    [
      'a text that is a section',
      'hostname:\n  name: x\n',
      ['f.yaml:2:3: "hostname": expected a text, found a map of keys; write one value behind the colon'],
    ],
    [
      'a word that is one of few',
      'disks: { media: [{ serial: A1, use: kep }] }\n',
      ['f.yaml:1:37: "use": expected one of "keep", "erase", "ignore"; did you mean "keep"?'],
    ],
    [
      'a time zone',
      'timezone: Berlin\n',
      ['f.yaml:1:11: "timezone": There is no such time zone; did you mean Europe/Berlin?'],
    ],
    [
      'a gateway outside',
      'network:\n  mode: static\n  address: 192.168.1.20/24\n  gateway: 192.168.2.1\n',
      [
        'f.yaml:4:12: "gateway": The gateway is not in the network of the address above. Compare both with your router\'s settings.',
      ],
    ],
    [
      'an address without static',
      'network:\n  mode: dhcp\n  address: 192.168.1.20/24\n',
      ['f.yaml:3:12: "address": This belongs to "mode: static" only. Take it out, or write that.'],
    ],
    [
      'two credentials of the VPN',
      `vpn:\n  token: ${token}\n  wireguardKey: GEx0YW5kIGluIGZvciBhIHJlYWwga2V5IGhlcmUhISE=\n`,
      ['f.yaml:3:17: "wireguardKey": There are both a token and a WireGuard key. Take one of them out.'],
    ],
    [
      'a credential of another provider',
      'domain:\n  name: x.example.com\n  provider: porkbun\n  credentials:\n    apikey: hush\n    token: hush\n',
      [
        'f.yaml:5:5: Porkbun has no credential of this name; did you mean "api_key"?',
        'f.yaml:6:5: Porkbun has no credential of this name. It wants: api_key, secret_api_key.',
      ],
    ],
    [
      'an empty credential of another provider',
      'domain: { provider: desec, credentials: { key: } }\n',
      ['f.yaml:1:43: deSEC (free) has no credential of this name. It wants: token.'],
    ],
    [
      'a credential that cannot be one',
      'domain:\n  name: films.example.com\n  provider: duckdns\n  credentials: { token: hush-hush }\n',
      [
        'f.yaml:2:9: "name": DuckDNS (free) only has names of its own: the domain must be NAME.duckdns.org.',
        'f.yaml:4:25: "token": A DuckDNS token looks like 01234567-89ab-cdef-0123-456789abcdef. Copy it from the top of duckdns.org.',
      ],
    ],
    [
      'a disk that is named twice',
      'disks:\n  system: { serial: A1 }\n  media:\n    - { serial: A1, use: keep }\n',
      ['f.yaml:4:17: "serial": This disk is named already, further up. Name each disk once.'],
    ],
    [
      'an erase that is none',
      'disks:\n  media:\n    - { serial: A1, use: keep, erase: true }\n',
      ['f.yaml:3:39: "erase": This contradicts use: keep. Take one of the two out.'],
    ],
    [
      'an erase that nobody agreed to',
      'unattended: true\ndisks:\n  media:\n    - { serial: A1, use: erase }\n',
      ['f.yaml:4:26: "use": Nobody is asked, so an erase needs "erase: true" beside it.'],
    ],
    ['a key that is there twice', 'user: a\nuser: b\n', ['f.yaml:2:1: This key is there twice. Take one of them out.']],
    ['a tab', 'vpn:\n\ttoken: x\n', ['f.yaml:2:1: This line begins with a tab. Use spaces only.']],
    [
      'a second colon',
      'hostname: a: b\n',
      [
        'f.yaml:1:11: There is a second colon in this line. Put the value in quotes, or give each key a line of its own.',
      ],
    ],
    ['a star', 'wifi:\n  password: *hush\n', ['f.yaml:2:13: A value that begins with * must be in quotes.']],
    ['an ampersand', 'wifi: { password: &hush x }\n', ['f.yaml:1:25: A value that begins with & must be in quotes.']],
    ['an exclamation mark', 'user: !hush x\n', ['f.yaml:1:7: A value that begins with ! must be in quotes.']],
    ['an at sign', 'user: @hush\n', ['f.yaml:1:7: A value that begins with @, ` or % must be in quotes.']],
    [
      'a percent sign',
      '%hush\n---\nuser: a\n',
      ['f.yaml:1:1: A line cannot begin with %. Take it out, or put # in front of it.'],
    ],
    [
      'a backslash',
      'user: "a\\hush"\n',
      ["f.yaml:1:9: Inside double quotes, \\ has a meaning of its own. Use single quotes: '...'"],
    ],
    [
      'a quote that does not end',
      'user: "hush\n',
      ['f.yaml:2:1: Something is missing: the colon behind the key, or the end of a quote or bracket that was begun.'],
    ],
    [
      'a quote in a quote',
      "user: 'it's hush'\n",
      ['f.yaml:1:11: This cannot stand here. If it belongs to the value, put the whole value in quotes.'],
    ],
    [
      'two documents',
      'user: a\n---\nuser: b\n',
      ['f.yaml:2:1: A line of three hyphens may only be the first one. Take it out.'],
    ],
    ['a list as a key', '[hush]: x\n', ['f.yaml:1:1: A key is one word.']],
    [
      'no colons',
      'hostname films\n',
      ['f.yaml:1:1: This file has no answers in it. Each is a line like "key: value", with a space behind the colon.'],
    ],
    ['no text', 'PK\0\0', ['f.yaml:1:1: This is not a text file. Save it as text, in UTF-8.']],
    [
      'far too long',
      'a'.repeat(300_000),
      ['f.yaml:1:1: This file is too long to be answers. Compare it with the template.'],
    ],
    ['__proto__', '__proto__: { user: x }\n', [expect.stringMatching(/^f\.yaml:1:1: unknown key; here may stand/)]],
    ['constructor', 'constructor: x\n', [expect.stringMatching(/^f\.yaml:1:1: unknown key; here may stand/)]],
  ]

  test.each(cases)('%s', (_name, text, expected) => {
    const told = bad(text)
    expect(told).toEqual(expected)
    expect(told.join()).not.toContain('hush')
  })

  test('no depth of brackets is too much', () => {
    expect(bad('['.repeat(50_000))).toHaveLength(1)
    expect(bad('{a: '.repeat(50_000))).not.toEqual([])
  })
})

describe('disks of this machine', () => {
  const disks = [
    { id: 'A1', serial: 'A1' },
    { id: 'B2@pci-1', serial: 'B2' },
    { id: 'B2@pci-2', serial: 'B2' },
    { id: '', serial: '' },
  ]
  const system = (serial: string) => `disks: { system: { serial: ${serial}, erase: true } }`

  test('one is found by its serial number, or by its place', () => {
    expect(good(system('A1'), { disks }).draft.answers.systemDisk).toBe('A1')
    expect(good(system('A1'), { disks }).eraseConsent).toEqual(['A1'])
    expect(good(system('B2@pci-2'), { disks }).eraseConsent).toEqual(['B2@pci-2'])
  })

  test('none, or more than one, is a fault', () => {
    expect(bad(system('C3'), { disks })).toEqual([
      'f.yaml:1:28: "serial": No disk with this serial number is there. There are: A1, B2@pci-1, B2@pci-2.',
    ])
    expect(bad(system('B2'), { disks })).toEqual([
      'f.yaml:1:28: "serial": Several disks have this serial number. Name one by its place too: B2@pci-1, B2@pci-2.',
    ])
    expect(bad(system('C3'), { disks: [] })).toEqual([expect.stringContaining('None was found')])
  })
})

test('lists of the machine decide about places', () => {
  const known: Known = { timezones: ['Etc/UTC'], languages: ['en_US.UTF-8'], keyboards: ['us'] }
  expect(bad('timezone: Europe/Berlin\nlanguage: de_DE.UTF-8\nkeyboard: de', known)).toHaveLength(3)
  expect(bad('timezone: Etc/UTC\nlanguage: en_US.UTF-8\nkeyboard: us', known)).toEqual([])
})

describe('which file it is', () => {
  test.each([
    [['README.txt', 'mediaserver.yaml'], { name: 'mediaserver.yaml' }],
    [['MEDIASERVER.YAML'], { name: 'MEDIASERVER.YAML' }],
    [['mediaserver.yaml.txt'], { name: 'mediaserver.yaml.txt' }],
    [['mediaserver.yml'], { name: 'mediaserver.yml' }],
    [['mediaserver.schema.json', '._mediaserver.yaml', 'old-mediaserver.yaml'], { name: null }],
    [
      ['mediaserver.yml', 'mediaserver.yaml'],
      { fault: 'There are several files with answers: mediaserver.yaml, mediaserver.yml. Keep one of them.' },
    ],
  ])('%j', (names, expected) => expect(findAnswersFile(names)).toEqual(expected))

  test('the file of keys', () => {
    expect(findAuthorizedKeys(['AUTHORIZED_KEYS.TXT', 'x'])).toEqual({ name: 'AUTHORIZED_KEYS.TXT' })
    expect(findAuthorizedKeys(['x'])).toEqual({ name: null })
  })
})

describe('what editors write', () => {
  const bytes16 = (text: string, mark: number[], swap: boolean) => {
    const body = Buffer.from(text, 'utf16le')
    return Buffer.concat([Buffer.from(mark), swap ? body.swap16() : body])
  }
  test.each([
    ['UTF-8', Buffer.from('münchen')],
    ['UTF-16 of Windows', bytes16('münchen', [0xff, 0xfe], false)],
    ['UTF-16 the other way round', bytes16('münchen', [0xfe, 0xff], true)],
    ['Windows-1252', Buffer.from('m\xfcnchen', 'latin1')],
  ])('%s', (_name, bytes) => expect(decodeText(bytes).replace('\uFEFF', '')).toBe('münchen'))
})

/** Numbers that are the same in every run. */
function random(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const knownKeys: Record<string, string[]> = {
  '': 'unattended language keyboard timezone hostname user sshKeys network wifi disks vpn domain services plexClaim'.split(
    ' ',
  ),
  network: ['mode', 'interface', 'address', 'gateway', 'dns'],
  wifi: ['name', 'password', 'country'],
  disks: ['system', 'media'],
  'disks.system': ['serial', 'erase'],
  'disks.media': ['serial', 'use', 'erase'],
  vpn: ['token', 'wireguardKey', 'country'],
  domain: ['name', 'provider', 'credentials', 'email'],
  'domain.credentials': ['api_key', 'secret_api_key'],
}

function unknownKeys(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap(item => unknownKeys(item, path))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(knownKeys[path]?.includes(key) === true ? [] : [`${path}.${key}`]),
    ...unknownKeys(inner, path === '' ? key : `${path}.${key}`),
  ])
}

describe('whatever the file is', () => {
  const letters = ' \n\t:-#"\'{}[]&*!|>%@`,\\~0aZ_\u00e9\uFEFF\r'
  const values = Object.values(secrets)

  /** What must not be, for a text. */
  function wrongs(text: string): string[] {
    const result = read(text)
    const lines = 'problems' in result ? result.problems.map(problemLine).join('\n') : ''
    const shown = `${lines}${inspect(result, { depth: 9 })}${JSON.stringify(result)}`
    // A change may hit the secret itself: then a piece of it is still one.
    const told = values.filter(
      secret => shown.includes(secret) || lines.includes(secret.slice(0, 8)) || lines.includes(secret.slice(-8)),
    )
    if (!('problems' in result)) {
      toAnswers(result.draft)
      return [...told, ...unknownKeys(parse(text.replace(/^\uFEFF/, ''), { schema: 'failsafe' }))]
    }
    const placed = result.problems.length > 0 && result.problems.every(({ line, col }) => line > 0 && col > 0)
    return placed ? told : [...told, 'a problem without a place']
  }

  test('cut off anywhere: no throw, no unknown key, no secret told', () => {
    for (let length = 0; length <= fullYaml.length; length++) expect(wrongs(fullYaml.slice(0, length))).toEqual([])
  })

  test('one letter more, less or other anywhere', () => {
    const pick = random(7)
    for (let round = 0; round < 2000; round++) {
      const at = pick(fullYaml.length + 1)
      const letter = letters[pick(letters.length)] ?? ''
      const drop = pick(3) === 0 ? 0 : 1
      expect(wrongs(fullYaml.slice(0, at) + (pick(3) === 0 ? '' : letter) + fullYaml.slice(at + drop))).toEqual([])
    }
  })

  test('lines in another order, indented otherwise, lost or doubled', () => {
    const pick = random(11)
    const lines = fullYaml.split('\n')
    for (let round = 0; round < 1000; round++) {
      const mixed = [...lines]
      for (let change = 0; change <= pick(3); change++) {
        const at = pick(mixed.length)
        const [line = ''] = mixed.splice(at, pick(2))
        mixed.splice(pick(mixed.length + 1), 0, `${' '.repeat(pick(4))}${line.trimStart()}`)
      }
      expect(wrongs(mixed.join('\n'))).toEqual([])
    }
  })
})

test('no secret is told where it stands in the wrong place', () => {
  for (const secret of Object.values(secrets)) {
    for (const text of [
      `hostname: ${secret}`,
      `user: ${secret}\nkeyboard: ${secret}\nlanguage: ${secret}\ntimezone: ${secret}`,
      `${secret}: x`,
      secret,
      `vpn: ${secret}`,
      `vpn: { ${secret} }`,
      `wifi: { ${secret}: , password: ${secret}`,
      `vpn:\n  token: ${secret}: x`,
      `vpn:\n  token: "${secret}`,
      `vpn:\n  token: *${secret}`,
      `vpn:\n  token: !${secret}`,
      `vpn:\n  token: &${secret} ${secret}`,
      `vpn:\n  token: "\\${secret}"`,
      `domain: { provider: ${secret}, name: ${secret}, email: ${secret}, credentials: { ${secret}: ${secret} } }`,
      `domain: { provider: desec, credentials: { ${secret}: ${secret} } }`,
      `disks: { system: { serial: ${secret}, erase: ${secret} } }\nunattended: ${secret}`,
      `network: { mode: ${secret}, address: ${secret}, gateway: ${secret}, dns: [${secret}], interface: ${secret} }`,
      `services: [${secret}]\nsshKeys: [${secret}]\nvpn: { country: ${secret} }`,
      `${secret}\n---\n%${secret}`,
    ]) {
      const told = bad(text, { disks: [{ id: 'A', serial: 'A' }] }, secret)
      expect(told, text).not.toEqual([])
      expect(told.join('\n')).not.toContain(secret)
    }
  }
})
