import { describe, expect, test } from 'vitest'
import { errors, errorsOf } from '../../../../firstboot/verify/storage/errors.ts'
import { disksIn, health, judgeHealth } from '../../../../firstboot/verify/storage/health.ts'
import { mounted } from '../../../../firstboot/verify/storage/mounted.ts'
import { judgeMountpoints, mountpoint } from '../../../../firstboot/verify/storage/mountpoint.ts'
import { judgeOwners, owner, ownMediaFolders } from '../../../../firstboot/verify/storage/owner.ts'
import { parseSpace, roomLeft } from '../../../../firstboot/verify/storage/parse-space.ts'
import { filmSpace, systemSpace } from '../../../../firstboot/verify/storage/space.ts'
import { systemWritable } from '../../../../firstboot/verify/storage/system-writable.ts'
import { judgeWriting, writable } from '../../../../firstboot/verify/storage/writable.ts'
import { answering, aScene } from '../a-scene.ts'

const ended = (more: object) => ({ code: 0, stdout: '', stderr: '', ...more })
const mountinfo = (...rows: readonly (readonly [point: string, source: string, options?: string])[]) =>
  rows.map(([point, source, options = 'rw']) => `36 35 98:0 / ${point} ${options} - ext4 ${source} rw`).join('\n')
const there = { '/proc/self/mountinfo': mountinfo(['/', '/dev/nvme0n1p3'], ['/data', '/dev/nvme0n1p5']) }
const fstab = 'UUID=root / ext4 defaults 0 1\nUUID=f11a5 /data ext4 nofail,noatime 0 2\n'

describe('the film disk', () => {
  const files = (more: Record<string, string>) => ({
    '/etc/fstab': fstab,
    '/dev/disk/by-uuid/f11a5': '-> ../../sda1',
    '/proc/self/mountinfo': mountinfo(['/', '/dev/nvme0n1p3'], ['/data', '/dev/sda1']),
    ...more,
  })
  const look = async (more: Record<string, string> = {}) => await mounted.run(aScene(files(more)))
  test('is there', async () => {
    expect(await look()).toEqual({ verdict: 'pass', words: '/data is ext4 on /dev/sda1' })
  })
  test.each([
    ['gone', { '/dev/disk/by-uuid/f11a5': '' }, 'films-disk-gone'],
    ['not mounted', { '/proc/self/mountinfo': mountinfo(['/', '/dev/x']) }, 'films-not-mounted'],
    ['another one', { '/proc/self/mountinfo': mountinfo(['/data', '/dev/sdb1']) }, 'films-wrong-disk'],
    ['read-only', { '/proc/self/mountinfo': mountinfo(['/data', '/dev/sda1', 'ro']) }, 'films-read-only'],
    ['unknown', { '/proc/self/mountinfo': '' }, 'films-not-mounted'],
  ])('%s', async (_, more, trouble) => {
    expect(await look(more)).toMatchObject({ verdict: 'fail', trouble })
  })
  test('a mount whose disk was pulled out is no disk', async () => {
    const { '/dev/disk/by-uuid/f11a5': _, ...rest } = files({})
    expect(await mounted.run(aScene(rest))).toMatchObject({ verdict: 'fail', trouble: 'films-disk-gone' })
  })
  test('that is not there is the reason why nothing on it can be tried, and nothing is', async () => {
    for (const { run } of [writable, owner, filmSpace]) {
      const asked: string[] = []
      const scene = aScene({ '/etc/fstab': fstab }, {}, { attempt: answering({}, asked) })
      const gone = aScene(files({ '/dev/disk/by-uuid/f11a5': '' }), {}, { attempt: answering({}, asked) })
      expect(await run(scene)).toMatchObject({ verdict: 'fail', trouble: 'films-not-mounted' })
      expect(await run(gone)).toMatchObject({ verdict: 'fail', trouble: 'films-disk-gone' })
      expect(asked).toEqual([])
    }
  })
  test('without one, films lie on the system disk; and that has to be mounted too', async () => {
    const bind = '/state/data /data none bind 0 0\n'
    const on = { '/etc/fstab': bind, '/proc/self/mountinfo': mountinfo(['/data', '/dev/nvme0n1p5']) }
    expect((await mounted.run(aScene(on))).words).toContain('on the system disk')
    const off = { '/etc/fstab': bind, '/proc/self/mountinfo': mountinfo(['/', '/dev/nvme0n1p5']) }
    expect((await mounted.run(aScene(off))).verdict).toBe('fail')
  })
})

