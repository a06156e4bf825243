import { createHash } from 'node:crypto'
import { stringify } from 'yaml'
import type { OwnFile } from '../changes/files.ts'
import type { StackKeys } from '../stack/keys.ts'
import { qbittorrentCategories, qbittorrentConf } from './qbittorrent-seed.ts'
import { placesOf } from './services.ts'

/** What the first settings of the services depend on. */
export interface SeedFacts {
  readonly user: string
  readonly hostname: string
  readonly keys: StackKeys
  /** The tunnel's network interface inside the VPN container. */
  readonly tunnel: string
  /** Names of the services that this machine has. */
  readonly services: readonly string[]
}

// They find subtitles without an account; what a film already carries comes first.
const SUBTITLE_PROVIDERS = ['embeddedsubtitles', 'gestdown', 'podnapisi', 'yifysubtitles']

const ARRS = { sonarr: 'Sonarr', radarr: 'Radarr', prowlarr: 'Prowlarr' } as const
type ArrName = keyof typeof ARRS

const XML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** A text inside an XML element. Pure. */
export const xmlText = (text: string): string => text.replace(/[&<>"']/g, sign => XML_ENTITIES[sign] ?? sign)

function configXml(name: ArrName, keys: StackKeys): string {
  const values = {
    BindAddress: '*',
    Port: String(placesOf[name].port),
    EnableSsl: 'False',
    LaunchBrowser: 'False',
    ApiKey: keys.apiKeys[name].reveal(),
    AuthenticationMethod: 'Forms',
    // Docker makes everybody on the local network look like this machine itself.
    AuthenticationRequired: 'Enabled',
    LogLevel: 'info',
    UrlBase: '',
    InstanceName: ARRS[name],
    UpdateMechanism: 'Docker',
    AnalyticsEnabled: 'False',
  }
  const lines = Object.entries(values).map(([tag, value]) => `  <${tag}>${xmlText(value)}</${tag}>`)
  return `<Config>\n${lines.join('\n')}\n</Config>\n`
}

function bazarrConfig(keys: StackKeys): string {
  const { user, password } = keys.logins.bazarr
  const program = (name: 'sonarr' | 'radarr') => ({
    ip: name,
    port: placesOf[name].port,
    base_url: '/',
    ssl: false,
    apikey: keys.apiKeys[name].reveal(),
  })
  const config = {
    analytics: { enabled: false },
    auth: {
      apikey: keys.apiKeys.bazarr.reveal(),
      type: 'form',
      username: user,
      // The only form that Bazarr knows.
      password: createHash('md5').update(password.reveal()).digest('hex'),
    },
    general: { use_sonarr: true, use_radarr: true, auto_update: false, enabled_providers: SUBTITLE_PROVIDERS },
    sonarr: program('sonarr'),
    radarr: program('radarr'),
    subsync: { use_subsync: true },
  }
  // All texts in quotes: Bazarr reads YAML 1.1, where keys of digits alone would be numbers.
  return stringify(config, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })
}

/** The files that the services of this machine begin with; each is written only where there is none. Pure. */
export function serviceSeeds(facts: SeedFacts): OwnFile[] {
  const { user, hostname, keys, tunnel } = facts
  const seed = (service: string, file: string, text: string): OwnFile => ({
    path: `/home/${user}/mediaserver/config/${service}/${file}`,
    text,
    mode: 0o600,
    uid: 1000,
    gid: 1000,
  })
  const all: Readonly<Record<string, () => OwnFile[]>> = {
    sonarr: () => [seed('sonarr', 'config.xml', configXml('sonarr', keys))],
    radarr: () => [seed('radarr', 'config.xml', configXml('radarr', keys))],
    prowlarr: () => [seed('prowlarr', 'config.xml', configXml('prowlarr', keys))],
    bazarr: () => [seed('bazarr', 'config/config.yaml', bazarrConfig(keys))],
    qbittorrent: () => [
      seed(
        'qbittorrent',
        'qBittorrent/qBittorrent.conf',
        qbittorrentConf({ login: keys.logins.qbittorrent, hostname, tunnel }),
      ),
      seed('qbittorrent', 'qBittorrent/categories.json', qbittorrentCategories()),
    ],
  }
  return facts.services.flatMap(name => (Object.hasOwn(all, name) ? (all[name]?.() ?? []) : []))
}
