import { describe, expect, test } from 'vitest'
import {
  addressFault,
  dnsFault,
  gatewayFault,
  interfaceFault,
  isIpv6,
} from '../../../firstboot/answers/rules/address.ts'
import { findProvider, providerDomainFault, providerFault, providers } from '../../../firstboot/answers/rules/ddns.ts'
import { serialFault } from '../../../firstboot/answers/rules/disk.ts'
import { domainFault, emailFault, readDomain } from '../../../firstboot/answers/rules/domain.ts'
import { hostnameFault } from '../../../firstboot/answers/rules/hostname.ts'
import { keyboardFault, languageFault, timezoneFault } from '../../../firstboot/answers/rules/place.ts'
import { plexClaimFault } from '../../../firstboot/answers/rules/plex.ts'
import type { Rule } from '../../../firstboot/answers/rules/rule.ts'
import { serviceFault } from '../../../firstboot/answers/rules/services.ts'
import { githubNameFault, readSshKey, sshKeyFault } from '../../../firstboot/answers/rules/ssh-key.ts'
import { userFault } from '../../../firstboot/answers/rules/user.ts'
import {
  looksLikeToken,
  looksLikeWireguardKey,
  tokenFault,
  vpnCountryFault,
  wireguardKeyFault,
} from '../../../firstboot/answers/rules/vpn.ts'
import { wifiCountryFault, wifiNameFault, wifiPasswordFault } from '../../../firstboot/answers/rules/wifi.ts'
import { certificate, rsa1024, sshKey, sshKeys } from './keys.ts'

const token = '0123456789abcdef'.repeat(4)
const wireguardKey = 'GEx0YW5kIGluIGZvciBhIHJlYWwga2V5IGhlcmUhISE='
const zones = ['Europe/Berlin', 'Europe/Kyiv', 'America/New_York', 'Etc/UTC']
const zone: Rule = text => timezoneFault(text, zones)
const gateway: Rule = text => gatewayFault(text, '192.168.1.20/24')
const [, body = ''] = sshKey.split(' ')

