import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Site } from '../../../firstboot/changes/change.ts'
import { cataloguePath } from '../../../firstboot/stack/catalogue.ts'
import { putInForce } from '../../../firstboot/vpn/force.ts'
import { learnNetworks } from '../../../firstboot/vpn/home-networks.ts'
import { killSwitchPath } from '../../../firstboot/vpn/kill-switch.ts'
import { folderSite } from '../../support/folder-site.ts'
import { someAnswers } from '../plan-setup/answers.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'networks-'))
  await mkdir(join(folder, cataloguePath, '..'), { recursive: true })
  await writeFile(join(folder, cataloguePath), '[]')
})
afterEach(async () => await rm(folder, { recursive: true }))

/** A machine without a VPN: an nft that keeps what it was told, and routes that the test changes. */
function machine() {
  const state = { prefix: '2001:db8:1::/64', table: '', loads: 0 }
  const listed = () => ({
    nftables: [
      ...[...state.table.matchAll(/^ {2}chain (\w+)/gm)].map(([, name]) => ({ chain: { name } })),
      ...[...state.table.matchAll(/^ {4}(?!type |#)\S/gm)].map(() => ({ rule: {} })),
    ],
  })
  const attempt: Site['attempt'] = async argv => {
    const ended = (stdout: string, code = 0) => ({ code, stdout, stderr: '' })
    if (argv[0] === 'ip')
      return ended(argv.includes('-6') ? JSON.stringify([{ dst: state.prefix, dev: 'eth0' }]) : '[]')
    if (argv.includes('list')) return state.table === '' ? ended('', 1) : ended(JSON.stringify(listed()))
    state.table = await readFile(argv[2] ?? '', 'utf8')
    state.loads += 1
    return ended('')
  }
  const run: Site['run'] = async argv => (await attempt(argv)).stdout
  return { state, site: { ...folderSite(folder, { ...someAnswers, systemDisk: 'x', vpn: null }), attempt, run } }
}

test('another network of the home is learned, also by a machine without a VPN, and only then', async () => {
  const { state, site } = machine()
  const said: string[] = []
  const learn = async () => await learnNetworks(site, line => said.push(line))
  expect(await putInForce(site)).toBe('all')
  await learn()
  expect([state.loads, said]).toEqual([1, []])
  state.prefix = '2001:db8:2::/64'
  await learn()
  await learn()
  expect([state.loads, said]).toEqual([
    2,
    ['This machine has come into another network; the kill switch knows it now.'],
  ])
  expect(state.table).toContain('2001:db8:2::/64')
  expect(state.table).not.toContain('2001:db8:1::/64')
  expect(await readFile(join(folder, killSwitchPath), 'utf8')).toBe(state.table)
})

test('a kill switch that somebody has taken away or changed is not put back in silence', async () => {
  const { state, site } = machine()
  await putInForce(site)
  state.table = ''
  await learnNetworks(site, () => {})
  expect(state.table).toBe('')
})
