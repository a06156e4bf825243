import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { firstBootPath } from '../../../firstboot/apply/places.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { dataDisk, parseMountinfo } from '../../../firstboot/status/data-disk.ts'
import { bestAddress, linksOf } from '../../../firstboot/status/links.ts'
import { answerWithin, readStatus, withKnown } from '../../../firstboot/status/read.ts'
import { parseServices, serviceTable, systemctlArguments } from '../../../firstboot/status/services.ts'
import { statusLines } from '../../../firstboot/status/lines.ts'
import { verificationPath } from '../../../firstboot/verify/verification.ts'
import { now, status as someStatus, verification } from './applying.ts'

function rootWith(files: Readonly<Record<string, unknown>>) {
  const place = mkdtempSync(join(tmpdir(), 'status-'))
  for (const [path, value] of Object.entries(files)) {
    mkdirSync(dirname(join(place, path)), { recursive: true })
    writeFileSync(join(place, path), typeof value === 'string' ? value : JSON.stringify(value))
  }
  return openRoot(place)
}
const block = (load: string, active: string, sub: string) =>
  `LoadState=${load}\nActiveState=${active}\nSubState=${sub}\n`
/** What systemctl prints for these states, in the order in which it was asked. */
const systemctl = (states: Readonly<Record<string, string>>) =>
  systemctlArguments
    .slice(2)
    .map(unit => states[unit] ?? block('not-found', 'inactive', 'dead'))
    .join('\n')
const running = block('loaded', 'active', 'running')

describe('services', () => {
  test('those that are not installed are left out', () => {
    expect(parseServices(systemctl({ 'docker.service': running }))).toEqual([
      { name: 'Docker', state: 'running', look: 'journalctl -u docker.service' },
    ])
  })
  test.each([
    [running, 'running'],
    [block('loaded', 'active', 'exited'), 'running'],
    [block('loaded', 'activating', 'start'), 'starting'],
    [block('loaded', 'activating', 'auto-restart'), 'failed'],
    [block('loaded', 'failed', 'failed'), 'failed'],
    [block('loaded', 'inactive', 'dead'), 'off'],
    [block('masked', 'inactive', 'dead'), 'off'],
  ])('%j is %s', (text, state) => {
    expect(parseServices(systemctl({ 'plexmediaserver.service': text }))[0]?.state).toBe(state)
  })
  test('SSH that is started by its socket runs', () => {
    const states = {
      'ssh.service': block('loaded', 'inactive', 'dead'),
      'ssh.socket': block('loaded', 'active', 'listening'),
    }
    expect(parseServices(systemctl(states))).toEqual([
      { name: 'SSH', state: 'running', look: 'journalctl -u ssh.service' },
    ])
  })
  test('every service keeps its own state', () => {
    const states = Object.fromEntries(
      serviceTable.map(({ units }, index) => [units[0], index % 2 ? running : block('loaded', 'failed', 'x')]),
    )
    expect(parseServices(systemctl(states)).map(service => service.state)).toEqual(
      serviceTable.map((_, index) => (index % 2 ? 'running' : 'failed')),
    )
  })
  test('an answer that stops in the middle is no crash', () => {
    expect(parseServices('')).toEqual([])
    expect(parseServices('LoadState=loaded\nActiveState=act')).toEqual([
      { name: 'Plex', state: 'off', look: 'journalctl -u plexmediaserver.service' },
    ])
  })
})

describe('the film disk', () => {
  const row = (point: string, options: string, fileSystem: string, source: string, more: string) =>
    `36 35 98:0 / ${point} ${options} shared:1 - ${fileSystem} ${source} ${more}`
  test('mounted, read-only by the mount or by a fault of the disk, or not there', () => {
    const mounted = { state: 'mounted', source: '/dev/sda1', fileSystem: 'ext4', readOnly: false }
    expect(dataDisk(row('/data', 'rw,noatime', 'ext4', '/dev/sda1', 'rw'), '', false)).toEqual(mounted)
    for (const [mount, disk] of [
      ['ro', 'rw'],
      ['rw', 'ro,errors=remount-ro'],
    ] as const)
      expect(dataDisk(row('/data', mount, 'ext4', '/dev/sda1', disk), '', false)).toEqual({
        ...mounted,
        readOnly: true,
      })
    expect(dataDisk('', 'UUID=x /data ext4 nofail 0 2\n', false)).toEqual({ state: 'missing' })
    expect(dataDisk('', '# UUID=x /data ext4\nUUID=y /database ext4\n', false)).toEqual({ state: 'none' })
    expect(dataDisk('', '', true)).toEqual({ state: 'missing' })
  })
  test('waiting for it is not having it', () => {
    expect(dataDisk(row('/data', 'rw', 'autofs', 'systemd-1', 'rw'), 'UUID=x /data ext4', false).state).toBe('missing')
  })
  test('spaces in names', () => {
    expect(parseMountinfo(row('/my\\040films', 'rw', 'ext4', '/dev/disk\\011x', 'rw'))).toEqual([
      { point: '/my films', source: '/dev/disk\tx', fileSystem: 'ext4', readOnly: false },
    ])
    expect(parseMountinfo('nonsense\n\n')).toEqual([])
  })
})

describe('addresses', () => {
  const plex = { name: 'Plex', port: 32400, path: '/web' }
  test('IPv4 first, IPv6 in brackets, and the name always', () => {
    expect(bestAddress(['fd00::1', '10.0.0.2'])).toBe('10.0.0.2')
    expect(linksOf([plex], 'box', ['fd00::1'])[0]?.byNumber).toBe('http://[fd00::1]:32400/web')
    expect(linksOf([{ name: 'Web', port: 80, path: '' }], 'box', [])).toEqual([
      { name: 'Web', byNumber: null, byName: 'http://box.local' },
    ])
  })
})