/** For each rule: what is good, and what is bad with the words that must be in its sentence. */
const table: Record<string, { rule: Rule; good: string[]; bad: [string, string][] }> = {
  hostname: {
    rule: hostnameFault,
    good: ['mediaserver', 'a', 'films-2', 'a'.repeat(63), '3com'],
    bad: [
      ['', 'missing'],
      ['my_host', 'underscore. Use a hyphen'],
      ['my host', 'spaces. Use hyphens'],
      ['films.lan', 'no dots'],
      ['Films', 'small letters'],
      ['kühl', 'only the letters a to z'],
      ['-a', 'begin or end with a hyphen'],
      ['a-', 'begin or end with a hyphen'],
      ['a'.repeat(64), 'at most 63 characters, this has 64'],
      ['1234', 'Add a letter'],
      ['localhost', 'Choose another one'],
    ],
  },
  user: {
    rule: userFault,
    good: ['anna', 'a', 'anna_b-2', 'a'.repeat(32)],
    bad: [
      ['', 'missing'],
      ['Anna', 'small letters'],
      ['anna b', 'one word'],
      ['anna@example.com', 'without it'],
      ['1anna', 'begins with a letter'],
      ['-anna', 'begins with a letter'],
      ['änna', 'only the letters a to z'],
      ['a'.repeat(33), 'at most 32 characters, this has 33'],
      ['root', 'system itself'],
      ['docker', 'system itself'],
      ['video', 'system itself'],
      ['plex', 'system itself'],
      ['systemd-something', 'system itself'],
      ['_apt', 'system itself'],
    ],
  },
  sshKey: {
    rule: sshKeyFault,
    good: sshKeys.map(key => key.line),
    bad: [
      ['', 'missing'],
      [
        '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r\n-----END OPENSSH PRIVATE KEY-----',
        'private key, which must',
      ],
      ['-----BEGIN RSA PRIVATE KEY-----', 'private key, which must'],
      ['PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none', 'PuTTYgen'],
      ['---- BEGIN SSH2 PUBLIC KEY ----\nAAAA', 'ssh-keygen -i'],
      ['-----BEGIN CERTIFICATE-----', 'certificate of a website'],
      ['-----BEGIN PUBLIC KEY-----', 'another form'],
      ['SHA256:NRgLK7dl9Ai4YvxhEKEmForzlhMLnsHaOux5Q116QTA', 'only the fingerprint'],
      ['gh:anna', 'an address, not a key'],
      ['https://github.com/anna.keys', 'an address, not a key'],
      [certificate, 'SSH certificate'],
      [body, 'with its type in front'],
      ['~/.ssh/id_ed25519.pub', 'name of a file'],
      ['C:\\Users\\anna\\.ssh\\id_ed25519.pub', 'name of a file'],
      ['id_rsa', 'name of a file'],
      ['anna.pub', 'name of a file'],
      [`${sshKey}\n${sshKeys[1].line}`, 'several keys'],
      [`ssh-ed25519 ${body.slice(0, 30)}\n${body.slice(30)}`, 'one line'],
      ['ssh-dss AAAAB3NzaC1kc3MAAA', 'DSA'],
      [`no-pty ${sshKey}`, 'options in front'],
      ['hello', 'not a public SSH key'],
      ['constructor AAAA', 'not a public SSH key'],
      ['ssh-ed25519', 'cut off'],
      [`ssh-ed25519 ${body.slice(0, 40)}`, 'cut off'],
      [`ssh-ed25519 ${body}AAAA`, 'cut off'],
      [`ssh-ed25519 ${body.slice(0, -3)}!!!`, 'cut off'],
      [`${sshKey}\u001b[2J`, 'damaged'],
      [`ssh-rsa ${body}`, 'type in front'],
      [rsa1024, '1024 bits'],
    ],
  },
  githubName: {
    rule: githubNameFault,
    good: ['anna', 'a-b-2'],
    bad: [
      ['', 'missing'],
      ['github.com/anna', 'only the name'],
      ['a--b', 'single hyphens'],
      ['a'.repeat(40), 'at most 39'],
    ],
  },
  token: {
    rule: tokenFault,
    good: [token, token.toUpperCase()],
    bad: [
      ['', 'missing'],
      [wireguardKey, 'WireGuard key, not an access token. It can be used'],
      ['anna@example.com', 'not your login'],
      [token.slice(1), 'has 64 characters, this has 63'],
      [`${token}0`, 'has 64 characters, this has 65'],
      [`g${token.slice(1)}`, 'letters a to f'],
    ],
  },
  wireguardKey: {
    rule: wireguardKeyFault,
    good: [wireguardKey],
    bad: [
      ['', 'missing'],
      [`${'A'.repeat(43)}=`, 'all zeros'],
      [token, 'access token of NordVPN, not a WireGuard key. It can be used'],
      [`[Interface]\nPrivateKey = ${wireguardKey}`, 'Paste only the text behind'],
      [wireguardKey.slice(1), 'has 44 characters with the = at its end, this has 43'],
      ['not-a-key', 'only letters, digits'],
      [`${wireguardKey.slice(0, 42)}B=`, 'do not stand for 32 bytes'],
    ],
  },
  vpnCountry: {
    rule: vpnCountryFault,
    good: ['', 'Sweden', 'United States', "Lao People's Democratic Republic"],
    bad: [
      ['SE', 'not by two letters'],
      ['Sweden #3', 'English name'],
    ],
  },
  domain: {
    rule: domainFault,
    good: ['example.com', 'films.example.co.uk', 'München.example', 'a.xn--p1ai', 'x.duckdns.org'],
    bad: [
      ['', 'missing'],
      ['https://example.com', 'without https://'],
      ['example.com:443', 'without a colon'],
      ['example.com/films', 'without a slash'],
      ['anna@example.com', 'behind the @'],
      ['192.168.1.1', 'This is an address'],
      ['2001:db8::1', 'This is an address'],
      ['my films.example.com', 'spaces'],
      ['*.example.com', 'without *'],
      ['my_films.example.com', 'underscore'],
      ['example.com.', 'dot too many'],
      ['example..com', 'dot too many'],
      ['-a.example.com', 'begins or ends with a hyphen'],
      [`${'a'.repeat(64)}.com`, 'at most 63'],
      [`${'abcdefghi.'.repeat(26)}com`, 'at most 253'],
      ['example', 'at least two parts'],
      ['films.local', 'at home only'],
      ['films.lan', 'at home only'],
      ['films.fritz.box', 'at home only'],
      ['films.home.arpa', 'at home only'],
      ['films.1a', 'does not begin with a digit'],
    ],
  },
  email: {
    rule: emailFault,
    good: ['anna@example.com', 'a.b+c@sub.example.org'],
    bad: [
      ['', 'missing'],
      ['anna', 'has an @'],
      ['a@b@example.com', 'only one @'],
      ['@example.com', 'in front of the @ is missing'],
      ['an na@example.com', 'a space or a wrong character'],
      ['anna.@example.com', 'a space or a wrong character'],
      ['anna@films.local', 'behind the @ is not a domain'],
    ],
  },
  address: {
    rule: addressFault,
    good: ['192.168.1.20/24', '10.0.0.1/8', '172.16.0.5/30'],
    bad: [
      ['', 'missing'],
      ['fd00::1/64', 'IPv4 address'],
      ['192.168.1', 'not an address'],
      ['192.168.1.256/24', 'not an address'],
      ['192.168.01.2/24', 'not an address'],
      ['192.168.1.20', 'prefix length is missing'],
      ['192.168.1.20/255.255.255.0', 'prefix length: /24'],
      ['192.168.1.20/x', 'not a prefix length'],
      ['192.168.1.20/33', 'not a prefix length'],
      ['192.168.1.20/31', 'from /8 to /30'],
      ['127.0.0.1/8', 'No machine can have'],
      ['169.254.1.1/16', 'No machine can have'],
      ['224.0.0.1/24', 'No machine can have'],
      ['192.168.1.0/24', 'network itself'],
      ['192.168.1.255/24', 'all machines'],
    ],
  },
  gateway: {
    rule: gateway,
    good: ['192.168.1.1', '192.168.1.254'],
    bad: [
      ['', 'missing'],
      ['192.168.1.1/24', 'without a prefix length'],
      ['fritz.box', 'not the address of a router'],
      ['192.168.2.1', 'not in the network'],
      ['192.168.1.20', 'the same as the address'],
      ['192.168.1.0', 'not the gateway'],
      ['192.168.1.255', 'not the gateway'],
    ],
  },
  dns: {
    rule: dnsFault,
    good: ['192.168.1.1', '2606:4700::1111', '127.0.0.53'],
    bad: [
      ['', 'missing'],
      ['dns.google', 'by its address'],
      ['0.0.0.0', 'No DNS server'],
      ['255.255.255.255', 'No DNS server'],
    ],
  },
  interface: {
    rule: interfaceFault,
    good: ['enp1s0', 'eth0', 'enx001122334455'],
    bad: [
      ['', 'missing'],
      ['enp1s0/x', 'not the name'],
      ['a'.repeat(16), 'not the name'],
    ],
  },
  wifiName: {
    rule: wifiNameFault,
    good: ['FRITZ!Box 7590', ' ', 'ä'.repeat(16)],
    bad: [
      ['', 'missing'],
      ['ä'.repeat(17), 'at most 32 bytes, this has 34'],
      ['a\tb', 'cannot be shown'],
    ],
  },
  wifiPassword: {
    rule: wifiPasswordFault,
    good: ['12345678', 'with blanks in it', '~'.repeat(63), token],
    bad: [
      ['', 'missing'],
      ['1234567', 'at least 8 characters, this has 7'],
      ['~'.repeat(64), 'at most 63 characters, this has 64'],
      ['passwörter', 'umlauts'],
    ],
  },
  wifiCountry: {
    rule: wifiCountryFault,
    good: ['DE', 'US', 'GB'],
    bad: [
      ['', 'missing'],
      ['UK', 'are GB'],
      ['EU', 'one country'],
      ['de', 'in capitals'],
      ['XX', 'No country'],
      ['Germany', 'No country'],
    ],
  },
  timezone: {
    rule: zone,
    good: zones,
    bad: [
      ['', 'missing'],
      ['Berlin', 'did you mean Europe/Berlin?'],
      ['europe/berlin', 'did you mean Europe/Berlin?'],
      ['America/New York', 'did you mean America/New_York?'],
      ['Europe/Berln', 'did you mean Europe/Berlin?'],
      ['Mars/Olympus', 'a region and a city'],
    ],
  },
  'timezone without a list': {
    rule: text => timezoneFault(text),
    good: ['Europe/Kyiv', 'Asia/Kolkata', 'Etc/UTC', 'America/Argentina/Buenos_Aires'],
    bad: [
      ['Europe/Berln', 'did you mean Europe/Berlin?'],
      ['europe/berlin', 'did you mean Europe/Berlin?'],
      ['+01:00', 'no such time zone'],
    ],
  },
  language: {
    rule: text => languageFault(text, ['en_US.UTF-8', 'de_DE.UTF-8', 'ca_ES.UTF-8@valencia', 'C.UTF-8']),
    good: ['en_US.UTF-8', 'C.UTF-8', 'ca_ES.UTF-8@valencia'],
    bad: [
      ['', 'missing'],
      ['English', 'with its country'],
      ['en_US', 'as in en_US.UTF-8'],
      ['de-DE.utf8', 'as in en_US.UTF-8'],
      ['de_DE.ISO-8859-1', 'end it with .UTF-8'],
      ['de_DD.UTF-8', 'did you mean "de_DE.UTF-8"?'],
    ],
  },
  keyboard: {
    rule: text => keyboardFault(text),
    good: ['us', 'de', 'gb', 'latam'],
    bad: [
      ['', 'missing'],
      ['DE', 'small letters'],
      ['uk', 'Its name is gb'],
      ['de-nodeadkeys', 'without a variant: de'],
      ['klingon', 'two letters of the country'],
      ['constructor', 'two letters of the country'],
    ],
  },
  plexClaim: {
    rule: plexClaimFault,
    good: ['claim-AbCdEfGhIjKlMnOpQrSt', 'claim-abc_ef-hijklmnopqrst'],
    bad: [
      ['', 'missing'],
      ['https://plex.tv/claim', 'address'],
      ['AbCdEfGhIjKlMnOpQrSt', 'begins with claim-'],
      ['claim-abc', 'cut off'],
      ['claim-AbCdEfGhIjKlMnOpQr t', 'wrong character'],
    ],
  },
  service: {
    rule: serviceFault,
    good: ['bazarr', 'jellyseerr'],
    bad: [
      ['bazar', 'did you mean "bazarr"?'],
      ['sonarr-4k', 'There are: bazarr, jellyseerr'],
    ],
  },
  serial: {
    rule: serialFault,
    good: ['S5GXNX0T124Q7K', '0123', 'WD-CA1L3PG', 'S5GX@pci-0000:00:17.0-ata-1'],
    bad: [
      ['', 'missing'],
      ['/dev/sda', 'can change with every start'],
      ['...4Q7K', 'whole serial'],
      ['séria', 'not a serial number'],
    ],
  },
  provider: {
    rule: providerFault,
    good: providers.map(provider => provider.id),
    bad: [
      ['porkbunn', 'did you mean "porkbun"?'],
      ['google', 'There are: porkbun'],
    ],
  },
  'domain at DuckDNS': {
    rule: text => providerDomainFault(findProvider('duckdns')!, text),
    good: ['films.duckdns.org'],
    bad: [
      ['films.example.com', 'NAME.duckdns.org'],
      ['duckdns.org', 'NAME.duckdns.org'],
      ['a.b.duckdns.org', 'NAME.duckdns.org'],
    ],
  },
}

