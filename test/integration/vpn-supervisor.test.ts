import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Answers } from '../../firstboot/answers/answers.ts'
import { answersToJson } from '../../firstboot/answers/json.ts'
import { Secret } from '../../firstboot/answers/secret.ts'
import type { Insights } from '../../firstboot/vpn/nordvpn.ts'
import type { TunnelFacts } from '../../firstboot/vpn/facts.ts'
import { renderSettings, parseSettings, type VpnSettings } from '../../firstboot/vpn/settings.ts'
import { CALM, decide, type Remedy, type Seen } from '../../firstboot/vpn/supervisor/decide.ts'
import { leaked, packetWords } from '../internet/capture.ts'
import { HOME_ADDRESS, TestInternet } from '../internet/internet.ts'
import { PretendMachine, SCRIPTS } from '../internet/machine.ts'
import type { Running } from '../internet/space.ts'
import { someAnswers } from '../unit/plan-setup/answers.ts'

let internet: TestInternet
let machine: PretendMachine
let folder: string
let supervisor: Running
let downloader: Running

// Docker, as far as the supervisor uses it: it knows two processes, and passes signals on.
const docker = (state: string) => `#!/bin/sh
case "$*" in
"container inspect"*)
    while read -r name pid; do
        [ -e "/proc/$pid" ] || continue
        printf '{"Name":"/%s","State":{"Running":true,"Pid":%s,"StartedAt":"2026-01-01T00:00:00Z","Error":""}}\\n' "$name" "$pid"
    done <'${state}'
    ;;
"exec nordlynx sh -c kill -HUP 1") kill -HUP "$(sed -n 's/^nordlynx //p' '${state}')" ;;
*) echo "$*" >>'${state}.orders' ;;
esac
`
// The image's scripts lie elsewhere here.
const nsenter = `#!/bin/sh
for word; do shift; case $word in /nordlynx/*) word=${SCRIPTS}/\${word#/nordlynx/} ;; esac; set -- "$@" "$word"; done
exec /usr/bin/nsenter "$@"
`

let answers: Answers

beforeAll(async () => {
  internet = await TestInternet.open()
  machine = await PretendMachine.open(internet)
  folder = join(internet.folder, 'system')
  const key = new Secret(internet.accountKey)
  answers = {
    ...someAnswers,
    systemDisk: 'x',
    vpn: { credential: { kind: 'wireguard-key', value: key }, country: 'Sweden' },
  }
  await mkdir(join(folder, 'bin'), { recursive: true })
  await mkdir(join(folder, 'usr/share/mediaserver'), { recursive: true })
  await mkdir(join(folder, 'etc/mediaserver'), { recursive: true })
  await writeFile(join(folder, 'usr/share/mediaserver/services.json'), '[]')
  const [first] = internet.exits
  if (first === undefined) throw new Error('There are no servers.')
  const { p2p: _, ...server } = first.server
  const settings: VpnSettings = { key, source: '', country: 'Sweden', server, others: [], note: '' }
  await writeFile(join(folder, 'etc/mediaserver/vpn.json'), renderSettings(settings))
  await mkdir(join(folder, 'etc/mediaserver/tunnel'), { recursive: true })

  await machine.lead(server, join(folder, 'etc/mediaserver/tunnel'))
  const gate = await machine.start()
  downloader = machine.container.start(['sleep', '300'])
  const state = join(folder, 'containers')
  await writeFile(state, `nordlynx ${gate.child.pid}\nqbittorrent ${downloader.child.pid}\n`)
  await writeFile(join(folder, 'bin/docker'), docker(state), { mode: 0o755 })
  await writeFile(join(folder, 'bin/nsenter'), nsenter, { mode: 0o755 })
  await writeFile(join(folder, 'bin/systemctl'), '#!/bin/sh\nexit 3\n', { mode: 0o755 })
  const path = `${join(folder, 'bin')}:/usr/sbin:/usr/bin:/sbin:/bin`
  const program = join(import.meta.dirname, 'programs/vpn-supervisor.ts')
  const input = JSON.stringify({ folder, answers: answersToJson(answers) })
  supervisor = machine.host.start([process.execPath, program, input], { PATH: path })
})

afterAll(async () => {
  await machine[Symbol.asyncDispose]()
  await internet[Symbol.asyncDispose]()
})

/** Tells the supervisor's hands or eyes something, and waits for the answer. */
async function tell<T>(word: string): Promise<T> {
  const before = supervisor.lines.length
  supervisor.child.stdin?.write(`${word}\n`)
  await expect.poll(() => supervisor.lines.length, { timeout: 40_000 }).toBeGreaterThan(before)
  return JSON.parse(supervisor.lines[before] ?? '') as T
}
const look = async () => await tell<Seen>('look')
const mend = async (remedy: Remedy) => await tell<string>(`mend ${remedy}`)
const station = async () =>
  parseSettings(await readFile(join(folder, 'etc/mediaserver/vpn.json'), 'utf8'))?.server.station

