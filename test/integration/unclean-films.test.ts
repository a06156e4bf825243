import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../../firstboot/run.ts'

// Where the tools of file systems lie for root only.
process.env['PATH'] = `${process.env['PATH']}:/usr/sbin:/sbin`

const PROGRAM = join(import.meta.dirname, 'programs/films.ts')
const uuids = { ext3: '3e0c9f0b-5f6e-4d0a-9d3b-0c1f6f7d9e03', ext4: '4e0c9f0b-5f6e-4d0a-9d3b-0c1f6f7d9e04' } as const
type Type = keyof typeof uuids

const folder = mkdtempSync(join(tmpdir(), 'unclean-'))
const place = join(folder, 'place')

async function must(program: string, ...args: string[]): Promise<string> {
  const ended = await run(program, args)
  if (ended.code !== 0) throw new Error(`${program} ${args.join(' ')}: ${ended.stderr}`)
  return ended.stdout
}

// Changes that are in the journal and not in their places, as when the power fails: a copy of the disk is taken when
// fsync has written the one, and nobody has asked for the other. Mounts end with their namespace.
const script = `set -e
mount -o loop "$1" "$2"
cp -r "$3"/. "$2"
umount "$2"
mount -o loop "$1" "$2"
rm "$2/movies/old.mkv"
printf 'more' >>"$2/movies/grown.mkv"
printf 'new' >"$2/movies/new.mkv"
sync "$2/movies/grown.mkv" "$2/movies/new.mkv" "$2/movies"
cp "$1" "$4"
umount "$2"`

/** A film disk that another computer did not unmount; null where this machine may not mount. */
async function uncleanDisk(type: Type): Promise<string | null> {
  const [whole, unclean] = [join(folder, `${type}.img`), join(folder, `${type}-unclean.img`)]
  writeFileSync(whole, '')
  await must('truncate', '-s', '64M', whole)
  await must('mke2fs', '-q', '-t', type, '-U', uuids[type], whole)
  const films = join(folder, 'films')
  const ended = await run('unshare', ['--mount', 'sh', '-c', script, 'sh', whole, place, films, unclean])
  if (ended.code === 0) return unclean
  expect(ended.stderr).toMatch(/mount|unshare|permi/i)
  return null
}

const isUnclean = async (image: string) => (await must('dumpe2fs', '-h', image)).includes('needs_recovery')

const all = ['record-films', 'folders', 'compare-films']

/** What comes of a set-up that keeps the films on this disk. */
async function setUp(image: string, type: Type, changes = all): Promise<unknown> {
  const target = mkdtempSync(join(folder, 'target-'))
  // A device that has held another disk a moment ago is remembered with that one.
  process.env['BLKID_FILE'] = join(target, 'blkid.tab')
  const loop = (await must('losetup', '--find', '--show', image)).trim()
  try {
    const program = [process.execPath, PROGRAM, target, uuids[type], type, ...changes]
    return JSON.parse(await must('unshare', '--mount', '--propagation', 'private', '--', ...program))
  } finally {
    await must('losetup', '--detach', loop)
  }
}

beforeAll(() => {
  mkdirSync(place)
  mkdirSync(join(folder, 'films/movies'), { recursive: true })
  for (const name of ['old', 'grown', 'same']) writeFileSync(join(folder, 'films/movies', `${name}.mkv`), name)
})

// Disks are large.
afterAll(() => rmSync(folder, { recursive: true }))

test.each<Type>(['ext4', 'ext3'])(
  'films on an %s that was not unmounted are remembered as they are once its journal is replayed',
  async type => {
    const image = await uncleanDisk(type)
    if (image === null) return
    expect(await isUnclean(image)).toBe(true)
    expect(await setUp(image, type)).toEqual({
      'record-films': '3 files remembered',
      folders: 'folders for downloads, movies, tv, homevideo',
      'compare-films': '3 files compared, all unchanged',
      remembered: ['movies/grown.mkv', 'movies/new.mkv', 'movies/same.mkv'],
    })
    expect(await isUnclean(image)).toBe(false)
  },
)

test('a disk whose journal cannot be replayed is told in words, and nothing is written to it', async () => {
  const image = await uncleanDisk('ext4')
  if (image === null) return
  const before = join(folder, 'before.img')
  // The journal's first block says that it is one; without that, only a repair of the file system helps.
  await must('debugfs', '-w', '-R', 'zap_block -f <8> -p 0 0', image)
  copyFileSync(image, before)
  expect(await setUp(image, 'ext4', ['record-films'])).toEqual({
    'record-films': expect.stringMatching(/^failed: The film disk with the ext4 4e0c9f0b-\S+ cannot be mounted: \w/),
    remembered: [],
  })
  await must('cmp', before, image)
})

test.each<Type>(['ext4', 'ext3'])('a look at the films on an unclean %s writes nothing to it', async type => {
  const image = await uncleanDisk(type)
  if (image === null) return
  const before = join(folder, 'before.img')
  copyFileSync(image, before)
  expect(await setUp(image, type, ['compare-films'])).toMatchObject({
    'compare-films': 'failed: A film disk is not as it was: nothing was remembered of a film disk.',
  })
  await must('cmp', before, image)
})
