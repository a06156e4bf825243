import { describe, expect, test } from 'vitest'
import type { DomainAnswer } from '../../../firstboot/answers/answers.ts'
import { providers } from '../../../firstboot/answers/rules/ddns.ts'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { renderCaddyfile } from '../../../firstboot/domain/caddyfile.ts'
import { renderDdnsConfig } from '../../../firstboot/domain/ddns.ts'
import { bcryptSalt } from '../../../firstboot/domain/password-hash.ts'
import { domainSeeds } from '../../../firstboot/domain/seeds.ts'

const login = { user: 'anna', hash: `$2b$10$${'a'.repeat(53)}` }
const domain = { name: 'films.example.com', email: 'anna@example.com' }

describe('the Caddyfile', () => {
  test.each([
    ['with requests', { domain, requests: true, login }],
    ['without requests', { domain, requests: false, login }],
    [
      'of another authority',
      { domain, requests: true, login, authority: { directory: 'https://ca.test/dir', root: '/ca.pem' } },
    ],
  ])('%s is the golden one', async (name, wishes) => {
    await expect(renderCaddyfile(wishes)).toMatchFileSnapshot(`golden/${name.replaceAll(' ', '-')}.Caddyfile`)
  })

  test('never leads to Prowlarr, qBittorrent or Plex, and Sonarr and Radarr want a password', () => {
    const text = renderCaddyfile({ domain, requests: true, login })
    expect(text).not.toMatch(/prowlarr|qbittorrent|nordlynx|8080|9696|32400|6767/i)
    for (const name of ['sonarr', 'radarr']) {
      const block = new RegExp(`^${name}\\.films\\.example\\.com \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(text)?.[1] ?? ''
      expect(block.indexOf('basicauth')).toBeGreaterThan(0)
      expect(block.indexOf('reverse_proxy')).toBeGreaterThan(block.indexOf('basicauth'))
    }
  })
})

describe("ddns-updater's settings", () => {
  const good: Record<string, string> = {
    api_key: 'pk1_a',
    secret_api_key: 'sk1_b',
    zone_identifier: 'a'.repeat(32),
    token: '01234567-89ab-cdef-0123-456789abcdef',
    password: 'b'.repeat(32),
    key: 'abcdefgh_ABCDEFGHIJKLMNOPQRSTU',
    secret: 'geheim',
    personal_access_token: 'pat',
    app_key: 'ak',
    app_secret: 'as',
    consumer_key: 'ck',
    username: 'anna',
  }
  const answer = (id: string, more: Record<string, string> = {}): DomainAnswer => {
    const provider = providers.find(each => each.id === id)
    const fields = (provider?.fields ?? []).filter(field => field.required).map(({ name }) => [name, good[name] ?? ''])
    const credentials = { ...(Object.fromEntries(fields) as Record<string, string>), ...more }
    return {
      name: provider?.domainEnd === undefined ? 'films.example.com' : `films${provider.domainEnd}`,
      provider: id,
      email: 'anna@example.com',
      credentials: Object.fromEntries(Object.entries(credentials).map(([name, value]) => [name, new Secret(value)])),
    }
  }

  test.each(providers.map(({ id }) => id))('of %s are the golden ones', async id => {
    await expect(renderDdnsConfig(answer(id))).toMatchFileSnapshot(`golden/${id}.ddns.json`)
  })

  test('all providers of the documentation are there', () => {
    expect(providers.map(({ id }) => id).sort()).toEqual(
      'cloudflare desec digitalocean duckdns dynu gandi godaddy namecheap ovh porkbun'.split(' '),
    )
  })

  test('what the provider does not ask for is left out, and so is what was left empty', () => {
    const text = renderDdnsConfig(answer('porkbun', { token: 'of another provider', ttl: '' }))
    expect(text).not.toContain('another provider')
    expect(renderDdnsConfig(answer('ovh', { api_endpoint: '' }))).not.toContain('api_endpoint')
    expect(renderDdnsConfig(answer('ovh', { api_endpoint: 'ovh-ca' }))).toContain('"api_endpoint": "ovh-ca"')
  })

  test('an unknown provider is a fault of ours', () => {
    expect(() => renderDdnsConfig({ ...answer('porkbun'), provider: 'google' })).toThrow('no DNS provider google')
  })

  test('the first files belong to the user of the containers, and nobody else reads them', () => {
    const seeds = domainSeeds({
      domain: answer('porkbun'),
      services: ['jellyseerr'],
      configFolder: '/home/anna/mediaserver/config',
      login,
    })
    expect(seeds.map(({ path, mode, uid, gid }) => ({ path, mode, uid, gid }))).toEqual(
      ['caddy/Caddyfile', 'caddy/jellyseerr.caddy', 'ddns-updater/config.json'].map(name => ({
        path: `/home/anna/mediaserver/config/${name}`,
        mode: 0o600,
        uid: 1000,
        gid: 1000,
      })),
    )
    // Nobody gets to Jellyseerr before it has its owner.
    expect(seeds[0]?.text).toContain('import jellyseerr.caddy')
    expect(seeds.map(({ text }) => text).join('')).not.toContain('reverse_proxy jellyseerr')
  })
})

test('a salt of bcrypt has 22 characters and no bits too many', () => {
  expect(bcryptSalt(new Uint8Array(16))).toBe('.'.repeat(22))
  expect(bcryptSalt(new Uint8Array(16).fill(255))).toBe(`${'9'.repeat(21)}u`)
  expect(bcryptSalt()).not.toBe(bcryptSalt())
})