// One after the other, as they happen on a machine.
describe('the supervisor on a machine', () => {
  test('sees that the lock lets no server pass yet, and puts it right', async () => {
    expect((await look()).killSwitch).toBe('all')
    await mend('lock')
    expect((await look()).killSwitch).toBe('none')
    await expect.poll(async () => (await look()).tunnel?.alive, { timeout: 30_000, interval: 500 }).toBe(true)
    expect(decide(await look(), CALM, 0).condition.state).toBe('protected')
  })

  test('knows how the internet sees the home and the tunnel', async () => {
    const facts = await tell<{ tunnel: TunnelFacts; inside: Insights; outside: Insights }>('facts')
    expect(facts.inside).toEqual({ ip: '203.0.113.51', country: 'Sweden', protected: true })
    expect(facts.outside).toEqual({ ip: HOME_ADDRESS, country: 'Austria', protected: false })
    expect(facts.tunnel).toMatchObject({ endpoint: '203.0.113.51:51820' })
    expect(facts.tunnel.handshakeAge).toBeLessThan(60)
  })

  test('leads the tunnel to another server when one is gone, and not one packet leaves beside it', async () => {
    const capture = await internet.capture(machine.cable)
    // What came through until now is seen now, and proves nothing afterwards.
    await look()
    await internet.exits[0]?.switchTo('off')
    expect(await look()).toMatchObject({ tunnel: { alive: false }, online: true, killSwitch: 'none' })
    expect(await mend('renew')).toMatch(/new session/)
    expect((await look()).tunnel?.alive).toBe(false)
    expect(await mend('next-server')).toBe('The tunnel leads to se102.nordvpn.com in Stockholm, Sweden now.')
    await expect.poll(async () => (await look()).tunnel?.alive, { timeout: 30_000, interval: 500 }).toBe(true)
    expect(await station()).toBe('203.0.113.52')
    expect(await machine.addressSeenFrom(machine.container)).toBe('203.0.113.52')
    const packets = await capture.packets()
    await capture.stop()
    // The machine itself asks NordVPN and its router for names; whatever else leaves has to be in a tunnel.
    const ours = leaked(packets, ({ kind, protocol, destination, port }) => {
      const tunnel = protocol === 'udp' && port === 51820 && /^203\.0\.113\.5[12]$/.test(destination)
      const asking = (protocol === 'tcp' && port === 443) || (destination === '10.66.0.1' && port === 53)
      return kind !== 'ipv4' || tunnel || asking
    })
    expect(ours.map(packetWords)).toEqual([])
    const asked = internet.questions().filter(({ from }) => from === HOME_ADDRESS)
    expect(new Set(asked.map(({ host }) => host))).toEqual(new Set(['api.nordvpn.com']))
  })

  test('takes a server that was kept when NordVPN cannot be asked', async () => {
    await internet.exits[0]?.switchTo('on')
    await internet.fault({ status: 500 })
    const kept = parseSettings(await readFile(join(folder, 'etc/mediaserver/vpn.json'), 'utf8'))
    const first = internet.exits[0]?.server
    if (kept === null || first === undefined) throw new Error('The settings are gone.')
    const { p2p: _, ...other } = first
    await writeFile(join(folder, 'etc/mediaserver/vpn.json'), renderSettings({ ...kept, others: [other] }))
    expect(await mend('next-server')).toMatch(/se101/)
    await expect.poll(async () => (await look()).tunnel?.alive, { timeout: 30_000, interval: 500 }).toBe(true)
    await internet.fault({})
  })

  test('does not take a home for cut off whose resolver keeps NordVPN from it', async () => {
    await internet.delegate(['nordvpn.com'], '203.0.113.99')
    await look()
    await internet.exits[0]?.switchTo('off')
    const seen = await look()
    expect(seen).toMatchObject({ tunnel: { alive: false }, online: true })
    expect(decide(seen, { ...CALM, tries: 1 }, 0)).toMatchObject({
      condition: { state: 'no-tunnel' },
      remedy: 'next-server',
    })
    await internet.exits[0]?.switchTo('on')
    await internet.delegate([], '')
    await expect.poll(async () => (await look()).tunnel?.alive, { timeout: 30_000, interval: 500 }).toBe(true)
  })

  test('knows a home that is cut off from a server that is gone', async () => {
    await internet.connectHome(false)
    expect(await look()).toMatchObject({ tunnel: { alive: false }, online: false })
    await internet.connectHome(true)
  })

  test('sees a downloader that is left in another network, and has both containers made anew', async () => {
    const elsewhere = machine.host.start(['unshare', '--net', 'sleep', '300'])
    const state = join(folder, 'containers')
    const [gate = ''] = (await readFile(state, 'utf8')).split('\n')
    await expect.poll(async () => (await look()).containers?.client?.running).toBe(true)
    await writeFile(state, `${gate}\nqbittorrent ${elsewhere.child.pid}\n`)
    await expect.poll(async () => decide(await look(), CALM, 0).condition.state, { timeout: 15_000 }).toBe('stranded')
    await mend('recreate')
    const orders = await readFile(`${state}.orders`, 'utf8')
    expect(orders).toMatch(/compose .* up .*--force-recreate nordlynx qbittorrent/)
    expect(orders).toContain('--pull=never')
  })
})
