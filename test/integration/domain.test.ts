import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answersToJson } from '../../firstboot/answers/json.ts'
import { Secret } from '../../firstboot/answers/secret.ts'
import { renderCaddyfile } from '../../firstboot/domain/caddyfile.ts'
import { renderDdnsConfig } from '../../firstboot/domain/ddns.ts'
import { hashPassword } from '../../firstboot/domain/password-hash.ts'
import { type Door, DOOR_FILE, firstDoor, renderDoor } from '../../firstboot/domain/requests-door.ts'
import { runLong } from '../../firstboot/run.ts'
import type { Finding } from '../../firstboot/verify/check.ts'
import { CREDENTIALS, DOMAIN, DomainServices } from '../internet/domain-services.ts'
import { HOME_ADDRESS, TestInternet } from '../internet/internet.ts'
import { openPorts } from '../internet/knock.ts'
import { PretendMachine } from '../internet/machine.ts'
import type { Running } from '../internet/space.ts'
import { neverRenewed, storedCertificate } from '../support/stored-certificate.ts'
import { someAnswers } from '../unit/plan-setup/answers.ts'

// The real Caddy with our own settings behind a router, and everybody out there that it needs; of the services, one page.
const NAMES = [DOMAIN, `sonarr.${DOMAIN}`, `radarr.${DOMAIN}`]
const UPDATER = 'home/anna/mediaserver/config/ddns-updater'
const SECONDS = 40_000
const domain = {
  name: DOMAIN,
  email: 'anna@example.com',
  provider: 'porkbun',
  credentials: {
    api_key: new Secret(CREDENTIALS.apiKey),
    secret_api_key: new Secret(CREDENTIALS.secretApiKey),
  },
}

let internet: TestInternet
let services: DomainServices
let machine: PretendMachine
let folder: string
let caddy: Running

const inFolder = (...names: string[]) => join(folder, ...names)
const environment = () => ({ HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder })
const startCaddy = () => {
  caddy = machine.host.start(
    ['caddy', 'run', '--adapter', 'caddyfile', '--config', inFolder('Caddyfile')],
    environment(),
  )
}
/** As Docker ends it: with time to let go of what it was about to do. */
const stopCaddy = async () => {
  const ended = once(caddy.child, 'exit')
  caddy.signal('SIGTERM')
  await ended
}
const putDoor = async (door: Door) => await writeFile(inFolder(DOOR_FILE), renderDoor(door))
/** What the machine finds when it verifies its domain. */
const verify = async (): Promise<Record<string, Finding | undefined>> => {
  const program = join(import.meta.dirname, 'programs/verify-domain.ts')
  const input = JSON.stringify({ folder, answers: answersToJson({ ...someAnswers, domain }) })
  const path = `${inFolder('bin')}:/usr/sbin:/usr/bin:/sbin:/bin`
  const { stdout, stderr } = await machine.host.attempt([process.execPath, program, input], '', { PATH: path })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout) as Record<string, Finding | undefined>
}
const certificate = async () => (await verify())['domain-certificate']
/** Until every check passes, but the one whose service is not here. */
const untilWell = async () => {
  const verdicts = async () =>
    Object.fromEntries(Object.entries(await verify()).map(([id, found]) => [id, found?.verdict]))
  await expect.poll(verdicts, { timeout: SECONDS, interval: 500 }).toEqual({
    'domain-names': 'pass',
    'domain-certificate': 'pass',
    'domain-guarded': 'pass',
    'domain-requests': 'none',
    'ddns-update': 'pass',
  })
}

beforeAll(async () => {
  internet = await TestInternet.open()
  services = await DomainServices.open(internet)
  machine = await PretendMachine.open(internet)
  folder = join(internet.folder, 'machine')
  for (const path of ['bin', UPDATER]) await mkdir(inFolder(path), { recursive: true })
  const attempt = async (argv: readonly [string, ...string[]], follow = {}) =>
    await runLong(argv[0], argv.slice(1), follow)
  const login = { user: 'anna', hash: await hashPassword(new Secret('kaffee-tasse-99'), { attempt }) }
  await writeFile(inFolder('Caddyfile'), renderCaddyfile({ domain, requests: true, login }))
  await putDoor(firstDoor)
  await writeFile(inFolder(UPDATER, 'config.json'), renderDdnsConfig(domain))
  // Of Docker, as much as is asked here: how the updater is.
  const state = `{"Running":true,"Health":{"Status":"healthy"}}`
  await writeFile(inFolder('bin/docker'), `#!/bin/sh\necho '${state}'\n`, { mode: 0o755 })
  await writeFile(inFolder('hosts'), '127.0.0.1 localhost jellyseerr sonarr radarr\n')
  await machine.host.run('mount', '--bind', inFolder('hosts'), '/etc/hosts')
  const page = `require('node:http').createServer((_, answer) => answer.end('the page')).listen(5055, () => console.log('listens'))`
  await machine.host.start([process.execPath, '--eval', page]).waitFor(/^listens$/)
})