describe('room', () => {
  const row = (size: number, free: number, files: string, freeFiles: string, target: string) =>
    `${String(size).padStart(16)} ${String(free).padStart(14)} ${files.padStart(10)} ${freeFiles.padStart(10)} ${target}`
  const df = (...rows: string[]) =>
    ['       1B-blocks       Avail   Inodes    IFree Mounted on', ...rows, ''].join('\n')
  const place = (bytes: number, free: number, freeFiles: number | null = null) => ({
    mountpoint: '/data',
    bytes,
    free,
    freeFiles,
  })
  test('is read, each file system once', () => {
    const text = df(
      row(8e12, 4e12, '1000', '900', '/data'),
      row(8e12, 4e12, '1000', '900', '/data'),
      row(1e9, 5e8, '-', '-', '/my films'),
    )
    expect(parseSpace(text)).toEqual([
      { mountpoint: '/data', bytes: 8e12, free: 4e12, freeFiles: 900 },
      { mountpoint: '/my films', bytes: 1e9, free: 5e8, freeFiles: null },
    ])
    // btrfs has no fixed number of files.
    expect(parseSpace(df(row(8e12, 4e12, '0', '0', '/data')))[0]?.freeFiles).toBeNull()
    for (const wrong of ['', 'df: /data: No such file or directory', '12 x 3 4 /data', '8 4'])
      expect(parseSpace(wrong)).toEqual([])
  })
  test('enough, little, none, on large and small disks', () => {
    expect([4e12, 19e9, 0.9e9, 0].map(free => roomLeft(place(8e12, free)))).toEqual([
      'enough',
      'little',
      'none',
      'none',
    ])
    expect([2e9, 0.9e9, 0.1e9].map(free => roomLeft(place(10e9, free)))).toEqual(['enough', 'little', 'none'])
    expect(roomLeft(place(8e12, 4e12, 0))).toBe('none')
  })
  test('a full disk is named, and so is one that df knows nothing of', async () => {
    const asked = (stdout: string, code = 0) =>
      filmSpace.run(aScene(there, { 'df --block-size=1': { code, stdout, stderr: 'df: no' } }))
    expect(await asked(df(row(8e12, 0, '9', '9', '/data')))).toMatchObject({ verdict: 'fail', trouble: 'films-full' })
    expect(await asked(df(row(8e12, 15e9, '9999', '9999', '/data')))).toMatchObject({ verdict: 'warn' })
    expect(await asked(df(row(8e12, 4e12, '9999', '9999', '/data')))).toMatchObject({
      verdict: 'pass',
      words: '/data has 4.0 TB of 8.0 TB left',
    })
    expect((await asked('', 1)).verdict).toBe('fail')
    expect((await asked('')).verdict).toBe('fail')
    expect((await systemSpace.run(aScene())).verdict).toBe('fail')
  })
})

