import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { isHeld, tellsOfLock } from '../../../firstboot/held-lock.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { runLong } from '../../../firstboot/run.ts'

// /run of the machine is in memory, too.
describe.each([
  ['on a disk', tmpdir()],
  ['in memory', '/dev/shm'],
])('a lock %s', (_, place) => {
  let folder = ''
  afterEach(async () => await rm(folder, { recursive: true }))

  test('is seen while somebody has it, and not when somebody only looks', async () => {
    folder = await mkdtemp(join(place, 'held-'))
    const path = join(folder, 'apply.lock')
    const isHeldNow = () => isHeld(openRoot(''), path)
    expect(isHeldNow()).toBe(false)
    await writeFile(path, '')
    expect(isHeldNow()).toBe(false)
    const during = async (how: string) => {
      const seen = Promise.withResolvers<boolean>()
      // The one that takes it stays: in a container the kernel tells nothing of a lock whose taker has ended.
      const untilSeen = async function* () {
        await seen.promise
        yield Buffer.of()
      }
      const onLine = () => seen.resolve(isHeldNow())
      await runLong('flock', [how, path, 'sh', '-c', 'echo it; cat'], { input: untilSeen(), onLine })
      return await seen.promise
    }
    expect(await during('--shared')).toBe(false)
    expect(await during('--exclusive')).toBe(true)
    expect(isHeldNow()).toBe(false)
  })
})

describe('the table of the kernel', () => {
  // Recorded while takeLock had a lock; flock(1), which had taken it, had ended.
  const table = `1: FLOCK  ADVISORY  WRITE 7047 fe:00:2148550 0 EOF
2: FLOCK  ADVISORY  WRITE 812 00:1c:567 0 EOF
2: -> FLOCK  ADVISORY  WRITE 900 00:1c:567 0 EOF
3: FLOCK  ADVISORY  READ  901 00:1c:568 0 EOF
4: POSIX  ADVISORY  WRITE 902 00:1c:569 0 EOF
5: OFDLCK ADVISORY  WRITE -1 00:1c:570 0 EOF
6: FLOCK  ADVISORY  WRITE 903 103:12345:571 0 EOF
`
  test.each([
    ['a disk', 0xfe_00n, 2_148_550n, true],
    ['in memory', 0x1cn, 567n, true],
    ['a device with large numbers', 0x1231_0345n, 571n, true],
    ['another device', 0xfd_00n, 2_148_550n, false],
    ['another file', 0x1cn, 1567n, false],
    ['only somebody who looks', 0x1cn, 568n, false],
    ['a lock of another kind', 0x1cn, 569n, false],
    ['a lock on a part of a file', 0x1cn, 570n, false],
  ])('%s', (_, device, inode, isThere) => {
    expect(tellsOfLock(table, { device, inode })).toBe(isThere)
  })
})
