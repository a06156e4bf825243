import { expect, test } from 'vitest'
import { archiveRoots, missingPackages, parseUris } from '../../../builder/archive/parse-uris.ts'

const digest = (letter: string) => letter.repeat(64)

test('lines of apt become packages sorted by name, with nothing escaped any more', () => {
  const text = [
    `'http://archive.example/debian/pool/main/n/nano/nano_8.4-1%2bdeb13u1_amd64.deb' nano_8.4-1+deb13u1_amd64.deb 644672 SHA256:${digest('a')}`,
    `'http://archive.example/debian/pool/main/d/docker.io/docker.io_26.1-2_amd64.deb' docker.io_1%3a26.1-2_amd64.deb 12 SHA256:${digest('b')}`,
    '',
  ].join('\n')
  expect(parseUris(text)).toEqual([
    {
      name: 'docker.io',
      version: '1:26.1-2',
      architecture: 'amd64',
      path: 'pool/main/d/docker.io/docker.io_26.1-2_amd64.deb',
      size: 12,
      sha256: digest('b'),
    },
    {
      name: 'nano',
      version: '8.4-1+deb13u1',
      architecture: 'amd64',
      path: 'pool/main/n/nano/nano_8.4-1+deb13u1_amd64.deb',
      size: 644672,
      sha256: digest('a'),
    },
  ])
})

test.each([
  'Reading package lists...',
  `'http://archive.example/pool/n_1_all.deb' n_1_all.deb 12 MD5Sum:4aec`,
  `'http://archive.example/elsewhere/n_1_all.deb' n_1_all.deb 12 SHA256:${digest('a')}`,
])('a line of another form is quoted: %s', line => {
  expect(() => parseUris(line)).toThrow(`apt-get said something that is not understood: ${line}`)
})

test('names that apt does not know, or knows without a version, are missing', () => {
  const text =
    "I: fine\nE: Unable to locate package vainfoo\nE: Package 'docker-cli' has no installation candidate\nE: Unable to locate package vainfoo\n"
  expect(missingPackages(text)).toEqual(['docker-cli', 'vainfoo'])
  expect(missingPackages('')).toEqual([])
})

test('the roots of a sources.list are named once, in order, without options and final slashes', () => {
  const list = [
    '# deb http://no.example/',
    'deb http://a.example/debian/ trixie main',
    'deb [signed-by=/k.gpg] http://b.example/security trixie-security main',
    'deb http://a.example/debian trixie-updates main',
    'deb-src http://c.example/ x main',
  ].join('\n')
  expect(archiveRoots(list)).toEqual(['http://a.example/debian', 'http://b.example/security'])
})