describe.each(Object.entries(table))('%s', (_name, { rule, good, bad }) => {
  test.each(good)('takes %j', text => expect(rule(text)).toBeNull())

  test.each(bad)('refuses %j: %s', (text, words) => {
    const sentence = rule(text)
    expect(sentence).toContain(words)
    // A whole sentence, in characters that every console font has, as one line.
    expect(sentence).toMatch(/^[A-Z][\x20-\x7e]*[.?a-z0-9)]$/)
  })

  test('refuses without repeating what was typed', () => {
    for (const secret of ['Xq7-secret!', token, wireguardKey, 'claim-Zz9Zz9Zz9Zz9Zz9Zz9Zz', 'correct horse'])
      expect(rule(secret) ?? '').not.toContain(secret)
  })
})

describe('SSH keys are taken apart', () => {
  test.each(sshKeys)('$line', ({ line, bits, fingerprint, comment }) => {
    expect(readSshKey(line)).toEqual({ key: { type: line.split(' ')[0], bits, fingerprint, comment, line } })
  })

  test('blanks between the parts are made one', () => {
    const read = readSshKey(`ssh-ed25519\t${body}   anna  b`)
    expect('key' in read ? read.key.line : '').toBe(`ssh-ed25519 ${body} anna b`)
  })

  test('no damaged key is taken', () => {
    for (const { line } of sshKeys) {
      const [type = '', base64 = ''] = line.split(' ')
      for (let length = 0; length < base64.length; length += 7)
        expect(sshKeyFault(`${type} ${base64.slice(0, length)}`), line).not.toBeNull()
    }
  })
})

