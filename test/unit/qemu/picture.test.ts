import { PNG } from 'pngjs'
import { describe, expect, it } from 'vitest'
import { measurePaint, parsePpm, toPng } from '../../../builder/qemu/picture.ts'

/** A black picture with some white pixels. */
function ppm(width: number, height: number, white: readonly number[]): Buffer {
  const pixels = Buffer.alloc(width * height * 3)
  for (const index of white) pixels.fill(255, index * 3, index * 3 + 3)
  return Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), pixels])
}

describe('the picture of a screen', () => {
  it('of one colour has nothing painted', () => {
    expect(measurePaint(parsePpm(ppm(8, 4, [])))).toEqual({ colours: 1, paintedPixels: 0, paintedHeight: 0 })
  })

  it('counts what differs from the background, and the height it spans', () => {
    expect(measurePaint(parsePpm(ppm(8, 4, [0, 17])))).toEqual({ colours: 2, paintedPixels: 2, paintedHeight: 0.75 })
  })

  it('becomes a PNG with the same pixels', () => {
    const png = PNG.sync.read(toPng(parsePpm(ppm(2, 1, [1]))))
    expect([png.width, png.height, ...png.data]).toEqual([2, 1, 0, 0, 0, 255, 255, 255, 255, 255])
  })
})