afterAll(async () => {
  await machine?.[Symbol.asyncDispose]()
  await services?.[Symbol.asyncDispose]()
  await internet?.[Symbol.asyncDispose]()
})

test('the names lead to the home when the provider was told, and no others do', async () => {
  for (const name of NAMES) expect(await services.addressesOf(name), name).toEqual([])
  const trust = { NODE_EXTRA_CA_CERTS: internet.authority.certificate }
  const program = join(import.meta.dirname, 'programs/ddns-updater.ts')
  machine.host.start([process.execPath, program, inFolder(UPDATER)], trust)
  await expect.poll(() => services.told().length, { timeout: SECONDS }).toBe(NAMES.length)
  for (const name of NAMES)
    await expect.poll(() => services.addressesOf(name), { timeout: 5000 }).toEqual([HOME_ADDRESS])
  for (const service of ['prowlarr', 'qbittorrent', 'bazarr'])
    expect(await services.addressesOf(`${service}.${DOMAIN}`), service).toEqual([])
})

test('no certificate comes while the router passes nothing on, and one for each name when it does', async () => {
  startCaddy()
  await caddy.waitFor(/serving initial configuration/)
  expect((await services.visit(`https://${DOMAIN}/`)).status).toBe(0)
  expect((await certificate())?.trouble).toBe('domain-no-certificate')
  await internet.forwardPorts([80, 443])
  // It has been refused, and would wait before it asks again.
  await stopCaddy()
  startCaddy()
  await untilWell()
  expect((await certificate())?.words).toContain('Test internet')
})

test('visitors are told to come back until the door is open, then see the page, and never one behind a password', async () => {
  expect(await services.visit(`https://${DOMAIN}/`)).toMatchObject({ status: 503 })
  await putDoor({ open: true })
  const reload = ['caddy', 'reload', '--adapter', 'caddyfile', '--config', inFolder('Caddyfile')]
  expect(await machine.host.attempt(reload, '', environment())).toMatchObject({ code: 0 })
  expect(await services.visit(`https://${DOMAIN}/`)).toMatchObject({ status: 200, text: 'the page' })
  for (const name of NAMES.slice(1)) expect((await services.visit(`https://${name}/`)).status, name).toBe(401)
  expect(await services.visit(`http://${DOMAIN}/`)).toMatchObject({ status: 308, leadsTo: `https://${DOMAIN}/` })
})

test('nothing answers at the address of the home but what the router passes on', async () => {
  expect(await openPorts(services.visitor, HOME_ADDRESS, 10_000)).toEqual([80, 443])
})

test('a certificate that could not be renewed is found old, then expired, and well again when the router passes on', async () => {
  await internet.forwardPorts([])
  for (const [daysLeft, trouble] of [
    [10, 'domain-certificate-old'],
    [-2, 'domain-certificate-expired'],
  ] as const) {
    await stopCaddy()
    const { crt, key } = await neverRenewed(internet.authority, DOMAIN, daysLeft)
    await writeFile(`${inFolder(storedCertificate(DOMAIN))}.crt`, crt)
    await writeFile(`${inFolder(storedCertificate(DOMAIN))}.key`, key)
    startCaddy()
    await expect.poll(async () => (await certificate())?.trouble, { timeout: SECONDS, interval: 500 }).toBe(trouble)
  }
  await internet.forwardPorts([80, 443])
  expect(await services.visit(`https://${DOMAIN}/`)).toMatchObject({ status: 0, trouble: 60 })
  await stopCaddy()
  startCaddy()
  await untilWell()
  expect((await services.visit(`https://${DOMAIN}/`)).status).toBe(200)
})

test('the provider is told when the home gets another address, and visitors find it there', async () => {
  const address = '203.0.113.8'
  await internet.moveHome(address)
  for (const name of NAMES) await expect.poll(() => services.addressesOf(name), { timeout: SECONDS }).toEqual([address])
  expect((await services.visit(`https://${DOMAIN}/`)).status).toBe(200)
})
