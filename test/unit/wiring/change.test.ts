import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Site } from '../../../firstboot/changes/change.ts'
import { stackKeys } from '../../../firstboot/changes/stack-keys.ts'
import { wire } from '../../../firstboot/changes/wire.ts'
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
