import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Answers, VpnAnswer } from '../../firstboot/answers/answers.ts'
import { answersFromJson, answersToJson } from '../../firstboot/answers/json.ts'
import { Secret } from '../../firstboot/answers/secret.ts'
import type { ApplyEvent } from '../../firstboot/apply/events.ts'
import { writeRequest } from '../../firstboot/apply/request.ts'
import { saveDraft } from '../../firstboot/draft-store.ts'
import { planConfigure } from '../../firstboot/plan/plan-setup.ts'
import { TestInternet } from '../internet/internet.ts'
import { PretendMachine } from '../internet/machine.ts'
import { someAnswers } from '../unit/plan-setup/answers.ts'

let internet: TestInternet
let machine: PretendMachine
let folder: string
let count = 0

beforeAll(async () => {
  internet = await TestInternet.open()
  machine = await PretendMachine.open(internet)
})

afterAll(async () => {
  await machine[Symbol.asyncDispose]()
  await internet[Symbol.asyncDispose]()
})

const catalogue = ['sonarr:8989:lan', 'plex:32400:wan', 'radarr:7878:lan', 'qbittorrent:8080:host'].map(line => {
  const [name = '', port, reach] = line.split(':')
  const digest = `sha256:${'0'.repeat(64)}`
  return {
    name,
    title: name,
    purpose: 'x',
    when: 'always',
    image: 'example.org/x:1',
    manifestDigest: digest,
    configDigest: digest,
    bytes: 1,
    network: 'own',
    bridges: ['media'],
    ports: [{ port: Number(port), protocol: 'tcp', reach }],
    volumes: [],
    environment: {},
    health: ['true'],
    patience: 1,
    waitFor: 'healthy',
    after: [],
    options: {},
  }
})

// It remembers what was enabled and started, and knows nothing else.
const SYSTEMCTL = `#!/bin/sh
state="$(dirname "$0")/../units"
for unit; do :; done
case "$*" in
*is-enabled* | *is-active*) [ -e "$state/$unit" ] ;;
*disable*) rm -f "$state/$unit" ;;
*enable*) touch "$state/$unit" ;;
esac
`

beforeEach(async () => {
  count += 1
  folder = join(internet.folder, `system-${count}`)
  await mkdir(join(folder, 'usr/share/mediaserver'), { recursive: true })
  await writeFile(join(folder, 'usr/share/mediaserver/services.json'), JSON.stringify(catalogue))
  await mkdir(join(folder, 'units'), { recursive: true })
  await mkdir(join(folder, 'bin'), { recursive: true })
  await writeFile(join(folder, 'bin/systemctl'), SYSTEMCTL, { mode: 0o755 })
  await internet.fault({})
})

const withVpn = (kind: VpnAnswer['credential']['kind'], value: string, country = 'Sweden'): Answers => ({
  ...someAnswers,
  systemDisk: 'x',
  vpn: { credential: { kind, value: new Secret(value) }, country },
})

const answersFile = () => join(folder, 'var/lib/mediaserver/answers.json')

async function keep(answers: Answers): Promise<void> {
  await mkdir(join(folder, 'var/lib/mediaserver'), { recursive: true })
  await writeFile(answersFile(), answersToJson(answers), { mode: 0o600 })
}

/** Applies the answers on the system in the folder, in the network of the machine; gives what was told, without times. */
async function apply(answers: Answers): Promise<ApplyEvent[]> {
  const program = join(import.meta.dirname, 'programs/vpn-changes.ts')
  const input = JSON.stringify({ folder, answers: answersToJson(answers) })
  const path = `${join(folder, 'bin')}:/usr/sbin:/usr/bin:/sbin:/bin`
  const { stdout, stderr } = await machine.host.attempt([process.execPath, program], input, { PATH: path })
  if (stdout === '') throw new Error(stderr)
  return stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as ApplyEvent)
}

/** What became of each change, in a few words. */
const outcomes = (events: readonly ApplyEvent[]): string[] =>
  events.flatMap(event => {
    if (event.type === 'done' || event.type === 'found-done') return [`${event.type} ${event.id}: ${event.evidence}`]
    return event.type === 'failed' ? [`failed ${event.id}: ${event.message} ${event.mend}`] : []
  })

async function everyText(path: string): Promise<string> {
  const names = await readdir(path, { recursive: true, withFileTypes: true })
  const files = names.filter(each => each.isFile()).map(each => join(each.parentPath, each.name))
  return (await Promise.all(files.map(file => readFile(file, 'utf8')))).join('\n')
}

