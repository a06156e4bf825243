import { describe, expect, test } from 'vitest'
import type { Scene } from '../../../../firstboot/verify/check.ts'
import { vpnChecks } from '../../../../firstboot/verify/vpn/all.ts'
import { killSwitchChecks } from '../../../../firstboot/verify/kill-switch/all.ts'
import { renderSettings } from '../../../../firstboot/vpn/settings.ts'
import { someAnswers } from '../../plan-setup/answers.ts'
import { aScene, type Programs } from '../a-scene.ts'
import { dumpOf, linksText, NOW, settings } from './a-tunnel.ts'

const INSPECT = 'docker container inspect --format {{json .}} nordlynx qbittorrent'
const container = (name: string, running: boolean, pid: number) =>
  JSON.stringify({ Name: `/${name}`, State: { Running: running, Pid: pid, StartedAt: '2026-11-25T11:00:00Z' } })
const both = (client: { running?: boolean } = {}) =>
  [container('nordlynx', true, 40), container('qbittorrent', client.running ?? true, 50)].join('\n')
const into = 'nsenter --target 40 --net --'
const intoBoth = 'nsenter --target 40 --net --mount --'
const insights = (ip: string, country: string, isProtected: boolean) =>
  JSON.stringify({ ip, country, protected: isProtected })
const route = JSON.stringify([{ dev: 'wg0' }])
const resolvConf = '# ExtServers: [103.86.96.100 103.86.99.100]\n'

const files = {
  '/etc/mediaserver/vpn.json': renderSettings(settings),
  '/home/anna/mediaserver/config/qbittorrent/qBittorrent/qBittorrent.conf': '[BitTorrent]\nSession\\Interface=wg0\n',
  '/run/mediaserver/vpn-condition.json': JSON.stringify({
    state: 'protected',
    words: 'Well.',
    at: NOW * 1000,
    lastRemedy: null,
  }),
  '/proc/self/ns/net': '-> net:[1]',
  '/proc/40/ns/net': '-> net:[2]',
  '/proc/50/ns/net': '-> net:[2]',
  '/proc/self/net/if_inet6': '',
  '/proc/40/net/if_inet6': '',
  '/proc/40/root/etc/resolv.conf': resolvConf,
  '/proc/50/root/etc/resolv.conf': resolvConf,
}
const programs: Programs = {
  [INSPECT]: both(),
  [`${into} ip -json link show`]: linksText(),
  'ip -json link show master br-vpn': JSON.stringify([{ ifindex: 12, ifname: 'veth0', flags: ['UP'] }]),
  [`${intoBoth} wg show wg0 dump`]: dumpOf(),
  [`${into} ip -json -4 route get`]: route,
  [`${into} perl`]: '0 answer\n1 answer',
  'curl --ipv4': insights('203.0.113.80', 'Germany', false),
  'systemctl --quiet is-active mediaserver-vpn.service': '',
}

const scene = (more: Programs = {}, changed: Readonly<Record<string, string>> = {}, rest: Partial<Scene> = {}) =>
  aScene({ ...files, ...changed }, { ...programs, ...more }, { now: () => NOW * 1000, ...rest })
const run = async (id: string, where: Scene) => {
  const check = [...vpnChecks, ...killSwitchChecks].find(each => each.id === id)
  if (check === undefined) throw new Error(`There is no check ${id}.`)
  return await check.run(where)
}

describe('checks of the tunnel, through their doors', () => {
  test.each(['vpn-tunnel', 'vpn-namespace', 'vpn-dns', 'vpn-bound', 'vpn-watch', 'kill-switch-place'])(
    '%s',
    async id => {
      expect(await run(id, scene())).toMatchObject({ verdict: 'pass' })
    },
  )

  test('vpn-ipv6 tells what the kernel said', async () => {
    const finding = await run('vpn-ipv6', scene({ [`${into} perl`]: '0 refused Network is unreachable' }))
    expect(finding).toMatchObject({ verdict: 'pass' })
    expect(finding.words).toContain('(Network is unreachable)')
    expect(await run('vpn-ipv6', scene({ [`${into} perl`]: { code: 2 } }))).toMatchObject({ trouble: 'vpn-unknown' })
  })

  test('say nothing where there is no VPN', async () => {
    for (const check of vpnChecks)
      expect(await check.run(scene({}, {}, { answers: { ...someAnswers, vpn: null } }))).toMatchObject({
        verdict: 'none',
      })
  })

  test('fail where Docker does not answer, or the container is not there or does not run', async () => {
    const silent = { code: 1, stderr: 'Cannot connect to the Docker daemon' }
    const absent = { code: 1, stdout: container('qbittorrent', true, 50), stderr: 'Error: No such container: nordlynx' }
    for (const id of ['vpn-tunnel', 'vpn-namespace', 'vpn-address', 'vpn-dns', 'vpn-ipv6', 'kill-switch-place']) {
      expect(await run(id, scene({ [INSPECT]: silent }))).toMatchObject({ verdict: 'fail', trouble: 'docker-silent' })
      expect(await run(id, scene({ [INSPECT]: absent }))).toMatchObject({ verdict: 'fail', trouble: 'vpn-stopped' })
      const stopped = [container('nordlynx', false, 0), container('qbittorrent', true, 50)].join('\n')
      expect(await run(id, scene({ [INSPECT]: stopped }))).toMatchObject({ verdict: 'fail', trouble: 'vpn-stopped' })
    }
  })

  test('never pass on a machine where no program answers', async () => {
    for (const check of [...vpnChecks, ...killSwitchChecks]) {
      const finding = await check.run(aScene()).catch(() => ({ verdict: 'fail' }))
      expect([check.id, finding.verdict]).toEqual([check.id, 'fail'])
    }
  })

  test('kill-switch-place finds a cable to another bridge', async () => {
    for (const text of ['[]', '', JSON.stringify([{ ifindex: 13, ifname: 'veth9', flags: [] }])])
      expect(await run('kill-switch-place', scene({ 'ip -json link show master br-vpn': text }))).toMatchObject({
        verdict: 'fail',
        trouble: 'kill-switch-beside',
      })
  })
})
