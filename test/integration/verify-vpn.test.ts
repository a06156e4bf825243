import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answersToJson } from '../../firstboot/answers/json.ts'
import { Secret } from '../../firstboot/answers/secret.ts'
import type { Finding } from '../../firstboot/verify/check.ts'
import { renderSettings, type VpnSettings } from '../../firstboot/vpn/settings.ts'
import { leaked, packetWords } from '../internet/capture.ts'
import { HOME_ADDRESS, TestInternet } from '../internet/internet.ts'
import { PretendMachine } from '../internet/machine.ts'
import type { Running } from '../internet/space.ts'
import { someAnswers } from '../unit/plan-setup/answers.ts'

// A real tunnel, real rules and a real internet of one's own; of Docker, as much as the checks ask for.
let internet: TestInternet
let machine: PretendMachine
let verifier: Running
let downloader: Running
let gate: Running
let station: string
let state: string

const docker = (file: string) => `#!/bin/sh
while read -r name pid; do
    [ -e "/proc/$pid" ] || continue
    printf '{"Name":"/%s","State":{"Running":true,"Pid":%s,"StartedAt":"2026-01-01T00:00:00Z"}}\\n' "$name" "$pid"
done <'${file}'
`

const inmates = async (gatePid: number | undefined, clientPid: number | undefined) =>
  await writeFile(state, `nordlynx ${gatePid}\nqbittorrent ${clientPid}\n`)

beforeAll(async () => {
  internet = await TestInternet.open()
  machine = await PretendMachine.open(internet)
  await machine.container.run('sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1')
  const folder = join(internet.folder, 'system')
  const key = new Secret(internet.accountKey)
  const [first] = internet.exits
  if (first === undefined) throw new Error('There are no servers.')
  const { p2p: _, ...server } = first.server
  station = server.station
  const settings: VpnSettings = { key, source: '', country: 'Sweden', server, others: [], note: '' }
  const qbittorrent = join(folder, 'home/anna/mediaserver/config/qbittorrent/qBittorrent')
  for (const path of [
    join(folder, 'bin'),
    join(folder, 'usr/share/mediaserver'),
    join(folder, 'etc/mediaserver'),
    qbittorrent,
  ])
    await mkdir(path, { recursive: true })
  await writeFile(join(folder, 'usr/share/mediaserver/services.json'), '[]')
  await writeFile(join(folder, 'etc/mediaserver/vpn.json'), renderSettings(settings))
  await writeFile(join(qbittorrent, 'qBittorrent.conf'), '[BitTorrent]\nSession\\Interface=wg0\n')
  await machine.lead(server, join(folder, 'etc/mediaserver/tunnel'))
  gate = await machine.start()
  downloader = machine.container.start(['sleep', '600'])
  state = join(folder, 'containers')
  await inmates(gate.child.pid, downloader.child.pid)
  await writeFile(join(folder, 'bin/docker'), docker(state), { mode: 0o755 })
  const answers = {
    ...someAnswers,
    vpn: { credential: { kind: 'wireguard-key' as const, value: key }, country: 'Sweden' },
  }
  const program = join(import.meta.dirname, 'programs/verify-vpn.ts')
  const input = JSON.stringify({ folder, answers: answersToJson(answers) })
  const path = `${join(folder, 'bin')}:/usr/sbin:/usr/bin:/sbin:/bin`
  verifier = machine.host.start([process.execPath, program, input], { PATH: path })
})

afterAll(async () => {
  await machine[Symbol.asyncDispose]()
  await internet[Symbol.asyncDispose]()
})

async function tell(words: string): Promise<unknown> {
  const said = verifier.lines.length
  verifier.child.stdin?.write(`${words}\n`)
  await expect.poll(() => verifier.lines.length, { timeout: 60_000, interval: 50 }).toBeGreaterThan(said)
  return JSON.parse(verifier.lines[said] ?? 'null')
}

type Findings = Readonly<Record<string, Finding>>
const verify = async () => (await tell('verify')) as Findings
const faults = (found: Findings) =>
  Object.fromEntries(
    Object.entries(found).flatMap(([id, { verdict, trouble }]) => (verdict === 'pass' ? [] : [[id, trouble]])),
  )
