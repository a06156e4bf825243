import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { imageUnderTest } from '../../support/image.ts'

const folder = mkdtempSync(join(tmpdir(), 'image-under-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the image under test', () => {
  it('is asked for in a sentence when there is none', async () => {
    await expect(imageUnderTest(folder, {})).rejects.toThrow('There is no image to test')
    await expect(imageUnderTest(folder, { MEDIASERVER_IMAGE: '/nowhere.img' })).rejects.toThrow(
      '/nowhere.img, which is no file',
    )
  })

  it('is the newest one of Debian 13', async () => {
    for (const [name, time] of [
      ['a-debian-13.img', 2],
      ['b-debian-13.img', 1],
      ['ubuntu-26.04.img', 3],
    ] as const) {
      writeFileSync(join(folder, name), '')
      utimesSync(join(folder, name), time, time)
    }
    expect(await imageUnderTest(folder, {})).toBe(join(folder, 'a-debian-13.img'))
  })
})
