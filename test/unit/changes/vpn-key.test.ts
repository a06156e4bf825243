import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Answers } from '../../../firstboot/answers/answers.ts'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { makeVpnKey } from '../../../firstboot/changes/vpn-key.ts'
import { runsOtherwise } from '../../../firstboot/vpn/in-use.ts'
import { readSettings } from '../../../firstboot/vpn/force.ts'
import { killSwitchPath } from '../../../firstboot/vpn/kill-switch.ts'
import { renderSettings, vpnSettingsPath, withNextServer } from '../../../firstboot/vpn/settings.ts'
import { leadTo, mend } from '../../../firstboot/vpn/supervisor/mend.ts'
import { someAnswers } from '../plan-setup/answers.ts'
import { tunnelMachine } from '../vpn/running-tunnel.ts'
import { askerOf, someWorld } from '../vpn/world.ts'

const world = someWorld()
const HUP = 'docker exec nordlynx sh -c kill -HUP 1'
let folder: string

beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'vpn-key-'))))
afterEach(async () => await rm(folder, { recursive: true }))

const answersFor = (country: string): Answers => ({
  ...someAnswers,
  systemDisk: 'x',
  vpn: { credential: { kind: 'wireguard-key', value: new Secret(world.key) }, country },
})

async function machineFor(country: string, runs: boolean) {
  const machine = await tunnelMachine(folder, answersFor(country), runs)
  const { get, asked } = askerOf(world)
  const change = makeVpnKey(get, 1)
  return { ...machine, change, asked, get, params: change.parse({ country }) }
}

async function settingsOf(site: Parameters<typeof readSettings>[0]) {
  const settings = await readSettings(site)
  if (settings === null) throw new Error('There are no settings.')
  return settings
}

test('a tunnel that runs has the new country at the end, behind a kill switch that lets its server pass', async () => {
  const before = await machineFor('Sweden', true)
  await before.change.apply(before.params, before.site)
  await before.tune()
  const { site, orders, change, params } = await machineFor('Germany', true)
  await change.apply(params, site)
  const settings = await settingsOf(site)
  expect(settings.server.country).toBe('Germany')
  expect(await runsOtherwise(settings, site)).toBe(false)
  expect(orders.at(-1)).toBe(HUP)
  expect(orders.findIndex(order => order.startsWith('nft -f'))).toBeGreaterThanOrEqual(0)
  expect(await readFile(join(folder, killSwitchPath), 'utf8')).toContain('elements = { 203.0.113.3 }')
})

test('at a first start there is nobody to tell, and that is no fault', async () => {
  const { site, change, params } = await machineFor('Sweden', false)
  await change.apply(params, site)
  expect((await settingsOf(site)).server.station).toBe('203.0.113.2')
})

test('what a set-up that was cut off has written is told to the tunnel, and nobody is asked again', async () => {
  const { site, orders, asked, change, params } = await machineFor('Sweden', true)
  await change.apply(params, site)
  const settings = await settingsOf(site)
  // Cut off between the files and the tunnel.
  const other = { ...settings, server: { ...settings.server, station: '203.0.113.9' } }
  await writeFile(join(folder, vpnSettingsPath), renderSettings(other))
  expect(await runsOtherwise(other, site)).toBe(true)
  expect(await change.check(params, site)).toBeNull()
  const [questions, told] = [asked.length, orders.filter(order => order === HUP).length]
  await change.apply(params, site)
  expect(asked).toHaveLength(questions)
  expect(orders.filter(order => order === HUP)).toHaveLength(told + 1)
  expect(await runsOtherwise(other, site)).toBe(false)
})

test('the supervisor does not put back what a set-up has changed while it asked for another server', async () => {
  const { site, get, change, params } = await machineFor('Sweden', true)
  await change.apply(params, site)
  const old = await settingsOf(site)
  const moved = {
    ...old,
    country: 'Germany',
    server: { ...old.server, hostname: 'de1.nordvpn.com', station: '203.0.113.3' },
  }
  const slow: typeof get = async (url, headers) => {
    await leadTo(moved, site)
    return await get(url, headers)
  }
  expect(await mend('next-server', site, slow)).toBe('The tunnel was led elsewhere meanwhile, and stays there.')
  expect(renderSettings(await settingsOf(site))).toBe(renderSettings(moved))
  expect(await leadTo(withNextServer(moved), site, moved)).toBe(true)
})
