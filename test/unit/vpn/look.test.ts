import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { applyLockPath } from '../../../firstboot/apply/places.ts'
import type { Site } from '../../../firstboot/changes/change.ts'
import { takeLock } from '../../../firstboot/lock.ts'
import { cataloguePath } from '../../../firstboot/stack/catalogue.ts'
import { look } from '../../../firstboot/vpn/supervisor/look.ts'
import { folderSite } from '../../support/folder-site.ts'
import { someAnswers } from '../plan-setup/answers.ts'
import { askerOf, offline, someWorld } from './world.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'look-'))
  await mkdir(join(folder, cataloguePath, '..'), { recursive: true })
  await writeFile(join(folder, cataloguePath), '[]')
})
afterEach(async () => await rm(folder, { recursive: true }))

/** A machine on which only locks are real. */
function machine(): Site {
  const real = folderSite(folder, { ...someAnswers, systemDisk: 'x' })
  const attempt: Site['attempt'] = async (argv, follow) =>
    argv[0] === 'flock' ? await real.attempt(argv, follow) : { code: 1, stdout: '', stderr: 'not here' }
  return { ...real, attempt, run: async () => '[]' }
}

test('whoever applies answers is seen, however it was started, and not any more when it has ended', async () => {
  expect((await look(machine(), offline)).applying).toBe(false)
  const held = await takeLock(join(folder, applyLockPath), new AbortController().signal)
  expect((await look(machine(), offline)).applying).toBe(true)
  await held[Symbol.asyncDispose]()
  expect((await look(machine(), offline)).applying).toBe(false)
})

describe('a home with a tunnel that is dead', () => {
  /** A machine whose VPN runs and brings nothing through; `plexTv` says whether that can be reached without the tunnel. */
  function deadTunnel(plexTv: boolean): { site: Site; asked: string[] } {
    const asked: string[] = []
    const State = { Running: true, Pid: process.pid, StartedAt: '2026-01-01T00:00:00Z' }
    const attempt: Site['attempt'] = argv => {
      if (argv[0] === 'docker')
        return Promise.resolve({ code: 0, stdout: JSON.stringify({ Name: '/nordlynx', State }), stderr: '' })
      if (argv[0] !== 'curl') return Promise.resolve({ code: 1, stdout: '', stderr: 'not here' })
      asked.push(argv.at(-1) ?? '')
      return Promise.resolve({ code: plexTv ? 0 : 6, stdout: '', stderr: '' })
    }
    return { site: { ...machine(), attempt }, asked }
  }

  test('is not called cut off while somebody else than NordVPN answers', async () => {
    const { site, asked } = deadTunnel(true)
    expect(await look(site, offline)).toMatchObject({ tunnel: { alive: false }, online: true })
    expect(asked).toEqual(['https://plex.tv/'])
  })

  test('is called cut off when nobody answers', async () => {
    expect(await look(deadTunnel(false).site, offline)).toMatchObject({ tunnel: { alive: false }, online: false })
  })

  test('asks nobody else when NordVPN answers, whatever it says', async () => {
    const { site, asked } = deadTunnel(true)
    expect((await look(site, askerOf(someWorld(), { status: 500 }).get)).online).toBe(true)
    expect(asked).toEqual([])
  })
})