const wg = async (...argv: string[]) => await machine.container.run('wg', ...argv)

/** Makes a fault, sees what it is called, and takes it away again; then everything is well. */
async function fault(make: () => Promise<unknown>, unmake: () => Promise<unknown>): Promise<Findings> {
  await make()
  try {
    return await verify()
  } finally {
    await unmake()
  }
}
const isWell = async () => await expect.poll(async () => faults(await verify()), { timeout: 150_000 }).toEqual({})

// One after the other, as they happen on a machine.
describe('a machine with a tunnel', { timeout: 180_000 }, () => {
  test('gets its kill switch in force by the remedy of its trouble, and then everything is proven', async () => {
    expect(faults(await verify())).toMatchObject({ 'kill-switch-rules': 'kill-switch-changed' })
    expect(await tell('mend kill-switch-changed')).toBe('The kill switch was loaded anew, as it was set up.')
    await isWell()
    const found = await verify()
    expect(found['vpn-address']?.words).toContain(`this home is ${HOME_ADDRESS}`)
    expect(found['vpn-address']?.words).toContain(`Downloads are seen as ${station}`)
    expect(found['vpn-dns']?.words).toContain('through wg0')
    expect(found['kill-switch-trial']?.words).toMatch(/got nowhere/)
  })

  test('gives no false alarm in six runs, and none of them sends anything beside the tunnel', async () => {
    const capture = await internet.capture(machine.cable)
    for (let run = 0; run < 6; run += 1) expect(faults(await verify())).toEqual({})
    const packets = await capture.packets()
    await capture.stop()
    const own = leaked(
      packets,
      ({ kind, protocol, destination, port }) =>
        // The machine itself asks for its own address, and for that of a name.
        kind === 'arp' ||
        destination.startsWith('ff02:') ||
        destination === station ||
        port === 443 ||
        (protocol === 'udp' && port === 53),
    )
    expect(own.map(packetWords)).toEqual([])
    expect(packets.filter(({ destination }) => destination === '192.0.2.1').map(packetWords)).toEqual([])
  })

  test('whose tunnel interface is down', async () => {
    const found = await fault(
      () => machine.container.run('ip', 'link', 'set', 'wg0', 'down'),
      async () => {
        await machine.container.run('ip', 'link', 'set', 'wg0', 'up')
        await machine.container.run('ip', 'route', 'replace', 'default', 'dev', 'wg0')
      },
    )
    expect(faults(found)).toMatchObject({ 'vpn-tunnel': 'vpn-no-interface', 'vpn-address': 'vpn-no-answer' })
    expect(found['kill-switch-trial']?.verdict).toBe('pass')
    await isWell()
  })

  test('whose tunnel has another key', async () => {
    const key = join(internet.folder, 'another-key')
    await writeFile(key, `${(await wg('genkey')).trim()}\n`)
    const own = join(internet.folder, 'own-key')
    await writeFile(own, `${internet.accountKey}\n`)
    const found = await fault(
      () => wg('set', 'wg0', 'private-key', key),
      () => wg('set', 'wg0', 'private-key', own),
    )
    expect(faults(found)).toMatchObject({ 'vpn-tunnel': 'vpn-wrong-key' })
    await isWell()
  })

  test('whose server is silent', async () => {
    const [exit] = internet.exits
    const found = await fault(
      async () => await exit?.switchTo('off'),
      async () => await exit?.switchTo('on'),
    )
    expect(faults(found)).toMatchObject({ 'vpn-address': 'vpn-no-answer', 'vpn-dns': 'vpn-no-answer' })
    await isWell()
  })

  test('whose kill switch is gone', async () => {
    await machine.host.run('nft', 'flush', 'ruleset')
    expect(faults(await verify())).toMatchObject({
      'kill-switch-rules': 'kill-switch-off',
      'kill-switch-trial': 'kill-switch-leaks',
    })
    expect(await tell('mend kill-switch-off')).toBe('The kill switch is in force again.')
    await machine.host.run(
      'nft',
      'table ip docker { chain post { type nat hook postrouting priority srcnat; ip saddr 172.30.1.0/24 oifname != "br-vpn" masquerade; }; }',
    )
    await isWell()
  })

  test('whose kill switch was flushed, and still has its name', async () => {
    await machine.host.run('nft', 'flush', 'table', 'inet', 'mediaserver')
    const found = await verify()
    expect(faults(found)).toEqual({
      'kill-switch-rules': 'kill-switch-changed',
      'kill-switch-trial': 'kill-switch-leaks',
    })
    // As the supervisor does, who looks every few seconds.
    expect(await tell('mend kill-switch-off')).toBe('The kill switch is in force again.')
    await isWell()
  })

  test.each([
    ['DNS', 'udp dport 53 accept', 'udp dport 53 accept'],
    ['everything', 'accept', 'accept'],
  ])('whose kill switch lets %s out by a rule that somebody has put in', async (_what, rule, words) => {
    await machine.host.run('nft', 'insert', 'rule', 'inet', 'mediaserver', 'from_vpn', ...rule.split(' '))
    const found = await verify()
    expect(faults(found)).toEqual({
      'kill-switch-rules': 'kill-switch-changed',
      'kill-switch-trial': 'kill-switch-leaks',
    })
    expect(found['kill-switch-rules']?.words).toContain(`not ours: ${words}`)
    expect(await tell('mend kill-switch-off')).toBe('The kill switch is in force again.')
    await isWell()
  })

  test('where IPv6 is switched on', async () => {
    const found = await fault(
      () => machine.container.run('sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=0'),
      () => machine.container.run('sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1'),
    )
    expect(faults(found)).toEqual({ 'vpn-ipv6': 'vpn-ipv6-on' })
    await isWell()
  })

  test('whose qBittorrent is left in a dead network', async () => {
    const dead = await internet.openSpace('dead')
    const left = dead.start(['sleep', '60'])
    const found = await fault(
      () => inmates(gate.child.pid, left.child.pid),
      () => inmates(gate.child.pid, downloader.child.pid),
    )
    await left.stop()
    expect(faults(found)).toMatchObject({ 'vpn-namespace': 'vpn-dead-namespace' })
    await isWell()
  })

  test('whose qBittorrent is in the network of the machine', async () => {
    const free = machine.host.start(['sleep', '60'])
    const found = await fault(
      () => inmates(gate.child.pid, free.child.pid),
      () => inmates(gate.child.pid, downloader.child.pid),
    )
    await free.stop()
    expect(faults(found)).toMatchObject({ 'vpn-namespace': 'vpn-not-apart', 'vpn-dns': 'vpn-dns-beside' })
    await isWell()
  })

  test('whose containers were stopped', async () => {
    const found = await fault(
      () => inmates(undefined, downloader.child.pid),
      () => inmates(gate.child.pid, downloader.child.pid),
    )
    expect(faults(found)).toMatchObject({
      'vpn-tunnel': 'vpn-stopped',
      'vpn-namespace': 'vpn-stopped',
      'vpn-address': 'vpn-stopped',
      'vpn-dns': 'vpn-stopped',
      'vpn-ipv6': 'vpn-stopped',
      'kill-switch-place': 'vpn-stopped',
    })
    expect(
      faults(
        await fault(
          () => inmates(gate.child.pid, undefined),
          () => inmates(gate.child.pid, downloader.child.pid),
        ),
      ),
    ).toEqual({
      'vpn-namespace': 'qbittorrent-stopped',
    })
    await isWell()
  })

  test('with a second way out, beside the bridge that is watched', async () => {
    await machine.host.link('beside', machine.container, 'eth1')
    const found = await verify()
    await machine.host.run('ip', 'link', 'del', 'beside')
    expect(faults(found)).toMatchObject({ 'kill-switch-place': 'kill-switch-beside' })
    expect(found['kill-switch-place']?.words).toContain('eth1')
    await isWell()
  })
})
