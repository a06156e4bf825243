import { stringify } from 'yaml'
import { Secret } from '../answers/secret.ts'
import type { Bridge, Catalogue, Service } from './catalogue.ts'
import { hostFolder } from './folders.ts'
import { namesIn, toCompose, toComposeDeep, type Values, variableOf } from './values.ts'

/** The name that compose calls the stack. */
export const PROJECT = 'mediaserver'

// `default` is what compose calls the network that services are in unless they say otherwise: `mediaserver_default`.
const NETWORKS: Readonly<Record<Bridge, { readonly name: string; readonly device: string }>> = {
  media: { name: 'default', device: 'br-media' },
  vpn: { name: 'vpn', device: 'br-vpn' },
}

type Port = Service['ports'][number]

// To the local network by IPv4 alone: an IPv6 address of this machine may be known to the whole internet.
const ADDRESSES: Readonly<Record<Port['reach'], string>> = { host: '127.0.0.1:', lan: '0.0.0.0:', wan: '' }

const published = ({ port, protocol, reach }: Port): string =>
  `${ADDRESSES[reach]}${port}:${port}${protocol === 'tcp' ? '' : `/${protocol}`}`

/** The name of the service that others go through: the one that nothing else is needed for. Pure. */
export const gateOf = (services: Catalogue): string | undefined =>
  services.find(({ when, network }) => when === 'vpn' && network === 'own')?.name

function networkOf(service: Service, services: Catalogue): Record<string, unknown> {
  const gate = gateOf(services)
  if (service.network === 'vpn') return { network_mode: `service:${gate}` }
  const shared = service.name === gate ? services.filter(other => other.network === 'vpn') : []
  const ports = [service, ...shared].flatMap(each => each.ports.map(published))
  return {
    networks: service.bridges.map(bridge => NETWORKS[bridge].name),
    ...(ports.length === 0 ? {} : { ports }),
  }
}

function serviceOf(service: Service, services: Catalogue, user: string): Record<string, unknown> {
  const { name, image, environment, health, patience, after, volumes, options } = service
  const present = after.filter(other => services.some(each => each.name === other))
  return {
    image,
    container_name: name,
    // Images are brought by the set-up, and compared there: nothing else is ever started.
    pull_policy: 'never',
    restart: 'unless-stopped',
    ...networkOf(service, services),
    ...(present.length === 0
      ? {}
      : { depends_on: Object.fromEntries(present.map(other => [other, { condition: 'service_healthy' }])) }),
    environment: Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, toCompose(value)])),
    volumes: volumes.map(({ from, to, readOnly }) => ({
      type: 'bind',
      source: hostFolder(from, user, name),
      target: to,
      ...(readOnly ? { read_only: true } : {}),
      // A film disk that is missing must not become a folder on the system disk.
      bind: { create_host_path: false },
    })),
    healthcheck: {
      test: ['CMD', ...health.map(toCompose)],
      start_period: `${patience}s`,
      start_interval: '5s',
      interval: '60s',
      timeout: '20s',
      retries: 3,
    },
    logging: { driver: 'local', options: { 'max-size': '10m', 'max-file': '3' } },
    ...(toComposeDeep(options) as Record<string, unknown>),
  }
}

/** The compose file of the chosen services. It holds no secret: those are in `.env`. Pure. */
export function renderCompose(services: Catalogue, user: string): string {
  const bridges = new Set(services.flatMap(({ network, bridges: own }) => (network === 'own' ? own : [])))
  const file = {
    name: PROJECT,
    services: Object.fromEntries(services.map(service => [service.name, serviceOf(service, services, user)])),
    networks: Object.fromEntries(
      [...bridges].map(bridge => [
        NETWORKS[bridge].name,
        { driver_opts: { 'com.docker.network.bridge.name': NETWORKS[bridge].device } },
      ]),
    ),
  }
  const note = [
    '# Written by the media server, anew at each "mediaserver apply". What you want to have different belongs into',
    '# compose.override.yaml beside it, which is left alone.',
    '',
  ].join('\n')
  return note + stringify(file, { lineWidth: 0, aliasDuplicateObjects: false })
}

/**
 * What compose makes of services in the network of another one when it starts them: it puts the container in the place of
 * the service, and fingerprints that. `config --hash` only comes to the same when it is told so. Empty for none. Pure.
 */
export function renderSharedNetwork(services: Catalogue, gateContainer: string): string {
  const shared = services.filter(({ network }) => network === 'vpn')
  const file = shared.map(({ name }) => [name, { network_mode: `container:${gateContainer}` }])
  return shared.length === 0 ? '' : stringify({ services: Object.fromEntries(file) })
}

/** Every value that services use, sorted. Pure. */
export function namesUsed(services: Catalogue): string[] {
  const texts = services.flatMap(({ environment, health, options }) => [
    ...Object.values(environment),
    ...health,
    JSON.stringify(options),
  ])
  return [...new Set(texts.flatMap(namesIn))].sort()
}

/** What `.env` lacks a value for. Pure. */
export const lackingValues = (services: Catalogue, values: Values): string[] =>
  namesUsed(services).filter(name => !Object.hasOwn(values, name))

/** The text of `.env`: everything that the compose file names, and secrets; only its owner may read it. Pure. */
export function renderEnv(services: Catalogue, values: Values): string {
  const lines = namesUsed(services).map(name => {
    const value = values[name] ?? ''
    return `${variableOf(name)}=${quote(value instanceof Secret ? value.reveal() : value)}`
  })
  return ['# Written by the media server. Holds secrets: only you may read it.', ...lines, ''].join('\n')
}

// In single quotes compose takes everything as it is; a quote itself it cannot take there.
const quote = (value: string): string =>
  value.includes("'") ? `"${value.replaceAll(/["\\$]/g, sign => `\\${sign}`)}"` : `'${value}'`
