import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../../firstboot/answers/secret.ts'
import { ChangeFailure } from '../../../firstboot/apply/failure.ts'
import type { Site } from '../../../firstboot/changes/change.ts'
import { settleDoor } from '../../../firstboot/changes/wire.ts'
import { closeToNewcomers, isOpenToNewcomers } from '../../../firstboot/domain/door.ts'
import { closedBecause, doorPath, firstDoor, renderDoor } from '../../../firstboot/domain/requests-door.ts'
import type { Ended } from '../../../firstboot/run.ts'
import { allTroubles } from '../../../firstboot/verify/all.ts'
import { judgeLinks } from '../../../firstboot/verify/links/judge-links.ts'
import { openHttp } from '../../../firstboot/wiring/http.ts'
import type { Stack } from '../../../firstboot/wiring/link.ts'
import { findOwner } from '../../../firstboot/wiring/owner.ts'
import { inspectWiring } from '../../../firstboot/wiring/wire.ts'
import { openWires } from '../../../firstboot/wiring/wires.ts'
import { someAnswers } from '../../unit/plan-setup/answers.ts'
import { temporaryFolder } from '../../unit/shared/fixtures.ts'
import { Bench } from './stack.ts'

const programs = ['sonarr', 'radarr', 'prowlarr', 'jellyseerr'] as const
const caddyfile = '/home/anna/mediaserver/config/caddy/Caddyfile'

const caddy = JSON.stringify({
  Id: 'c',
  Name: '/caddy',
  State: { Status: 'running', Error: '', Health: { Status: 'healthy' } },
  Config: { Labels: {} },
})

let bench: Bench
let root: string
let site: Site
let calls: string[]
/** What Caddy has in force; it reads its file when it is told to. */
let inForce: string
let reloadFails: boolean

beforeEach(async () => {
  root = await temporaryFolder()
  calls = []
  reloadFails = false
  inForce = renderDoor(firstDoor)
  const path = (name: string) => join(root, name)
  const ended = (code: number, stdout = ''): Ended => ({ code, stdout, stderr: code === 0 ? '' : 'a fault' })
  const read = async () => void (inForce = await readFile(path(doorPath('anna')), 'utf8'))
  const attempt: Site['attempt'] = async argv => {
    calls.push(argv.slice(1).join(' '))
    if (argv.includes('inspect')) return ended(0, caddy)
    if (argv.includes('wget')) return ended(0, JSON.stringify({ handle: inForce }))
    if (argv.includes('reload') && reloadFails) return ended(1)
    if (argv.includes('reload') || argv.includes('restart')) await read()
    return ended(0)
  }
  site = { path, answers: { ...someAnswers, user: 'anna' }, attempt, signal: new AbortController().signal } as never
  await mkdir(dirname(path(caddyfile)), { recursive: true })
  await writeFile(path(caddyfile), 'films.example.com {\n\timport jellyseerr.caddy\n}\n')
  await writeFile(path(doorPath('anna')), inForce)
})
afterEach(async () => await bench.close())

const settle = async (stack: Partial<Stack> = {}) => {
  calls = []
  await settleDoor({ ...bench.stack, ...stack }, site)
}
const why = async () => closedBecause(await readFile(site.path(doorPath('anna')), 'utf8'))
const changes = () => calls.filter(call => !/wget|inspect/.test(call))

/** Somebody signs in to Jellyseerr before we do. */
async function stranger(): Promise<void> {
  const { url } = bench.stack.places.jellyseerr
  const { port } = bench.stack.places.plex
  const answer = await fetch(`${url}/api/v1/auth/plex`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ authToken: bench.stack.plexToken?.reveal() }),
  })
  expect([answer.status, port]).toEqual([200, port])
}