test('a token and a key are told apart', () => {
  expect([looksLikeToken(token), looksLikeWireguardKey(token)]).toEqual([true, false])
  expect([looksLikeToken(wireguardKey), looksLikeWireguardKey(wireguardKey)]).toEqual([false, true])
})

test('a domain becomes what DNS has', () => {
  expect(readDomain('Films.MÜNCHEN.example')).toEqual({ name: 'films.xn--mnchen-3ya.example' })
})

test('IPv6', () => {
  expect(['::1', 'fe80::1', '2001:db8::1', '::ffff:1.2.3.4'].map(isIpv6)).toEqual([true, true, true, true])
  expect(['1', 'a', '1.2.3.4', ':::', 'g::1', ''].map(isIpv6)).toEqual([false, false, false, false, false, false])
})

const credential: Record<string, Record<string, string>> = {
  porkbun: { api_key: 'pk1_x', secret_api_key: 'sk1_x' },
  cloudflare: { zone_identifier: '0123456789abcdef0123456789abcdef', token: 'x' },
  duckdns: { token: '01234567-89ab-cdef-0123-456789abcdef' },
  namecheap: { password: '0123456789abcdef0123456789abcdef' },
  godaddy: { key: 'abcdefgh_abcdefghijklmnopqrstu', secret: 'x' },
  digitalocean: { token: 'dop_v1_x' },
  desec: { token: 'x' },
  gandi: { personal_access_token: 'x' },
  ovh: { app_key: 'x', app_secret: 'y', consumer_key: 'z', api_endpoint: 'ovh-eu' },
  dynu: { username: 'anna', password: 'with a blank' },
}

describe.each(providers)('$title', ({ id, fields, where }) => {
  test('takes credentials as the provider gives them out, and no empty ones', () => {
    expect(fields.map(field => field.name)).toEqual(Object.keys(credential[id] ?? {}))
    for (const field of fields) {
      expect(field.rule(credential[id]?.[field.name] ?? '')).toBeNull()
      expect(field.rule('')).toContain('missing')
    }
    expect(where).toMatch(/\.$/)
  })
})

test.each([
  ['cloudflare', 'zone_identifier', 'example.com', '32 digits'],
  ['duckdns', 'token', 'abc', 'looks like'],
  ['namecheap', 'password', 'hunter2', 'not the password of your account'],
  ['godaddy', 'key', 'abc', 'underscore'],
  ['ovh', 'api_endpoint', 'eu', 'ovh-eu, ovh-ca or ovh-us'],
  ['porkbun', 'api_key', 'a b', 'no spaces'],
])('%s refuses a wrong %s', (id, name, text, words) => {
  expect(
    findProvider(id)
      ?.fields.find(field => field.name === name)
      ?.rule(text),
  ).toContain(words)
})