describe('the answer about the VPN', () => {
  test('becomes a tunnel and a lock from the token, and a second time nothing is done', async () => {
    const answers = withVpn('token', internet.token)
    await keep(answers)
    expect(outcomes(await apply(answers))).toEqual([
      `done vpn-key: the VPN's server is se101.nordvpn.com in Stockholm, Sweden`,
      'done kill-switch: nothing leaves beside the tunnel to 203.0.113.51; ports 7878, 8989 for the local network only',
    ])
    const asked = internet.questions().length
    const again = await apply(answersFromJson(await readFile(answersFile(), 'utf8')))
    expect(outcomes(again).map(line => line.split(':')[0])).toEqual(['found-done vpn-key', 'found-done kill-switch'])
    expect(internet.questions()).toHaveLength(asked)
    const table = await machine.host.run('nft', 'list', 'table', 'inet', 'mediaserver')
    expect(table).toContain('elements = { 203.0.113.51 }')
    expect(table).toContain('elements = { 7878, 8989 }')
  })

  test('leaves the token nowhere on the system, and the key for root alone', async () => {
    const answers = withVpn('token', internet.token)
    await keep(answers)
    const plan = planConfigure(answers)
    const request = { answers, plan, consent: plan.hash, by: 'tty1' }
    await writeRequest(join(folder, 'run/mediaserver/request.json'), request)
    await writeRequest(join(folder, 'var/lib/mediaserver/setup/request.json'), request)
    const secrets = { 'vpn.token': new Secret(internet.token), 'wifi.password': new Secret('of the Wi-Fi') }
    saveDraft(join(folder, 'run/mediaserver/draft.json'), {
      screen: 'review',
      form: { texts: {}, secrets, sources: {} },
    })
    expect(await everyText(folder)).toContain(internet.token)
    await apply(answers)
    const left = await everyText(folder)
    expect(left).not.toContain(internet.token)
    expect(left).not.toContain(Buffer.from(`token:${internet.token}`).toString('base64'))
    expect(left).toContain('of the Wi-Fi')
    const kept = answersFromJson(await readFile(answersFile(), 'utf8')).vpn?.credential
    expect([kept?.kind, kept?.value.reveal()]).toEqual(['wireguard-key', internet.accountKey])
    for (const file of [
      'etc/mediaserver/vpn.json',
      'etc/mediaserver/tunnel/wg0.conf',
      'var/lib/mediaserver/answers.json',
    ])
      expect((await stat(join(folder, file))).mode & 0o777, file).toBe(0o600)
  })

  test('becomes a tunnel from a key, and nobody is asked for credentials', async () => {
    const before = internet.questions().length
    const answers = withVpn('wireguard-key', internet.accountKey, '')
    await keep(answers)
    expect(outcomes(await apply(answers))[0]).toMatch(/^done vpn-key/)
    const asked = internet.questions().slice(before)
    expect(asked.map(({ url }) => url.split('?')[0])).toEqual(['/v1/servers/recommendations'])
  })

  test('is made anew for another country or token', async () => {
    const answers = withVpn('token', internet.token)
    await keep(answers)
    await apply(answers)
    const moved = withVpn('wireguard-key', internet.accountKey, 'Germany')
    expect(outcomes(await apply(moved))[0]).toBe(
      `done vpn-key: the VPN's server is de201.nordvpn.com in Berlin, Germany. In Germany no server is made for downloads right now, so it is an ordinary one.`,
    )
    expect(await machine.host.run('nft', 'list', 'set', 'inet', 'mediaserver', 'endpoints')).toContain('203.0.113.61')
    expect(outcomes(await apply(withVpn('token', 'a'.repeat(64), 'Germany')))[0]).toMatch(/^failed vpn-key: .*refused/)
  })

  test.each([
    ['an expired token', { expired: true }, /NordVPN refused the token: it has expired or was revoked \(code 101301\)/],
    ['trouble at NordVPN', { status: 500 }, /trouble of its own \(it answers 500\)/],
  ])('fails clearly at %s, and works when that is over', async (_, faults, words) => {
    const answers = withVpn('token', internet.token)
    await keep(answers)
    await internet.fault(faults)
    const [failed, ...others] = outcomes(await apply(answers))
    expect(failed).toMatch(words)
    expect(others).toEqual([])
    await internet.fault({})
    expect(outcomes(await apply(answers)).map(line => line.split(':')[0])).toEqual(['done vpn-key', 'done kill-switch'])
  })

  test('fails clearly without a network, and works when there is one', async () => {
    const answers = withVpn('token', internet.token)
    await keep(answers)
    await machine.host.run('ip', 'link', 'set', 'eth0', 'down')
    const [failed] = outcomes(await apply(answers))
    expect(failed).toMatch(/^failed vpn-key: NordVPN cannot be asked: no network.*Then try again; nothing is lost\.$/)
    await machine.host.run('ip', 'link', 'set', 'eth0', 'up')
    await machine.host.run('ip', 'route', 'add', 'default', 'via', '10.66.0.1')
    expect(outcomes(await apply(answers))).toHaveLength(2)
  })
})

describe('the kill switch', () => {
  test('is put right when somebody has taken it away, or let another server pass', async () => {
    const answers = withVpn('wireguard-key', internet.accountKey)
    await keep(answers)
    await apply(answers)
    await machine.host.run('nft', 'flush', 'ruleset')
    expect(outcomes(await apply(answers))[1]).toMatch(/^done kill-switch/)
    await machine.host.run('nft', 'add', 'element', 'inet', 'mediaserver', 'endpoints', '{ 192.0.2.1 }')
    expect(outcomes(await apply(answers))[1]).toMatch(/^done kill-switch/)
    const set = await machine.host.run('nft', 'list', 'set', 'inet', 'mediaserver', 'endpoints')
    expect(set).not.toContain('192.0.2.1')
    expect(set).toContain('203.0.113.51')
  })

  test('is what the file for the next start says', async () => {
    const answers = withVpn('wireguard-key', internet.accountKey)
    await keep(answers)
    await apply(answers)
    const before = await machine.host.run('nft', '-s', 'list', 'table', 'inet', 'mediaserver')
    await machine.host.run('nft', 'delete', 'table', 'inet', 'mediaserver')
    await machine.host.run('nft', '-f', join(folder, 'etc/mediaserver/kill-switch.nft'))
    expect(await machine.host.run('nft', '-s', 'list', 'table', 'inet', 'mediaserver')).toBe(before)
  })
})