describe('Jellyseerr under a domain', () => {
  test('is closed to the internet until it belongs to our Plex account, then opens, and stays as it is', async () => {
    bench = await Bench.open({ without: ['qbittorrent', 'bazarr'] })
    await bench.start(...programs, 'plex')
    await settle()
    expect(await why()).toMatch(/no owner yet/)
    await bench.wire()
    await settle()
    expect(await why()).toBeNull()
    expect(inForce).toBe(renderDoor({ open: true }))
    await settle()
    expect(changes()).toEqual([])
  })

  test('stays closed while nobody has signed in to Plex, and says what to do', async () => {
    bench = await Bench.open({ without: ['qbittorrent', 'bazarr'], signedIn: false })
    await bench.start(...programs)
    await bench.wire()
    await settle()
    expect(await why()).toContain('sudo mediaserver plex claim')
    expect(inForce).not.toContain('reverse_proxy')
  })

  test('of another Plex account stays closed, and that is an error with its mend', async () => {
    bench = await Bench.open({ without: ['qbittorrent', 'bazarr'] })
    await bench.start(...programs, 'plex')
    await stranger()
    const ours = { plexAccount: 8 }
    const failure: unknown = await bench.wire(20_000, ours).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ChangeFailure)
    expect((failure as ChangeFailure).message).toContain('belongs to another Plex account (anna) than this machine')
    expect((failure as ChangeFailure).mend).toContain('doctor domain-requests-stranger')
    await settle(ours)
    expect(await why()).toContain('another Plex account (anna)')
    // The hourly look calls it what it is, and leads to who can do what.
    const all = { ...bench.stack, ...ours }
    const finding = judgeLinks(await inspectWiring(all, openHttp(3000), bench.memory, site.signal), all.places)
    expect(finding).toMatchObject({ verdict: 'fail', trouble: 'domain-requests-stranger' })
    expect(finding.words).toContain('belongs to another Plex account (anna) than this machine')
    expect(allTroubles.find(({ id }) => id === finding.trouble)?.mend.join(' ')).toContain('plex reclaim')
    // At home alone it is somebody's choice.
    const alone = { ...bench.stack, ...ours, publicUrl: '' }
    const found = await inspectWiring(alone, openHttp(3000), bench.memory, site.signal)
    expect(found.find(({ link }) => link.id === 'jellyseerr-admin')?.state).toBe('theirs')
  })

  test('closes again when Jellyseerr has begun anew, also while a fault in the Caddyfile keeps settings out', async () => {
    bench = await Bench.open({ without: ['qbittorrent', 'bazarr'] })
    await bench.start(...programs, 'plex')
    await bench.wire()
    await settle()
    expect(await why()).toBeNull()
    reloadFails = true
    await settle({ plexAccount: null, plexToken: new Secret('of nobody known') })
    expect(await why()).toContain('plex.tv could not be asked')
    expect(changes()).toContain('restart caddy')
    expect(inForce).not.toContain('reverse_proxy')
    await bench.stop('jellyseerr')
    await settle()
    expect(await why()).toContain('nobody is there')
    reloadFails = false
    await bench.start('jellyseerr')
    await settle()
    expect(await why()).toBeNull()
    expect(inForce).toContain('reverse_proxy')
  })

  test('is closed before it begins anew: its folder was taken away', async () => {
    bench = await Bench.open({ without: ['qbittorrent', 'bazarr'] })
    await writeFile(site.path(doorPath('anna')), renderDoor({ open: true }))
    const all = [{ name: 'jellyseerr' }]
    const home = { ...site, answers: { ...site.answers, domain: { name: 'films.example.com' } as never } }
    expect(await isOpenToNewcomers(all, home)).toBe(true)
    expect(await isOpenToNewcomers([], home)).toBe(false)
    expect(await isOpenToNewcomers(all, site)).toBe(false)
    await closeToNewcomers(home)
    expect(await why()).toBe(firstDoor.open ? '' : firstDoor.why)
    expect(inForce).not.toContain('reverse_proxy')
    expect(await isOpenToNewcomers(all, home)).toBe(false)
  })

  test('that cannot be asked is told from one that nobody knows the owner of', async () => {
    bench = await Bench.open({ without: ['qbittorrent', 'bazarr'] })
    await bench.start(...programs, 'plex')
    await bench.wire()
    const find = async (stack: Partial<Stack> = {}) => {
      const all = { ...bench.stack, ...stack }
      return await findOwner(openWires(all, openHttp(3000), bench.memory, site.signal))
    }
    const stranger = { plexAccount: null, plexToken: null }
    expect(await find(stranger)).toMatchObject({ whose: 'unknown', answered: true })
    await bench.stop('jellyseerr')
    expect(await find(stranger)).toEqual({ whose: 'unknown', why: expect.stringContaining('nobody is there') })
  })

  test('is not touched where its owner leads the domain elsewhere', async () => {
    bench = await Bench.open({ without: ['qbittorrent', 'bazarr'] })
    await writeFile(site.path(caddyfile), 'films.example.com {\n\treverse_proxy other:80\n}\n')
    await settle()
    expect(calls).toEqual([])
  })
})
