import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Site } from '../../../firstboot/changes/change.ts'
import { stackKeys } from '../../../firstboot/changes/stack-keys.ts'
import { stackOf, wire } from '../../../firstboot/changes/wire.ts'
import { safetyStopsPath } from '../../../firstboot/doctor/safety-stop.ts'
import { wiringSeeds } from '../../../firstboot/wiring/seed-source.ts'
import { someAnswers } from '../plan-setup/answers.ts'

let root: string
let site: Site
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'wire-'))
  const path = (name: string) => join(root, name)
  site = { path, answers: someAnswers, target: '', signal: new AbortController().signal, progress: () => {} } as never
})
afterEach(async () => await rm(root, { recursive: true }))

const params = { services: ['bazarr'], vpn: true, domain: false }

test('nothing is connected before there are keys, and nothing is written to services that are not up', async () => {
  await expect(wire.apply(params, site)).rejects.toThrow('Nobody has made up the keys of the services yet.')
  await stackKeys.apply({ user: 'anna' }, site)
  expect(await wire.check(params, site)).toBeNull()
})

test('a qBittorrent that the doctor has stopped for safety is not waited for, and it is said why and how that ends', async () => {
  await stackKeys.apply({ user: 'anna' }, site)
  expect((await stackOf(params, site)).services).toContain('qbittorrent')
  expect((await stackOf(params, site)).held).toEqual([])
  const stop = { why: 'downloads were seen by the address of this home', at: Date.UTC(2026, 10, 25, 12) }
  await mkdir(dirname(site.path(safetyStopsPath)), { recursive: true })
  await writeFile(site.path(safetyStopsPath), JSON.stringify({ qbittorrent: stop }))
  const stack = await stackOf(params, site)
  expect(stack.services).not.toContain('qbittorrent')
  expect(stack.services).toContain('sonarr')
  const [words = ''] = stack.held
  expect(words).toContain('stopped for safety at 2026-11-25 12:00 UTC, because downloads were seen by the address')
  expect(words).toContain('"sudo mediaserver doctor" starts it again')
  expect(words).toMatch(/"sudo mediaserver apply"\.$/)
  // Where there is no tunnel, there is nothing to be held back.
  expect((await stackOf({ ...params, vpn: false }, site)).held).toEqual([])
})

test('parameters of another change are refused', () => {
  expect(() => wire.parse({ services: 'bazarr' })).toThrow()
  expect(wire.parse(params)).toEqual(params)
})

test('services begin with settings as soon as there are keys, and only those that this machine has', async () => {
  expect(await wiringSeeds(site, [{ name: 'sonarr' }])).toEqual([])
  await stackKeys.apply({ user: 'anna' }, site)
  const seeds = await wiringSeeds(site, [{ name: 'sonarr' }, { name: 'caddy' }])
  expect(seeds.map(({ path }) => path)).toEqual(['/home/anna/mediaserver/config/sonarr/config.xml'])
})
