import { didYouMean } from '../../text/nearest.ts'
import type { Rule } from './rule.ts'

/** One credential that a DNS provider wants. */
export interface ProviderField {
  /** As ddns-updater calls it. */
  readonly name: string
  /** What the provider's own pages call it. */
  readonly label: string
  /** False when it may be left out. */
  readonly required: boolean
  readonly rule: Rule
}

/** A DNS provider that can be told a new address of the house. */
export interface Provider {
  /** As ddns-updater calls it. */
  readonly id: string
  readonly title: string
  /** Where a person finds the credentials, in one sentence. */
  readonly where: string
  readonly fields: readonly ProviderField[]
  /** Settings of ddns-updater that are the same for everybody. */
  readonly fixed: Readonly<Record<string, string | number | boolean>>
  /** What the domain must end with, where the provider only has names of its own. */
  readonly domainEnd?: string
}

const present: Rule = text =>
  text === ''
    ? 'This credential is missing. Copy it from the provider.'
    : /\s/.test(text)
      ? 'A credential has no spaces or line breaks. Copy it again.'
      : null

/** A password may have spaces in it. */
const password: Rule = text => (text === '' ? 'The password is missing.' : null)

const matches =
  (pattern: RegExp, sentence: string): Rule =>
  text =>
    present(text) ?? (pattern.test(text) ? null : sentence)

const field = (name: string, label: string, rule: Rule = present): ProviderField => ({
  name,
  label,
  required: true,
  rule,
})

// Names and patterns are those of ddns-updater's docs/*.md and of its own checks: one bad entry there stops all of them.
const list: readonly Provider[] = [
  {
    id: 'porkbun',
    title: 'Porkbun',
    where: 'porkbun.com, Account, API Access; then switch on API access for the domain in its details.',
    fields: [field('api_key', 'API key'), field('secret_api_key', 'Secret API key')],
    fixed: {},
  },
  {
    id: 'cloudflare',
    title: 'Cloudflare',
    where: 'dash.cloudflare.com: the zone ID is on the overview of the domain; make a token that may edit its DNS.',
    fields: [
      field(
        'zone_identifier',
        'Zone ID',
        matches(/^[0-9a-f]{32}$/, 'A zone ID has 32 digits and letters from a to f. Copy it from the overview page.'),
      ),
      field('token', 'API token'),
    ],
    // 1 is automatic; Plex does not work through Cloudflare's proxy.
    fixed: { ttl: 1, proxied: false },
  },
  {
    id: 'duckdns',
    title: 'DuckDNS (free)',
    where: 'duckdns.org shows the token at the top once you are logged in.',
    fields: [
      field(
        'token',
        'Token',
        matches(
          /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
          'A DuckDNS token looks like 01234567-89ab-cdef-0123-456789abcdef. Copy it from the top of duckdns.org.',
        ),
      ),
    ],
    fixed: {},
    domainEnd: '.duckdns.org',
  },
  {
    id: 'namecheap',
    title: 'Namecheap',
    where: 'namecheap.com, Domain List, Manage, Advanced DNS, Dynamic DNS; it is not the password of your account.',
    fields: [
      field(
        'password',
        'Dynamic DNS password',
        matches(
          /^[0-9a-f]{32}$/,
          'The Dynamic DNS password has 32 digits and letters from a to f. It is not the password of your account.',
        ),
      ),
    ],
    fixed: {},
  },
  {
    id: 'godaddy',
    title: 'GoDaddy',
    where: 'developer.godaddy.com/keys; make a key for Production, not for Test.',
    fields: [
      field(
        'key',
        'Key',
        matches(
          /^[A-Za-z0-9]{8,14}_[A-Za-z0-9]{21,22}$/,
          'A GoDaddy key has an underscore after 8 to 14 characters, then 21 or 22 more. Copy the key for Production.',
        ),
      ),
      field('secret', 'Secret'),
    ],
    fixed: {},
  },
  {
    id: 'digitalocean',
    title: 'DigitalOcean',
    where: 'cloud.digitalocean.com, API; make a token that may read and write domains.',
    fields: [field('token', 'Token')],
    fixed: {},
  },
  {
    id: 'desec',
    title: 'deSEC (free)',
    where: 'desec.io, Token management.',
    fields: [field('token', 'Token')],
    fixed: {},
  },
  {
    id: 'gandi',
    title: 'Gandi',
    where: 'admin.gandi.net, Organizations, Personal access token; it must be allowed to manage the domain.',
    fields: [field('personal_access_token', 'Personal access token')],
    fixed: {},
  },
  {
    id: 'ovh',
    title: 'OVH',
    where: 'eu.api.ovh.com/createToken shows all three; allow GET, POST, PUT and DELETE on /domain/zone/*.',
    fields: [
      field('app_key', 'Application key'),
      field('app_secret', 'Application secret'),
      field('consumer_key', 'Consumer key'),
      {
        name: 'api_endpoint',
        label: 'Endpoint',
        required: false,
        rule: matches(/^ovh-(eu|ca|us)$/, 'The endpoint is ovh-eu, ovh-ca or ovh-us.'),
      },
    ],
    fixed: { mode: 'api' },
  },
  {
    id: 'dynu',
    title: 'Dynu (free)',
    where: 'dynu.com, Control Panel, Manage Credentials; a password for IP updates alone is the safest.',
    fields: [field('username', 'User name'), field('password', 'Password', password)],
    fixed: {},
  },
]

/** All DNS providers that are offered. */
export const providers: readonly Provider[] = list

/** The provider with an id. */
export const findProvider = (id: string): Provider | undefined => providers.find(provider => provider.id === id)

/** The id of a DNS provider that is offered. */
export function providerFault(text: string): string | null {
  const ids = providers.map(provider => provider.id)
  if (ids.includes(text)) return null
  const meant = didYouMean(text, ids)
  return meant === ''
    ? `This DNS provider is not known here. There are: ${ids.join(', ')}.`
    : `This DNS provider is not known here${meant}`
}

/** Whether a provider can keep a domain up to date; both are good in themselves. */
export function providerDomainFault(provider: Provider, domain: string): string | null {
  const { domainEnd } = provider
  if (domainEnd === undefined) return null
  const name = domain.endsWith(domainEnd) ? domain.slice(0, -domainEnd.length) : ''
  return name === '' || name.includes('.')
    ? `${provider.title} only has names of its own: the domain must be NAME${domainEnd}.`
    : null
}
