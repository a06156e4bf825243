import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { applyLockPath } from '../../../firstboot/apply/places.ts'
import { isApplying } from '../../../firstboot/is-applying.ts'
import { openRoot } from '../../../firstboot/root.ts'

describe('somebody who applies answers is seen', () => {
  let folder = ''
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  const seen = () => isApplying(openRoot(folder))
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'applying-'))
  })
  afterEach(async () => await rm(folder, { recursive: true }))

  test('when it is the unit', async () => {
    const group = '/sys/fs/cgroup/system.slice/mediaserver-apply.service/cgroup.events'
    await write(group, 'populated 1\n')
    expect(seen()).toBe(true)
    await write(group, 'populated 0\n')
    expect(seen()).toBe(false)
  })

  test('when somebody has typed it: no unit runs then', async () => {
    await write(applyLockPath, '')
    const { dev, ino } = await stat(join(folder, applyLockPath))
    // Written as the kernel writes it, see makedev(3).
    const device = `${((dev >> 8) & 0xfff).toString(16)}:${((dev & 0xff) | ((dev >> 12) & 0xfff00)).toString(16)}`
    await write('/proc/locks', `1: FLOCK  ADVISORY  WRITE 77 ${device}:${ino} 0 EOF\n`)
    expect(seen()).toBe(true)
    await write('/proc/locks', '')
    expect(seen()).toBe(false)
  })
})
