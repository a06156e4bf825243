import { describe, expect, test } from 'vitest'
import { judgeAutomatic, parseAptConfig } from '../../../../firstboot/verify/updates/automatic.ts'
import { clock, type Clock, judgeClock, parseDate, parseTimedate } from '../../../../firstboot/verify/updates/clock.ts'
import {
  errorsInLog,
  judgeRuns,
  lastRun,
  parseStamps,
  type Runs,
} from '../../../../firstboot/verify/updates/last-run.ts'
import { isLocked } from '../../../../firstboot/verify/updates/locks.ts'
import { judgePackages, packages } from '../../../../firstboot/verify/updates/packages.ts'
import { restart } from '../../../../firstboot/verify/updates/restart.ts'
import { aScene, NOON, type Programs } from '../a-scene.ts'

const ended = (more: object = {}) => ({ code: 0, stdout: '', stderr: '', ...more })
const hour = 3_600_000
const day = 24 * hour

describe('updates by themselves', () => {
  const config = [
    'APT "";',
    'APT::Periodic "";',
    'APT::Periodic::Update-Package-Lists "1";',
    'APT::Periodic::Unattended-Upgrade "1";',
  ].join('\n')
  const running = [
    'apt-daily-upgrade.timer loaded active waiting Daily apt upgrade and clean activities',
    'apt-daily.timer         loaded active waiting Daily apt download activities',
  ].join('\n')
  const judge = (stdout: string, timers = running, code = 0) =>
    judgeAutomatic(ended({ stdout, code }), ended({ stdout: timers }))
  test('switched on', () => {
    expect(judge(config).verdict).toBe('pass')
    expect(parseAptConfig(config).get('APT::Periodic::Unattended-Upgrade')).toBe('1')
  })
  test.each([
    ['switched off', config.replace('Unattended-Upgrade "1"', 'Unattended-Upgrade "0"'), undefined],
    ['never asked for', config.replace(/\n.*Unattended-Upgrade.*/, ''), undefined],
    ['switched off altogether', `${config}\nAPT::Periodic::Enable "0";`, undefined],
    ['cut off', config.slice(0, 60), undefined],
    ['a timer is off', config, running.replace('active waiting', 'inactive dead')],
    ['a timer is gone', config, running.split('\n')[0]],
    ['no timer is known', config, ''],
    ['nothing said', '', undefined],
  ])('%s', (_, text, timers) => {
    expect(judge(text, timers)).toMatchObject({ verdict: 'fail', trouble: 'updates-off' })
  })
})

describe('the last run', () => {
  const runs = (more: Partial<Runs>): Runs => ({
    lists: NOON - 5 * hour,
    upgrade: NOON - 4 * hour,
    setUp: NOON - 90 * day,
    boot: NOON - 30 * day,
    now: NOON,
    ...more,
  })
  test.each([
    ['today', {}, 'pass'],
    ['the older of both counts', { lists: NOON - 20 * day }, 'fail'],
    ['some days ago', { upgrade: NOON - 5 * day }, 'warn'],
    ['weeks ago', { upgrade: NOON - 20 * day }, 'fail'],
    ['weeks ago, but the machine was off', { upgrade: NOON - 20 * day, boot: NOON - hour }, 'warn'],
    ['never, on a new machine', { lists: null, upgrade: null, setUp: NOON - hour }, 'pass'],
    ['only the lists, on a new machine', { upgrade: null, setUp: NOON - hour }, 'pass'],
    ['never, on an old machine', { lists: null, upgrade: null }, 'fail'],
    ['without any trace', { lists: null, upgrade: null, setUp: null }, 'fail'],
    ['in the future', { lists: NOON + 9 * day, upgrade: NOON + 9 * day }, 'warn'],
  ] as const)('%s', (_, more, verdict) => {
    expect(judgeRuns(runs(more)).verdict).toBe(verdict)
  })
  test('the log of the last run only', () => {
    const log = [
      '2026-11-20 06:00:00,000 INFO Starting unattended upgrades script',
      '2026-11-20 06:00:01,000 ERROR Cache has broken packages, exiting',
      '2026-11-24 06:00:00,000 INFO Starting unattended upgrades script',
      '2026-11-24 06:00:09,000 INFO No packages found that can be upgraded unattended',
    ].join('\n')
    expect(errorsInLog(log)).toEqual([])
    expect(errorsInLog(`${log}\n2026-11-24 06:00:10,000 ERROR Installing failed`)).toHaveLength(1)
    expect(errorsInLog('')).toEqual([])
  })
  test('is looked for in the places of apt', async () => {
    const stat = [
      `${(NOON - hour) / 1000} /var/lib/apt/periodic/update-success-stamp`,
      `${(NOON - hour) / 1000} /var/lib/apt/periodic/unattended-upgrades-stamp`,
    ].join('\n')
    expect(parseStamps(stat).size).toBe(2)
    const look = async (files: Record<string, string>, stdout: string) =>
      await lastRun.run(aScene(files, { stat: { code: 1, stdout } }))
    const up = { '/proc/uptime': '864000.00 1.00\n' }
    expect((await look(up, stat)).verdict).toBe('pass')
    expect((await look(up, '')).verdict).toBe('fail')
    expect((await look({}, stat)).verdict).toBe('fail')
    const log = '2026-11-25 06:00:00,000 INFO Starting unattended upgrades script\n2026-11-25 06:00:10,000 ERROR No\n'
    expect(await look({ ...up, '/var/log/unattended-upgrades/unattended-upgrades.log': log }, stat)).toMatchObject({
      verdict: 'warn',
      trouble: 'updates-failing',
    })
  })
})

