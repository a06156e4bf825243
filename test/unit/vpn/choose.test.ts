import { describe, expect, test } from 'vitest'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { ChangeFailure } from '../../../firstboot/apply/failure.ts'
import { askKey, chooseServers } from '../../../firstboot/vpn/choose.ts'
import { findCountry, parseInsights, parseKey, parseServers } from '../../../firstboot/vpn/nordvpn.ts'
import { askerOf, offline, someWorld, TOKEN } from './world.ts'

const world = someWorld()

/** What somebody reads when it fails: the message, and the mend. */
async function words(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ChangeFailure)) throw new Error('It did not fail as it should.')
  return `${error.message} ${error.mend}`
}

describe('the key of an account', () => {
  test('is got for the token, and has the sign that NordVPN leaves out', async () => {
    const key = await askKey(new Secret(TOKEN), askerOf(world).get)
    expect(key.reveal()).toBe(world.key)
    expect(key.reveal()).toHaveLength(44)
  })

  test.each([
    [
      'expired',
      askerOf(world, { expired: true }).get,
      /expired or was revoked \(code 101301\).*Make a new one at my\.nord/,
    ],
    ['of nobody', askerOf(world, { noService: true }).get, /no VPN service.*subscription has ended/],
    ['asked too often', askerOf(world, { status: 429 }).get, /too often.*Wait ten minutes/],
    ['in trouble', askerOf(world, { status: 503 }).get, /trouble of its own \(it answers 503\).*in a few minutes/],
    ['not understood', askerOf(world, { status: 418 }).get, /answers with 418.*save a report/],
    ['offline', offline, /no network \(api\.nordvpn\.com cannot be reached\)\. Look at the network.*try again/],
  ])('is not got when the service is %s, and one learns what to do', async (_, get, expected) => {
    const said = await words(askKey(new Secret(TOKEN), get))
    expect(said).toMatch(expected)
    expect(said).not.toContain(TOKEN)
  })

  test('is not taken when it is none', () => {
    for (const key of ['', 'x', 'A'.repeat(44), `${'A'.repeat(42)}B=`])
      expect(parseKey(JSON.stringify({ nordlynx_private_key: key }))).toBeNull()
    expect(parseKey('<html>')).toBeNull()
  })
})

describe('the server', () => {
  test('is one for downloads in the country', async () => {
    const { servers, note } = await chooseServers('sweden', askerOf(world).get)
    expect(servers.map(server => server.hostname)).toEqual(['se2.nordvpn.com'])
    expect(note).toBe('')
  })

  test('is an ordinary one in the country where there is none for downloads, and says so', async () => {
    const { servers, note } = await chooseServers('Germany', askerOf(world).get)
    expect(servers[0].hostname).toBe('de1.nordvpn.com')
    expect(note).toMatch(/In Germany no server is made for downloads/)
  })

  test('is the nearest one where the country has none right now, and says so', async () => {
    const { servers, note } = await chooseServers('Germany', askerOf(world, { hidden: ['de1.nordvpn.com'] }).get)
    expect(servers[0].hostname).toBe('se2.nordvpn.com')
    expect(note).toMatch(/In Germany no server is free right now, so it is the nearest one/)
  })

  test('is the nearest one when no country is wished, and the list of countries is not asked', async () => {
    const { get, asked } = askerOf(world)
    expect((await chooseServers('', get)).note).toBe('')
    expect(asked).toEqual([expect.stringContaining('legacy_p2p')])
  })

  test('is not chosen in a country that is not known, and one learns of others', async () => {
    expect(await words(chooseServers('Swaziland', askerOf(world).get))).toBe(
      'NordVPN has no servers in "Swaziland". Choose another country, for instance Sweden.',
    )
  })

  test('is not chosen when nobody answers, or the answer is another one than known', async () => {
    expect(await words(chooseServers('Sweden', offline))).toMatch(/cannot be asked/)
    const html = () => Promise.resolve({ status: 200, text: '<html>' })
    expect(await words(chooseServers('', async () => ({ status: 200, text: '[]' })))).toMatch(
      /names no server right now/,
    )
    expect(await words(chooseServers('', html))).toMatch(/about servers is not understood/)
    expect(await words(chooseServers('Sweden', html))).toMatch(/about countries is not understood/)
  })

  test('is passed over when it is off, has no key, or no address', () => {
    const good = {
      hostname: 'a.nordvpn.com',
      station: '203.0.113.1',
      status: 'online',
      locations: [{ country: { name: 'Sweden', city: { name: 'Stockholm' } } }],
      technologies: [
        {
          identifier: 'wireguard_udp',
          metadata: [{ name: 'public_key', value: world.key }],
          pivot: { status: 'online' },
        },
      ],
    }
    const [technology] = good.technologies
    const bad = [
      { ...good, status: 'offline' },
      { ...good, station: 'a.nordvpn.com' },
      { ...good, station: '203.0.113.1; flush ruleset' },
      { ...good, technologies: [] },
      { ...good, technologies: [{ ...technology, metadata: [] }] },
      { ...good, technologies: [{ ...technology, pivot: { status: 'maintenance' } }] },
      null,
    ]
    expect(parseServers(JSON.stringify([...bad, good]))?.map(server => server.hostname)).toEqual(['a.nordvpn.com'])
    expect(parseServers('{}')).toBeNull()
  })
})

test('a country is found by its name whatever the case, and by its two letters', () => {
  const countries = [
    { id: 1, name: 'United States', code: 'US' },
    { id: 2, name: 'Côte d’Ivoire', code: 'CI' },
  ]
  const ids = ['united states', 'United-States', 'us', 'cote d ivoire', 'Utopia'].map(
    name => findCountry(countries, name)?.id,
  )
  expect(ids).toEqual([1, 1, 1, 2, undefined])
})

test('an answer about the own address counts only when it says whether one is protected', () => {
  expect(parseInsights('{"ip":"203.0.113.7","country":"Austria","protected":false}')).toEqual({
    ip: '203.0.113.7',
    country: 'Austria',
    protected: false,
  })
  expect(parseInsights('{"ip":"203.0.113.7"}')).toBeNull()
  expect(parseInsights('')).toBeNull()
})