describe('the folder below the film disk', () => {
  const flags = (set: string) => `----${set}---------e------- /data`
  test('empty and immutable', () => {
    expect(judgeMountpoints(`${flags('i')}\nentries 0\n`, ['/data']).verdict).toBe('pass')
  })
  test.each([
    ['open', `${flags('-')}\nentries 0\n`, 'fail', 'mountpoint-open'],
    ['not empty', `${flags('i')}\nentries 3\n`, 'warn', 'mountpoint-not-empty'],
    ['not there', 'lsattr: No such file or directory while trying to stat /data', 'fail', 'mountpoint-open'],
    ['cut off', flags('i'), 'fail', 'mountpoint-open'],
    ['of another folder', '----i---------e------- /data2\nentries 0', 'fail', 'mountpoint-open'],
    ['nothing said', '', 'fail', 'mountpoint-open'],
  ])('%s', (_, text, verdict, trouble) => {
    expect(judgeMountpoints(text, ['/data'])).toMatchObject({ verdict, trouble })
  })
  test('is looked at where nobody else sees it', async () => {
    const asked: string[] = []
    await mountpoint.run(aScene({ '/etc/fstab': fstab }, {}, { attempt: answering({}, asked) }))
    expect(asked[0]).toMatch(/^unshare --mount --propagation private sh -c .* sh \/data$/s)
  })
})

describe('who may write to the films', () => {
  test('the services', () => {
    expect(judgeOwners(ended({ stdout: 'writable\nwritable\n' }))).toEqual({
      verdict: 'pass',
      words: 'The services may write to all 2 folders of films.',
    })
    // Nothing said is nothing proven.
    for (const stdout of ['', 'writ', 'writable\nnot writable: ro'])
      expect(judgeOwners(ended({ stdout })).verdict).toBe('fail')
  })
  test('somebody else', () => {
    const stdout = 'not writable: root:root 755 /data/media/tv\nnot writable: root:root 755 /data/media/tv/Show\n'
    expect(judgeOwners(ended({ stdout }))).toMatchObject({
      verdict: 'fail',
      trouble: 'films-wrong-owner',
      words: '/data/media/tv belongs to root:root, so no film can be added.',
    })
    expect(judgeOwners(ended({ stdout: 'not writable: bob:bob 755 /data/media/tv/Show (2020)' }))).toMatchObject({
      verdict: 'warn',
      trouble: 'films-foreign-folders',
    })
  })
  test('what cannot be looked at is no pass', () => {
    const gone = ended({ code: 1, stderr: "find: '/data/media': No such file or directory" })
    expect(judgeOwners(gone)).toMatchObject({ verdict: 'fail', trouble: 'films-wrong-owner' })
    expect(judgeOwners(ended({ code: null }))).toMatchObject({ verdict: 'fail' })
  })
  test('is asked as the services, and only the folders at the top are given away', async () => {
    const asked: string[] = []
    const scene = aScene(there, {}, { attempt: answering({ chown: '', chmod: '' }, asked) })
    await owner.run(scene)
    expect(asked[0]).toMatch(/^setpriv --reuid=1000 --regid=1000 --clear-groups find \/data\/media /)
    await ownMediaFolders(scene)
    expect(asked.slice(1).join(' ')).not.toContain('-R')
    await expect(ownMediaFolders(aScene())).rejects.toThrow('could not be given')
  })
})

describe('writing a film', () => {
  test('worked', () => {
    expect(judgeWriting(ended({ stdout: 'wrote 1048576 bytes\n' })).verdict).toBe('pass')
  })
  test.each([
    ["dd: error writing '/data/media/x': No space left on device", 'films-full'],
    ['mktemp: failed to create file: Read-only file system', 'films-read-only'],
    ['mktemp: failed to create file: Permission denied', 'films-wrong-owner'],
    ['mktemp: failed to create file: No such file or directory', 'films-no-folder'],
    ["dd: fsync failed for '/data/media/x': Input/output error", 'films-disk-errors'],
    ['', 'films-disk-errors'],
  ])('%s', (stderr, trouble) => {
    expect(judgeWriting(ended({ code: 1, stderr }))).toMatchObject({ verdict: 'fail', trouble })
  })
  test('a program that says nothing has written nothing', () => {
    expect(judgeWriting(ended({})).verdict).toBe('fail')
    expect(judgeWriting(ended({ code: null, stdout: 'wrote 1048576 bytes' })).verdict).toBe('fail')
  })
})

