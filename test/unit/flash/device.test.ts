import { mkdtemp, readFile, writeFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { accessFaults } from '../../../builder/flash/access.ts'
import { consentWord, type Device, refusals } from '../../../builder/flash/device.ts'
import { writeImage } from '../../../builder/flash/write-image.ts'

const stick: Device = {
  path: '/dev/sdb',
  type: 'disk',
  size: 32e9,
  model: 'Ultra Fit',
  serial: '4C530001',
  tran: 'usb',
  hotplug: true,
  ro: false,
  mountpoints: [null],
}
const messages = (device: Device, bytes = 1e9) => refusals(device, bytes, false).map(error => error.message)

describe('which disks an image may be written to', () => {
  it('takes a stick that nothing uses', () => {
    expect(messages(stick)).toEqual([])
    expect(consentWord(stick)).toBe('0001')
  })

  it('asks for the path where a disk has no serial', () => {
    expect(consentWord({ ...stick, serial: null })).toBe('/dev/sdb')
  })

  it('names every reason at once', () => {
    const wrong: Device = {
      ...stick,
      type: 'part',
      tran: 'nvme',
      hotplug: false,
      ro: true,
      size: 5,
      children: [{ ...stick, path: '/dev/sdb1', mountpoints: ['/home'] }],
    }
    expect(messages(wrong)).toEqual([
      '/dev/sdb is a part, not a whole disk.',
      '/dev/sdb is built in (nvme), not a stick.',
      '/dev/sdb is write-protected.',
      '/dev/sdb is in use: /home.',
      '/dev/sdb holds 5 bytes, the image needs 1000000000.',
    ])
  })

  it('takes a built-in disk only when told to', () => {
    expect(refusals({ ...stick, tran: 'sata', hotplug: false }, 1, true)).toEqual([])
  })
})

describe('a disk that only root may write to', () => {
  const args = ['--any-disk', 'out/a.img', '/dev/sdb']
  const refuse = (code: string) => async () => {
    throw Object.assign(new Error(code), { code })
  }

  it('is told with the command that may', async () => {
    expect(await accessFaults('/dev/sdb', args, refuse('EACCES'))).toMatchObject([
      {
        message: 'You may not write to /dev/sdb: only root may.',
        mend: 'Run: sudo npm run flash -- --any-disk out/a.img /dev/sdb',
      },
    ])
  })

  it('is not what is wrong with one that broke, nor with one that is open to this user', async () => {
    await expect(accessFaults('/dev/sdb', args, refuse('EIO'))).rejects.toThrow('EIO')
    expect(await accessFaults('/dev/null', args)).toEqual([])
  })
})

describe('writing', () => {
  it('writes the used blocks, leaves the others alone, and notices a stick that lies', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flash-'))
    try {
      const [image, disk] = [join(folder, 'image'), join(folder, 'disk')]
      const block = 4 * 1024 * 1024
      await writeFile(image, Buffer.concat([Buffer.alloc(block, 1), Buffer.alloc(block), Buffer.alloc(100, 3)]))
      await writeFile(disk, Buffer.alloc(3 * block, 9))
      expect(
        await writeImage(
          image,
          disk,
          async () => {},
          new AbortController().signal,
          () => undefined,
        ),
      ).toBe(block + 100)
      const after = await readFile(disk)
      expect([after[0], after[block], after[2 * block], after[2 * block + 100]]).toEqual([1, 9, 3, 9])
      await expect(
        writeImage(
          image,
          disk,
          () => writeFile(disk, Buffer.alloc(3 * block, 9)),
          new AbortController().signal,
          () => undefined,
        ),
      ).rejects.toThrow('gave other bytes back')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