describe('lists that were refused', () => {
  const lists = '/var/lib/apt/lists'
  const stamps = (more: Record<string, number> = {}) =>
    Object.entries({
      '/var/lib/apt/periodic/update-stamp': NOON - hour,
      '/var/lib/apt/periodic/unattended-upgrades-stamp': NOON - hour,
      '/var/lib/mediaserver/answers.json': NOON - 90 * day,
      ...more,
    })
      .map(([path, at]) => `${at / 1000} ${path}`)
      .join('\n')
  const look = async (files: Record<string, string>, stat: string, programs: Programs = {}) =>
    await lastRun.run(
      aScene({ '/proc/uptime': '8640000.00 1.00\n', ...files }, { 'stat --format=%Y %n': stat, ...programs }),
    )

  test('are no pass, although apt calls it well and goes on with the old ones', async () => {
    const refused = { [`${lists}/partial/downloads.example.org_deb_dists_public_InRelease`]: 'signed by nobody known' }
    expect(await look(refused, stamps())).toMatchObject({
      verdict: 'warn',
      trouble: 'updates-refused',
      words: expect.stringContaining('downloads.example.org/deb/dists/public'),
    })
    for (const name of ['x_dists_y_Release.FAILED', 'x_dists_y_Release.gpg', 'x_dists_y_Release'])
      expect((await look({ [`${lists}/partial/${name}`]: '' }, stamps())).verdict, name).toBe('warn')
  })
  test('are none while they are being fetched, and a part of something else is none', async () => {
    const fetching = {
      [`${lists}/partial/x_dists_y_InRelease`]: '',
      '/proc/locks': '1: POSIX  ADVISORY  WRITE 42 fe:00:77 0 EOF\n',
    }
    const locked = { 'stat --format=%d %i %n': `65024 77 ${lists}/lock\n` }
    expect((await look(fetching, stamps(), locked)).verdict).toBe('pass')
    expect((await look({ [`${lists}/partial/x_binary-amd64_Packages.xz`]: '' }, stamps())).verdict).toBe('pass')
    expect((await look({ [`${lists}/x_dists_y_InRelease`]: '' }, stamps())).verdict).toBe('pass')
  })
  test('and a network that was away leave an old mark of success, which counts', async () => {
    const success = '/var/lib/apt/periodic/update-success-stamp'
    expect((await look({}, stamps({ [success]: NOON - 20 * day }))).verdict).toBe('fail')
    // apt was told days ago to leave that mark, and never did: the other one says only that it was tried.
    const told = '/etc/apt/apt.conf.d/52mediaserver'
    expect((await look({}, stamps({ [told]: NOON - 5 * day }))).verdict).toBe('fail')
    expect((await look({}, stamps({ [told]: NOON - hour }))).verdict).toBe('pass')
  })
})

test('a restart that is due', async () => {
  const look = async (files: Record<string, string>) => await restart.run(aScene(files))
  expect((await look({ '/run/other': '' })).verdict).toBe('pass')
  expect(
    await look({ '/run/reboot-required': '', '/run/reboot-required.pkgs': 'linux-image\nlibc6\nlibc6\n' }),
  ).toMatchObject({
    verdict: 'warn',
    words: 'Updates wait for a restart (linux-image, libc6); it happens by itself at 04:30.',
  })
  expect((await look({})).verdict).toBe('warn')
})

test('packages that were installed half', () => {
  const whole = 'ii |libc6\nrc |old\nhi |held\nun |virtual\n'
  expect(judgePackages(ended({ stdout: whole }))).toEqual({
    verdict: 'pass',
    words: 'All 2 packages are installed completely.',
  })
  const wrongs = [
    { stdout: `${whole}iF |docker.io\n` },
    { stdout: `${whole}iU |docker.io\n` },
    { stdout: `${whole}iiR|docker.io\n` },
    { stdout: whole, code: null },
    { stdout: whole, code: 1 },
    { stdout: '' },
    { code: 2, stderr: 'dpkg-query: error' },
  ]
  for (const wrong of wrongs)
    expect(judgePackages(ended(wrong)), JSON.stringify(wrong)).toMatchObject({
      verdict: 'fail',
      trouble: 'packages-broken',
    })
})

