import { join } from 'node:path'
import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { chosenServices } from '../../../firstboot/stack/choose.ts'
import { lackingValues, namesUsed, renderCompose, renderEnv } from '../../../firstboot/stack/compose.ts'
import { hostFolder } from '../../../firstboot/stack/folders.ts'
import { valuesOfAnswers } from '../../../firstboot/stack/values.ts'
import { someAnswers } from '../plan-setup/answers.ts'
import { aService, productCatalogue } from './a-service.ts'

const domain = { name: 'films.example.com', provider: 'duckdns', credentials: {}, email: 'anna@example.com' }
const choices = {
  core: someAnswers,
  'no-vpn': { ...someAnswers, vpn: null },
  domain: { ...someAnswers, vpn: null, domain },
  all: { ...someAnswers, domain, services: ['bazarr', 'jellyseerr'] },
}

interface Composed {
  readonly services: Readonly<Record<string, { network_mode?: string; ports?: string[]; networks?: string[] }>>
  readonly networks: Readonly<Record<string, { driver_opts: Record<string, string> }>>
}
const composed = (text: string) => parse(text) as Composed

describe.each(Object.entries(choices))('the compose file of %s', (name, answers) => {
  test('is the golden one', async () => {
    const text = renderCompose(chosenServices(await productCatalogue(), answers), answers.user)
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'golden', `${name}.compose.yaml`))
  })

  test('never pulls, and makes no folder where a disk is missing', async () => {
    const text = renderCompose(chosenServices(await productCatalogue(), answers), answers.user)
    const { services } = parse(text) as {
      services: Record<string, { pull_policy: string; volumes: { bind: { create_host_path: boolean } }[] }>
    }
    for (const { pull_policy, volumes } of Object.values(services)) {
      expect(pull_policy).toBe('never')
      expect(volumes.every(({ bind }) => !bind.create_host_path)).toBe(true)
    }
  })
})

test('who has no VPN gets neither the tunnel nor what goes through it', async () => {
  const names = chosenServices(await productCatalogue(), choices['no-vpn']).map(({ name }) => name)
  expect(names).toEqual(['prowlarr', 'radarr', 'sonarr'])
})

test('a service in the network of the VPN is published by the VPN container, on this machine alone', async () => {
  const { services } = composed(renderCompose(chosenServices(await productCatalogue(), choices.all), 'anna'))
  expect(services['qbittorrent']).toMatchObject({ network_mode: 'service:nordlynx' })
  expect(services['qbittorrent']?.ports).toBeUndefined()
  expect(services['nordlynx']?.ports).toEqual(['127.0.0.1:8080:8080'])
})

test('a port for the local network is open by IPv4 alone, one for the internet by both', async () => {
  const { services } = composed(renderCompose(chosenServices(await productCatalogue(), choices.all), 'anna'))
  expect(services['sonarr']?.ports).toEqual(['0.0.0.0:8989:8989'])
  expect(services['caddy']?.ports).toEqual(['80:80', '443:443', '443:443/udp'])
})

test('a second bridge is there when a service is on it', () => {
  const gate = aService({ name: 'gate', when: 'vpn', bridges: ['vpn'] })
  const { services, networks } = composed(renderCompose([gate, aService()], 'anna'))
  expect(services['gate']?.networks).toEqual(['vpn'])
  expect(networks['vpn']?.driver_opts).toEqual({ 'com.docker.network.bridge.name': 'br-vpn' })
  expect(networks['default']?.driver_opts).toEqual({ 'com.docker.network.bridge.name': 'br-media' })
  expect(Object.keys(composed(renderCompose([aService()], 'anna')).networks)).toEqual(['default'])
})

test('a service waits only for services that are there', () => {
  const notes = aService({ after: ['gate'] })
  expect(renderCompose([notes], 'anna')).not.toContain('depends_on')
  expect(renderCompose([notes, aService({ name: 'gate' })], 'anna')).toContain('condition: service_healthy')
})

describe('values', () => {
  const services = [
    aService({
      environment: { KEY: '{{keys.sonarr}}', PRICE: '5$ for {{ hostname }}' },
      health: ['sh', '-c', 'test $$ -gt 1'],
      options: { dns: ['{{domain.name}}'] },
    }),
  ]

  test('stand in .env, and only their names in the compose file', () => {
    const text = renderCompose(services, 'anna')
    const { services: all } = parse(text) as { services: Record<string, Record<string, unknown>> }
    expect(all['notes']).toMatchObject({
      environment: { KEY: '${KEYS_SONARR}', PRICE: '5$$ for ${HOSTNAME}' },
      healthcheck: { test: ['CMD', 'sh', '-c', 'test $$$$ -gt 1'] },
      dns: ['${DOMAIN_NAME}'],
    })
    expect(namesUsed(services)).toEqual(['domain.name', 'hostname', 'keys.sonarr'])
  })

  test('secrets are revealed in .env and nowhere else', () => {
    const values = { 'keys.sonarr': new Secret('5ec2e7'), hostname: "anna's", 'domain.name': '' }
    expect(lackingValues(services, values)).toEqual([])
    expect(renderEnv(services, values).split('\n').slice(1)).toEqual([
      "DOMAIN_NAME=''",
      `HOSTNAME="anna's"`,
      "KEYS_SONARR='5ec2e7'",
      '',
    ])
  })

  test('that nobody gives are named', () => {
    expect(lackingValues(services, valuesOfAnswers(someAnswers, 1000))).toEqual(['keys.sonarr'])
  })
})

test('folders of volumes', () => {
  expect(hostFolder('config', 'anna', 'notes')).toBe('/home/anna/mediaserver/config/notes')
  expect(hostFolder('config/data', 'anna', 'notes')).toBe('/home/anna/mediaserver/config/notes/data')
  expect(hostFolder('downloads', 'anna', 'notes')).toBe('/home/anna/downloads')
  expect(hostFolder('tv', 'anna', 'notes')).toBe('/data/media/tv')
  expect(hostFolder('constructor', 'anna', 'notes')).toBeNull()
})
