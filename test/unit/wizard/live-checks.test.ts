import { expect, test } from 'vitest'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { checkAddress } from '../../../firstboot/live-checks/address.ts'
import { checkDomain, type Names } from '../../../firstboot/live-checks/domain.ts'
import { fetchKeys } from '../../../firstboot/live-checks/github.ts'
import type { Answered, Get } from '../../../firstboot/live-checks/https.ts'
import { checkInternet } from '../../../firstboot/live-checks/internet.ts'
import { checkToken, fetchCountries } from '../../../firstboot/live-checks/vpn.ts'
import { publicKey, token } from './wizard.ts'

const asked: { url: string; headers: Readonly<Record<string, string>> }[] = []
const answering =
  (answer: Answered): Get =>
  (url, headers = {}) => {
    asked.push({ url, headers })
    return Promise.resolve(answer)
  }
const offline = answering({ unreachable: 'no network (api.nordvpn.com cannot be reached)' })
const secret = new Secret(token)

test.each([
  ['good', 200, '{"nordlynx_private_key":"abc"}'],
  ['bad', 200, '{"nordlynx_private_key":""}'],
  ['bad', 401, '{"errors":{"code":101301,"message":"Unauthorized"}}'],
  ['unknown', 500, 'not json'],
  ['unknown', 429, ''],
])('a token is %s when NordVPN answers %i', async (verdict, status, text) => {
  const result = await checkToken(secret, answering({ status, text }))
  expect(result.verdict).toBe(verdict)
  expect(result.words).not.toContain(token)
  expect(asked.at(-1)?.headers['Authorization']).toBe(`Basic ${Buffer.from(`token:${token}`).toString('base64')}`)
  expect(asked.at(-1)?.url).not.toContain(token)
})

test('without a network every check says so and what could not be reached', async () => {
  const addressesOutside = () => Promise.reject(new Error())
  const names: Names = {
    addressesOutside,
    addresses: () => Promise.reject(new Error()),
    exists: () => Promise.reject(new Error()),
  }
  for (const result of await Promise.all([
    checkToken(secret, offline),
    fetchCountries(offline),
    fetchKeys('anna', offline),
    checkInternet(offline),
    checkDomain('example.com', names, offline),
  ])) {
    expect(result.verdict).toBe('unknown')
    expect(result.words).toMatch(/no network \((api\.nordvpn\.com|the name servers) cannot be reached\)/)
  }
})

test('the countries come by name, in order', async () => {
  const list = [{ name: 'Sweden' }, { name: 'Albania' }, { id: 3 }]
  const result = await fetchCountries(answering({ status: 200, text: JSON.stringify(list) }))
  expect(result).toMatchObject({ verdict: 'good', found: ['Albania', 'Sweden'] })
  expect((await fetchCountries(answering({ status: 200, text: '{}' }))).verdict).toBe('unknown')
})

test('only whole public keys of GitHub are offered', async () => {
  const text = `${publicKey}\nssh-ed25519 cut\n\n`
  expect(await fetchKeys('anna', answering({ status: 200, text }))).toMatchObject({ found: [publicKey] })
  expect(asked.at(-1)?.url).toBe('https://github.com/anna.keys')
  expect((await fetchKeys('anna', answering({ status: 200, text: '' }))).words).toContain('no SSH key')
  expect((await fetchKeys('anna', answering({ status: 404, text: 'Not Found' }))).verdict).toBe('bad')
})

test('any answer at all means that the internet is there', async () => {
  expect((await checkInternet(answering({ status: 503, text: '' }))).verdict).toBe('good')
})

test('a domain: missing, here, elsewhere', async () => {
  const names = (exists: boolean, ...addresses: string[]): Names => ({
    addressesOutside: () => Promise.reject(new Error()),
    exists: () => Promise.resolve(exists),
    addresses: () => Promise.resolve(addresses),
  })
  const get = answering({ status: 200, text: '{"ip":"203.0.113.9"}' })
  expect(await checkDomain('example.com', names(false), get)).toMatchObject({ verdict: 'bad' })
  expect((await checkDomain('example.com', names(true, '203.0.113.9'), get)).words).toContain('points to your home')
  expect((await checkDomain('example.com', names(true, '192.0.2.1'), get)).words).toContain('points elsewhere')
})

test.each([
  [0, 'good'],
  [1, 'bad'],
  [2, 'unknown'],
  [null, 'unknown'],
])('arping that ends with %s is %s', async (code, verdict) => {
  const seen: string[][] = []
  const result = await checkAddress({ address: '192.168.1.20/24', port: 'enp1s0' }, (program, args) => {
    seen.push([program, ...args])
    return Promise.resolve({ code, stdout: '', stderr: '' })
  })
  expect(result.verdict).toBe(verdict)
  expect(seen[0]?.at(-1)).toBe('192.168.1.20')
})
