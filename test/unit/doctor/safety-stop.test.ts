import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { doctorCommand } from '../../../firstboot/doctor/command.ts'
import { safetyStopsPath } from '../../../firstboot/doctor/safety-stop.ts'
import { openRoot, type Root } from '../../../firstboot/root.ts'
import type { Ended } from '../../../firstboot/run.ts'
import { allTroubles } from '../../../firstboot/verify/all.ts'
import type { Check, Finding } from '../../../firstboot/verify/check.ts'
import { failed, nothing, passed } from '../../../firstboot/verify/finding.ts'
import type { Stage } from '../../../firstboot/verify/run-checks.ts'
import { judgeContainers } from '../../../firstboot/verify/services/judge-containers.ts'
import { verifyMachine } from '../../../firstboot/verify/verify-machine.ts'
import { aService } from '../stack/a-service.ts'
import { aStage, NOON } from '../verify/a-scene.ts'

let place = ''
let root: Root
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'safety-'))
  root = openRoot(place)
})
afterEach(() => rmSync(place, { recursive: true, force: true }))

/** A machine on which Docker and the shell do what they are asked; what was asked of Docker is kept. */
function machine({ notes = true } = {}) {
  const asked: string[] = []
  const attempt: Stage['attempt'] = async (argv, follow): Promise<Ended> => {
    // The shell writes the note, below the place of the test.
    if (argv[0] === 'sh') {
      if (!notes) return { code: 1, stdout: '', stderr: 'Read-only file system' }
      const path = join(place, argv.at(-1) ?? '')
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, String(follow.input))
    } else asked.push(argv.filter(word => !word.startsWith('--')).join(' '))
    return { code: 0, stdout: '', stderr: '' }
  }
  const services = ['nordlynx', 'qbittorrent', 'caddy', 'sonarr'].map(name => aService({ name }))
  const stage = aStage({ root, services, now: () => NOON, attempt })
  const check = (id: string, finding: Finding): Check => ({
    id,
    section: 'VPN',
    title: id,
    how: 'By looking.',
    seconds: 5,
    run: async () => finding,
  })
  /** One run of the doctor over what checks find. */
  const doctor = async (findings: Readonly<Record<string, Finding>>, words: string[] = []) => {
    const said: string[] = []
    await doctorCommand(root, words, false, text => void said.push(text), {
      open: () => stage,
      verify: verifyMachine,
      trigger: '',
      isApplying: async () => false,
      pause: async () => {},
      tell: async () => null,
      signal: new AbortController().signal,
      checks: Object.entries(findings).map(([id, finding]) => check(id, finding)),
      troubles: allTroubles,
      pauseMs: 0,
      keepFromApplying: async () => ({ waited: false, [Symbol.asyncDispose]: async () => {} }),
    })
    return said.join('\n')
  }
  const noted = () => JSON.parse(readFileSync(join(place, safetyStopsPath), 'utf8')) as Record<string, unknown>
  return { asked, doctor, noted }
}

const seen = failed('vpn-not-hidden', 'Downloads are seen by the address of this home.')
const open = failed('domain-open', 'sonarr.example.org lets anybody in.')
const stopped = failed('service-stopped', 'qBittorrent does not run.')

describe('what was stopped for safety', () => {
  test('is not started again by another remedy of the same run', async () => {
    const { asked, doctor, noted } = machine()
    const text = await doctor({ 'vpn-address': seen, 'domain-guarded': open, 'services-containers': stopped })
    expect(asked.slice(0, 2)).toEqual(['docker stop -t 10 qbittorrent', 'docker stop -t 10 caddy'])
    expect(asked[2]).toMatch(/^docker compose up nordlynx sonarr$/)
    expect(noted()).toMatchObject({ qbittorrent: { at: NOON }, caddy: { at: NOON } })
    expect(text).toContain('qBittorrent was stopped for safety at 2026-11-25 12:00 UTC')
    expect(text).toContain('"sudo docker start caddy"')
  })

  test('is not started by a later run either, while the reason stands', async () => {
    const { asked, doctor } = machine()
    await doctor({ 'vpn-address': seen, 'domain-guarded': open })
    asked.length = 0
    const silent = failed('domain-silent', 'sonarr.example.org cannot be opened: nobody is there.')
    const gone = failed('qbittorrent-stopped', 'The container of qBittorrent does not run.')
    const text = await doctor({ 'domain-guarded': silent, 'vpn-namespace': gone, 'services-containers': stopped })
    expect(asked).toEqual(['docker compose up nordlynx sonarr'])
    expect(text).toContain('Tried to mend it, but: Caddy was stopped for safety')
    expect(text).toContain('Tried to mend it, but: qBittorrent was stopped for safety')
  })

  test('stays away while the tunnel itself is made anew', async () => {
    const { asked, doctor } = machine()
    await doctor({ 'vpn-address': seen })
    asked.length = 0
    const text = await doctor({ 'vpn-tunnel': failed('vpn-no-interface', 'There is no tunnel interface wg0.') })
    expect(asked).toEqual(['docker compose up nordlynx'])
    expect(text).toContain('qBittorrent was stopped for safety')
  })

  test.each([
    ['passes', passed('Downloads are seen as somebody else.')] as const,
    ['has no object any more', nothing('No VPN.')] as const,
  ])('may be started when the check that led to it %s', async (_, well) => {
    const { asked, doctor, noted } = machine()
    await doctor({ 'vpn-address': seen, 'domain-guarded': open })
    asked.length = 0
    await doctor({ 'vpn-address': well, 'vpn-namespace': failed('qbittorrent-stopped', 'It does not run.') })
    expect(asked).toEqual(['docker compose up nordlynx qbittorrent'])
    expect(Object.keys(noted())).toEqual(['caddy'])
  })

  test('is stopped even when that cannot be noted', async () => {
    const { asked, doctor } = machine({ notes: false })
    expect(await doctor({ 'vpn-address': seen })).toContain('qBittorrent was stopped for safety')
    expect(asked).toEqual(['docker stop -t 10 qbittorrent'])
  })

  test('is called so by the check of the services, after what can be started', () => {
    const container = (status: string) => ({ status, health: null, error: '', image: '' }) as never
    const judge = (sonarr: string) =>
      judgeContainers(
        [
          { name: 'caddy', title: 'Caddy', when: 'always', waitFor: 'healthy' },
          { name: 'sonarr', title: 'Sonarr', when: 'always', waitFor: 'healthy' },
        ],
        new Map([
          ['caddy', container('exited')],
          ['sonarr', container(sonarr)],
        ]),
        new Map(),
        NOON,
        new Set(['caddy']),
      )
    expect(judge('running')).toMatchObject({ trouble: 'service-held', words: 'Caddy was stopped for safety.' })
    expect(judge('exited')).toMatchObject({ trouble: 'service-stopped' })
  })
})