describe('what is told in a shell', () => {
  const text = (more: object = {}, at = now) => statusLines({ ...someStatus, ...more }, at).join('\n')
  test('the last proof with its age, and everything that is not well', () => {
    expect(text()).toContain('2 pass, 1 warn, 1 fail, 15 minutes ago')
    expect(text()).toContain('fail  Services may add films: /data/media/tv belongs to root')
    expect(text()).toContain('warn  Updates are in force')
    expect(text()).not.toContain('every hour')
  })
  test('one that is old says so', () => {
    expect(text({}, now + 9e7)).toContain('1 day ago'.replace('1 day', '25 hours'))
    expect(text({}, now + 9e7)).toContain('It is made every hour, and was not.')
  })
  test('why the internet is kept out of Jellyseerr', () => {
    expect(text()).not.toContain('From outside')
    expect(text({ closed: 'Sign in to Plex.' })).toContain('From outside           closed. Sign in to Plex.')
  })
  test('none, and one that is being made', () => {
    expect(text({ verification: null })).toContain('none yet')
    expect(text({ verifying: { done: 7, total: 41, now: [] } })).toContain('being verified right now: 7 of 41')
  })
})

describe('the whole status', () => {
  const ended = (stdout: string) => Promise.resolve({ code: 0, stdout, stderr: '' })
  test('of an installed machine', async () => {
    const root = rootWith({
      '/etc/hostname': 'cinema\n',
      '/etc/passwd': 'root:x:0:0::/root:/bin/bash\nanna:x:1000:1000::/home/anna:/bin/bash\n',
      '/proc/self/mountinfo': '36 35 98:0 / /data rw - ext4 /dev/sda1 rw\n',
      '/recorded/ip.json': [{ ifname: 'e0', link_type: 'ether', addr_info: [{ local: '10.0.0.2', scope: 'global' }] }],
      [verificationPath]: verification,
    })
    const asked: unknown[] = []
    const status = await readStatus(root, answerWithin, (program, args, timeout) => {
      asked.push([program, args[0], timeout])
      return ended(systemctl({ 'docker.service': running }))
    })
    expect(asked).toEqual([['systemctl', 'show', answerWithin]])
    expect(status).toEqual({
      hostname: 'cinema',
      user: 'anna',
      addresses: ['10.0.0.2'],
      services: [{ name: 'Docker', state: 'running', look: 'journalctl -u docker.service' }],
      pages: [],
      closed: null,
      firstSetUp: false,
      data: { state: 'mounted', source: '/dev/sda1', fileSystem: 'ext4', readOnly: false },
      verification,
      verifying: null,
    })
  })
  test('tells why Jellyseerr is closed to the internet, as long as there is one', async () => {
    const configs = '/home/anna/mediaserver/config'
    const closed = async (services: string) =>
      await readStatus(
        rootWith({
          '/etc/passwd': 'anna:x:1000:1000::/home/anna:/bin/bash\n',
          [`${configs}/caddy/Caddyfile`]: 'films.example.com {\n\timport jellyseerr.caddy\n}\n',
          [`${configs}/caddy/jellyseerr.caddy`]: '# Closed: Sign in to Plex.\n',
          '/home/anna/mediaserver/compose.yaml': `services:\n${services}`,
          '/recorded/ip.json': [],
        }),
        answerWithin,
        () => ended(''),
      ).then(status => status.closed)
    expect(await closed('  caddy:\n  jellyseerr:\n')).toBe('Sign in to Plex.')
    expect(await closed('  caddy:\n')).toBeNull()
  })
  test('before its first set-up, what is off is not set up yet', async () => {
    const off = block('loaded', 'inactive', 'dead')
    const files = { '/recorded/ip.json': [], [firstBootPath]: 'The services are set up later.' }
    const states = systemctl({ 'docker.service': off, 'plexmediaserver.service': off, 'ssh.service': running })
    const status = await readStatus(rootWith(files), answerWithin, () => ended(states))
    expect(status).toMatchObject({ firstSetUp: true, services: [{ name: 'SSH', state: 'running' }] })
    expect(statusLines(status, now).join('\n')).toMatch(/^Services +not set up yet/m)
  })
  test('does not wait for a program that hangs, and keeps what was known', async () => {
    const begun = Date.now()
    const status = await readStatus(rootWith({ '/recorded/ip.json': [] }), answerWithin, () => new Promise(() => {}))
    expect(Date.now() - begun).toBeLessThan(answerWithin + 150)
    expect(status).toMatchObject({ hostname: 'mediaserver', user: '', services: null, data: { state: 'none' } })
    const known = { ...status, services: [] }
    expect(withKnown(status, known).services).toEqual([])
    expect(withKnown(status, null).services).toBeNull()
  })
  test('on a slow machine a screen that can wait learns what a hasty one does not', async () => {
    const slow = async () => {
      await new Promise(resolve => setTimeout(resolve, answerWithin + 100))
      return { code: 0, stdout: systemctl({ 'docker.service': running }), stderr: '' }
    }
    const root = rootWith({ '/recorded/ip.json': [] })
    expect((await readStatus(root, answerWithin, slow)).services).toBeNull()
    expect((await readStatus(root, 4000, slow)).services).toHaveLength(1)
  })
  test('is there although nothing answers', async () => {
    const status = await readStatus(rootWith({ '/recorded/ip.json': 'no json' }), answerWithin, () =>
      Promise.resolve({ code: 1, stdout: '', stderr: 'no bus' }),
    )
    expect(status).toMatchObject({ addresses: null, services: null })
  })
})