describe('health', () => {
  const good = JSON.stringify({ smart_status: { passed: true }, power_on_time: { hours: 21_400 } })
  const bad = JSON.stringify({ smart_status: { passed: false } })
  const unreadable = JSON.stringify({
    smart_status: { passed: true },
    ata_smart_attributes: { table: [{ id: 197, raw: { string: '8' } }] },
  })
  const said = (...texts: (string | null)[]) =>
    judgeHealth(texts.map((text, index) => ({ path: `/dev/sd${'ab'[index]}`, text })))
  test('of disks that tell', () => {
    expect(said(good).verdict).toBe('pass')
    expect(said(good, bad)).toMatchObject({ verdict: 'fail', trouble: 'disk-failing' })
    expect(said(good, unreadable)).toMatchObject({ verdict: 'warn', trouble: 'disk-wearing' })
  })
  test('of disks that do not', () => {
    expect(said('{}').verdict).toBe('none')
    expect(said(good, '{}').verdict).toBe('pass')
    expect(said('{"messages":[{"string":"Device is in STANDBY mode, exit(0)"}]}').words).toContain('asleep')
  })
  test('a program that is not there proves nothing', () => {
    expect(said(good, null)).toMatchObject({ verdict: 'warn', trouble: 'disk-health-unknown' })
  })
  test('text that is cut off is never good', () => {
    for (let length = 0; length < good.length; length += 1) expect(said(good.slice(0, length)).verdict).not.toBe('pass')
  })
  test('only real disks are asked', async () => {
    const rows =
      '/dev/nvme0n1 disk 0 nvme\n/dev/sda disk 0 sata\n/dev/sdb disk 1 usb\n/dev/sdc disk 0 usb\n/dev/sr0 rom 1 sata\n/dev/zram0 disk 0\n'
    expect(disksIn(rows)).toEqual(['/dev/nvme0n1', '/dev/sda', '/dev/sdc'])
    expect((await health.run(aScene())).verdict).toBe('warn')
  })
})

describe('errors of disks', () => {
  const log = [
    '2026-11-25T11:59:01 box kernel: blk_update_request: I/O error, dev sda, sector 2048 op 0x0:(READ)',
    '2026-11-25T11:59:02 box kernel: Buffer I/O error on dev sdb1, logical block 0',
    '2026-11-25T11:59:03 box kernel: EXT4-fs error (device sda1): ext4_find_entry:1455: inode #2',
    '2026-11-25T11:59:04 box kernel: EXT4-fs (sda1): mounted filesystem',
  ].join('\n')
  test('are those of the disks that are in use', () => {
    expect(errorsOf(log, ['sda1'])).toHaveLength(2)
    expect(errorsOf(log, ['nvme0n1p3'])).toEqual([])
    expect(errorsOf(log.replaceAll('sda', 'nvme0n1'), ['nvme0n1p1'])).toHaveLength(1)
    expect(errorsOf('', ['sda1'])).toEqual([])
    expect(errorsOf(log, [])).toEqual([])
  })
  test('a log that cannot be read is no good news', async () => {
    const files = { '/proc/self/mountinfo': mountinfo(['/', '/dev/sda1']) }
    expect((await errors.run(aScene(files))).verdict).toBe('warn')
    expect((await errors.run(aScene({}, { journalctl: '' }))).verdict).toBe('warn')
    expect((await errors.run(aScene(files, { journalctl: '' }))).verdict).toBe('pass')
  })
})

test('a system disk that became read-only', async () => {
  const look = async (text: string) => await systemWritable.run(aScene({ '/proc/self/mountinfo': text }))
  expect((await look(mountinfo(['/', '/dev/x3'], ['/state', '/dev/x5']))).verdict).toBe('pass')
  expect((await look(mountinfo(['/', '/dev/x3', 'ro'], ['/state', '/dev/x5']))).verdict).toBe('fail')
  expect((await look(mountinfo(['/', '/dev/x3'], ['/state', '/dev/x5', 'ro']))).verdict).toBe('fail')
  expect((await look('')).verdict).toBe('fail')
})