describe('packages that are being updated right now', () => {
  const half = ended({ stdout: 'ii |libc6\niU |docker.io\n' })
  const stat = '65024 131 /var/lib/dpkg/lock-frontend\n65024 132 /var/lib/dpkg/lock\n'
  const locks = (row: string) => `1: FLOCK  ADVISORY  WRITE 700 00:1a:131 0 EOF\n${row}\n`
  const held = locks('2: POSIX  ADVISORY  WRITE 4242 fe:00:132 0 EOF')

  test('are no fault', () => {
    expect(judgePackages(half, true)).toMatchObject({
      verdict: 'warn',
      trouble: 'packages-busy',
      words: '1 packages are being updated now: docker.io (iU)',
    })
    expect(judgePackages(ended({ stdout: 'ii |libc6\n' }), true).verdict).toBe('pass')
    expect(judgePackages(ended({ code: 2, stderr: 'dpkg-query: error' }), true).trouble).toBe('packages-busy')
  })
  test('are known by the lock of dpkg, and by nothing else', () => {
    expect(isLocked(held, stat)).toBe(true)
    expect(isLocked(locks('2: POSIX  ADVISORY  WRITE 4242 fe:00:131 0 EOF'), stat)).toBe(true)
    const others = ['2: POSIX  ADVISORY  WRITE 42 fe:00:133 0 EOF', '2: POSIX  ADVISORY  WRITE 42 fe:01:132 0 EOF']
    for (const row of [...others, '2: POSIX  ADVISORY  READ 42 fe:00:132 0 EOF'])
      expect(isLocked(locks(row), stat), row).toBe(false)
    // Somebody who waits holds nothing.
    expect(isLocked('1: -> POSIX  ADVISORY  WRITE 4242 fe:00:132 0 EOF\n', stat)).toBe(false)
    for (const text of [null, '', 'nonsense']) expect(isLocked(text, stat)).toBe(false)
    expect(isLocked(held, '')).toBe(false)
  })
  test('are looked for in the kernel', async () => {
    const programs = { 'dpkg-query': half, stat }
    expect((await packages.run(aScene({ '/proc/locks': held }, programs))).verdict).toBe('warn')
    expect((await packages.run(aScene({ '/proc/locks': locks('') }, programs))).verdict).toBe('fail')
  })
})

describe('the clock', () => {
  const off = (...seconds: number[]) =>
    seconds.map((by, index) => ({ ours: NOON + by * 1000, theirs: NOON, name: `server${index}` }))
  const known = (more: Partial<Clock>): Clock => ({
    kept: true,
    right: true,
    others: [],
    notBefore: null,
    now: NOON,
    ...more,
  })
  test.each([
    ['kept right', {}, 'pass', undefined],
    ['kept right, and servers agree', { others: off(1, -2) }, 'pass', undefined],
    ['kept right, it says, but servers do not', { others: off(3600, 3601) }, 'fail', 'clock-wrong'],
    ['one server of three is wrong', { others: off(3600, 1, 0) }, 'pass', undefined],
    ['two of three are', { others: off(3600, 3600, 0) }, 'fail', 'clock-wrong'],
    ['nobody keeps it, and it is wrong', { kept: false, right: false, others: off(-90_000) }, 'fail', 'clock-wrong'],
    ['nobody keeps it', { kept: false, right: false, others: off(0) }, 'warn', 'clock-not-kept'],
    ['no time server, but others agree', { right: false, others: off(2) }, 'pass', undefined],
    ['no time server, and nobody else', { right: false }, 'warn', 'clock-unknown'],
    ['nothing known', { kept: null, right: null }, 'warn', 'clock-unknown'],
    ['before the system was made', { notBefore: NOON + day }, 'fail', 'clock-wrong'],
  ] as const)('%s', (_, more, verdict, trouble) => {
    expect(judgeClock(known(more))).toMatchObject({ verdict, ...(trouble === undefined ? {} : { trouble }) })
  })
  test('how much it is off, in words', () => {
    expect(judgeClock(known({ others: off(-300) })).words).toBe('The clock is 5 minutes behind, by what server0 says.')
    expect(judgeClock(known({ others: off(400_000) })).words).toContain('5 days ahead')
  })
  test('what programs print is read', () => {
    expect(parseTimedate('NTP=yes\nNTPSynchronized=no\n')).toEqual({ kept: true, right: false })
    expect(parseTimedate('')).toEqual({ kept: null, right: null })
    const head = 'HTTP/1.1 301 Moved\r\nServer: x\r\nDate: Wed, 25 Nov 2026 12:00:00 GMT\r\n\r\n'
    expect(parseDate(head)).toBe(NOON)
    for (const wrong of ['', 'Date: soon', 'HTTP/1.1 200 OK\r\n']) expect(parseDate(wrong)).toBeNull()
  })
  test('a machine without network and time server is no pass; one whose servers tell another time fails', async () => {
    const look = async (programs: Programs) => await clock.run(aScene({}, programs))
    expect((await look({})).verdict).toBe('warn')
    const head = 'Date: Wed, 25 Nov 2026 10:00:00 GMT\r\n'
    expect((await look({ curl: head, timedatectl: 'NTP=yes\nNTPSynchronized=yes\n' })).verdict).toBe('fail')
    expect((await look({ curl: 'Date: Wed, 25 Nov 2026 12:00:03 GMT\r\n' })).verdict).toBe('pass')
  })
})
