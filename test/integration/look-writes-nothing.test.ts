import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Disk } from '../../firstboot/machine.ts'
import { inspectDisks } from '../../firstboot/probe/inspect.ts'
import { openRoot } from '../../firstboot/root.ts'
import { run } from '../../firstboot/run.ts'
import { aDisk, aFileSystem } from '../unit/disks/a-disk.ts'

// Where the tools of file systems lie for root only.
process.env['PATH'] = `${process.env['PATH']}:/usr/sbin:/sbin`

const folder = mkdtempSync(join(tmpdir(), 'look-'))
const place = join(folder, 'place')
const clean = join(folder, 'clean.img')
const dirty = join(folder, 'dirty.img')

async function must(program: string, ...args: string[]): Promise<string> {
  const ended = await run(program, args)
  if (ended.code !== 0) throw new Error(`${program} ${args.join(' ')}: ${ended.stderr}`)
  return ended.stdout
}
const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')
const diskOn = (path: string, type = 'ext4'): Disk =>
  aDisk({ path, kind: 'virtual', fileSystems: [aFileSystem({ path, type })] })
const look = async (disk: Disk) => (await inspectDisks(openRoot(''), [disk], () => {}, place))[0]?.fileSystems[0]
const mounts = () => readFileSync('/proc/self/mountinfo', 'utf8')
const loops = () =>
  readdirSync('/sys/block')
    .filter(name => name.startsWith('loop'))
    .map(name => `/sys/block/${name}/loop/backing_file`)
    .filter(file => existsSync(file) && readFileSync(file, 'utf8').startsWith(folder))

/** Mounts a copy with a plain `mount`, which may write; tells whether this machine can do that at all. */
async function plainMount(image: string): Promise<boolean> {
  const script = 'mount -o loop "$1" "$2" && umount "$2"'
  return (await run('unshare', ['--mount', 'sh', '-c', script, 'sh', image, place])).code === 0
}

beforeAll(async () => {
  mkdirSync(place)
  const films = join(folder, 'films')
  for (const name of ['movies', 'tv', '.Trash-1000']) mkdirSync(join(films, name), { recursive: true })
  writeFileSync(join(films, 'movies', 'film.mkv'), Buffer.alloc(3_000_000, 1))
  for (const image of [clean, dirty]) {
    writeFileSync(image, '')
    await must('truncate', '-s', '64M', image)
    await must('mke2fs', '-q', '-t', 'ext4', '-b', '1024', '-L', 'films', '-d', films, image)
  }
  // A block that is in the journal only, as when the power fails: the next mount would write it to its place.
  const block = join(folder, 'block')
  writeFileSync(block, Buffer.alloc(1024, 2))
  const commands = join(folder, 'commands')
  writeFileSync(commands, `jo\njw -b 60000 ${block}\njc\n`)
  await must('debugfs', '-w', '-f', commands, dirty)
  expect(await must('dumpe2fs', '-h', dirty)).toContain('needs_recovery')
})

describe('the slow look writes nothing', () => {
  test('to an ext4, nor to one whose journal waits to be replayed; and leaves no mount behind', async () => {
    const copy = join(folder, 'copy.img')
    await must('cp', dirty, copy)
    const before = { clean: digest(clean), dirty: digest(dirty), copy: digest(copy) }
    const canMount = await plainMount(copy)
    for (const image of [clean, dirty]) {
      const seen = await look(diskOn(image))
      expect(seen?.usedBytes).toBeGreaterThan(3_000_000)
      expect(seen?.usedBytes).toBeLessThan(20_000_000)
      // Without the right to mount, a look still tells what the superblock does.
      expect(seen?.folders).toEqual(canMount ? ['movies', 'tv'] : [])
    }
    expect({ clean: digest(clean), dirty: digest(dirty) }).toEqual({ clean: before.clean, dirty: before.dirty })
    // The counter-proof: a mount that is not careful changes the very same bytes.
    expect(digest(copy) !== before.copy).toBe(canMount)
    expect(mounts()).not.toContain(folder)
    expect(loops()).toEqual([])
  })

  test('to a failing disk or a part of something, which are not even opened', async () => {
    const nowhere = join(folder, 'nowhere.img')
    const member = { ...diskOn(nowhere), members: ['RAID member'] }
    expect(await look(member)).toEqual(member.fileSystems[0])
    expect(existsSync(nowhere)).toBe(false)
  })

  test('to something that is not the file system it is said to be, and that is no error', async () => {
    const noise = join(folder, 'noise.img')
    writeFileSync(noise, Buffer.alloc(1_000_000, 7))
    const before = digest(noise)
    for (const type of ['ext4', 'xfs', 'btrfs', 'ntfs', 'exfat', 'vfat']) {
      expect(await look(diskOn(noise, type))).toMatchObject({ usedBytes: null, folders: [], lastMounted: null })
    }
    expect(digest(noise)).toBe(before)
    expect(mounts()).not.toContain(folder)
  })
})
