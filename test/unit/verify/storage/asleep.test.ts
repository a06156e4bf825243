import { expect, test } from 'vitest'
import type { Finding } from '../../../../firstboot/verify/check.ts'
import { failed, passed } from '../../../../firstboot/verify/finding.ts'
import { lastSeen, unlessAsleep } from '../../../../firstboot/verify/storage/asleep.ts'
import { type Result, verificationPath } from '../../../../firstboot/verify/verification.ts'
import { answering, aScene, NOON, type Programs } from '../a-scene.ts'

const hour = 3_600_000
const SLEEPS = 'Device is in STANDBY mode, exit(0)\n'
const mountinfo = '36 35 98:0 / /data rw - ext4 /dev/sda1 rw\n'

const kept = (finding: Finding) => {
  const result: Result = {
    id: 'x',
    section: 'storage',
    title: 'x',
    how: 'x',
    verdict: finding.verdict,
    words: finding.words,
    detail: [...(finding.detail ?? [])],
    way: null,
    at: NOON,
    seconds: 0,
    since: NOON,
  }
  return JSON.stringify({ at: NOON, results: [result] })
}

/** What is found some hours after `before`, by a disk that says `smartctl`. */
async function later(before: Finding | null, hours: number, smartctl: string, found: Finding = passed('looked')) {
  const asked: string[] = []
  const files = { '/proc/self/mountinfo': mountinfo, ...(before === null ? {} : { [verificationPath]: kept(before) }) }
  const scene = aScene(files, {}, { now: () => NOON + hours * hour, attempt: answering({ smartctl }, asked) })
  return { finding: await unlessAsleep('x', scene, async () => found), asked }
}

test('a disk that sleeps is left alone for a day, and no longer', async () => {
  const first = (await later(null, 0, SLEEPS)).finding
  expect(first).toMatchObject({ verdict: 'pass', words: 'looked' })
  const second = (await later(first, 5, SLEEPS)).finding
  expect(second.words).toBe('The disk sleeps and was not woken; it was well 5 hours ago.')
  // What was only remembered does not count as seen.
  expect((await later(second, 23, SLEEPS)).finding.words).toContain('23 hours ago')
  expect((await later(second, 24, SLEEPS)).finding.words).toBe('looked')
})

test('the disk is asked, not its partition, which does not say whether it sleeps behind USB', async () => {
  const first = (await later(null, 0, '')).finding
  const asked: string[] = []
  const look = async (programs: Programs) => {
    const files = { '/proc/self/mountinfo': mountinfo, [verificationPath]: kept(first) }
    const scene = aScene(files, {}, { now: () => NOON + hour, attempt: answering(programs, asked) })
    return (await unlessAsleep('x', scene, async () => passed('looked'))).words
  }
  const lsblk = 'lsblk --inverse --noheadings --list --paths --output PATH,TYPE /dev/sda1'
  const smartctl = 'smartctl --nocheck=standby,0 --info'
  const sleeps = { [`${smartctl} /dev/sda`]: SLEEPS }
  expect(await look({ [lsblk]: '/dev/sda1 part\n/dev/sda  disk\n', ...sleeps })).toContain('was not woken')
  expect(asked).toEqual([lsblk, `${smartctl} /dev/sda`])
  // A locked or joined disk stands on others; one of them that sleeps would be woken.
  const joined = '/dev/mapper/films crypt\n/dev/sdb1 part\n/dev/sdb disk\n/dev/sda1 part\n/dev/sda disk\n'
  expect(await look({ [lsblk]: joined, ...sleeps })).toContain('was not woken')
  // Without an answer there is only the device itself.
  expect(await look({ [`${smartctl} /dev/sda1`]: SLEEPS })).toContain('was not woken')
})

test('a second film disk that sleeps is not woken for the first one', async () => {
  const first = (await later(null, 0, '')).finding
  const files = {
    '/proc/self/mountinfo': `${mountinfo}37 35 98:16 / /data2 rw - ext4 /dev/sdb1 rw\n`,
    '/etc/fstab': 'UUID=1 /data ext4 nofail 0 2\nUUID=2 /data2 ext4 nofail 0 2\n',
    [verificationPath]: kept(first),
  }
  const programs = { 'smartctl --nocheck=standby,0 --info /dev/sdb1': SLEEPS, smartctl: '' }
  const scene = aScene(files, programs, { now: () => NOON + hour })
  expect((await unlessAsleep('x', scene, async () => passed('looked'))).words).toContain('was not woken')
})

test('one that is awake is looked at, and so is one that nothing is known of', async () => {
  const first = (await later(null, 0, '')).finding
  expect((await later(first, 1, '=== START OF INFORMATION SECTION ===')).finding.words).toBe('looked')
  expect((await later(first, -1, SLEEPS)).finding.words).toBe('looked')
})

test('what was not well is looked at every time', async () => {
  const bad = failed('films-full', 'full')
  expect((await later(bad, 1, SLEEPS)).finding.words).toBe('looked')
  expect((await later(null, 0, '', bad)).finding).toEqual(bad)
  const { asked } = await later(bad, 1, SLEEPS)
  expect(asked).toEqual([])
})

test('a file of results that is damaged says nothing', () => {
  for (const text of [null, '', '{', kept(passed('well', ['seen at some time']))])
    expect(lastSeen(text, 'x')).toBeNull()
})
