import { PNG } from 'pngjs'

/** A picture of a screen, three bytes a pixel. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly pixels: Buffer
}

/** Reads the binary PPM that QEMU writes. */
export function parsePpm(bytes: Buffer): Picture {
  const header = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 64).toString('latin1'))
  if (header === null) throw new Error('QEMU wrote a picture that is no PPM.')
  return { width: Number(header[1]), height: Number(header[2]), pixels: bytes.subarray(header[0].length) }
}

/** The picture as a PNG file. */
export function toPng(picture: Picture): Buffer {
  const png = new PNG({ width: picture.width, height: picture.height, colorType: 2 })
  for (let index = 0; index < picture.width * picture.height; index++) {
    picture.pixels.copy(png.data, index * 4, index * 3, index * 3 + 3)
    png.data[index * 4 + 3] = 255
  }
  return PNG.sync.write(png, { colorType: 2 })
}

/** How much of a picture is painted: its most frequent colour is the background. */
export interface Paint {
  readonly colours: number
  readonly paintedPixels: number
  /** Height of the rows that hold something, from the first to the last, as a part of the whole. */
  readonly paintedHeight: number
}

/** Measures whether a screen shows anything, and over how much of its height. */
export function measurePaint(picture: Picture): Paint {
  const { width, height, pixels } = picture
  const colourAt = (index: number) =>
    (pixels[index * 3]! << 16) | (pixels[index * 3 + 1]! << 8) | pixels[index * 3 + 2]!
  const total = width * height
  const counts = new Map<number, number>()
  // Most of a screen is long runs of one colour; counting runs is many times faster than counting pixels.
  for (let start = 0, end = 0; start < total; start = end) {
    const colour = colourAt(start)
    while (end < total && colourAt(end) === colour) end++
    counts.set(colour, (counts.get(colour) ?? 0) + end - start)
  }
  const [background] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most), [0, 0])
  let first = 0
  while (first < total && colourAt(first) === background) first++
  let last = total - 1
  while (last >= first && colourAt(last) === background) last--
  const rows = first === total ? 0 : Math.floor(last / width) - Math.floor(first / width) + 1
  return { colours: counts.size, paintedPixels: total - (counts.get(background) ?? 0), paintedHeight: rows / height }
}
