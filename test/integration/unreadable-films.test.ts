import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { run } from '../../firstboot/run.ts'

process.env['PATH'] = `${process.env['PATH']}:/usr/sbin:/sbin`

const PROGRAM = join(import.meta.dirname, 'programs/list-films.ts')
const folder = mkdtempSync(join(tmpdir(), 'unreadable-'))
afterAll(() => rmSync(folder, { recursive: true }))

// Where the first block that is packed by zstd begins, and a little of it: RFC 8878, 3.1.1.
const blockOf = (bytes: Buffer): [number, number] => {
  const at = bytes.indexOf(Buffer.from('28b52ffd', 'hex'))
  return [at, at + 8]
}

const script = 'mount -t squashfs -o loop,ro "$1" "$2"; shift; place=$1; shift; exec "$@" "$place"'

test('a film that the disk cannot read is remembered by its name and size, and the others as ever', async () => {
  const [films, place, image] = [join(folder, 'films'), join(folder, 'place'), join(folder, 'films.img')]
  mkdirSync(films)
  mkdirSync(place)
  writeFileSync(join(films, 'first.mkv'), 'first')
  writeFileSync(join(films, 'torn.mkv'), 'A'.repeat(300_000))
  writeFileSync(join(films, 'whole.mkv'), 'whole')
  const made = await run('mksquashfs', [films, image, '-quiet', '-no-progress', '-no-fragments', '-comp', 'zstd'])
  expect(made.stderr).toBe('')
  // A block that does not unpack is to a program what a bad sector is: reading fails, with EIO.
  const bytes = readFileSync(image)
  bytes.fill(0xff, ...blockOf(bytes))
  writeFileSync(image, bytes)
  const ended = await run('unshare', ['--mount', 'sh', '-ec', script, 'sh', image, place, process.execPath, PROGRAM])
  // Some machines let nobody mount anything.
  if (/^(mount|unshare): .*(permi|failed)/im.test(ended.stderr)) return
  expect(JSON.parse(ended.stdout)).toEqual({
    files: ['first.mkv', 'torn.mkv', 'whole.mkv'],
    unreadable: ['torn.mkv'],
    lost: [],
  })
})
