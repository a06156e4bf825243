import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { UserError } from '../shared/errors.ts'

const CHUNK = 4 * 1024 * 1024

/** How far writing is, in bytes of the image. */
export type OnProgress = (doing: 'writing' | 'comparing', done: number, total: number) => void

/**
 * Writes the used blocks of an image to a disk and reads them back; blocks of zeroes are left out, since nothing reads them.
 * `forgetCache` runs in between, so that the disk is read and not memory. Throws `UserError` at the first block that differs.
 */
export async function writeImage(
  image: string,
  device: string,
  forgetCache: () => Promise<void>,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<number> {
  await using source = await open(image, 'r')
  const { size } = await source.stat()
  const [buffer, readBack, zeroes] = [Buffer.alloc(CHUNK), Buffer.alloc(CHUNK), Buffer.alloc(CHUNK)]
  let written = 0
  const eachUsed = async (
    visit: (chunk: Buffer, position: number) => Promise<void>,
    doing: 'writing' | 'comparing',
  ) => {
    for (let position = 0; position < size; position += CHUNK) {
      signal.throwIfAborted()
      const { bytesRead } = await source.read(buffer, 0, CHUNK, position)
      const chunk = buffer.subarray(0, bytesRead)
      if (!chunk.equals(zeroes.subarray(0, bytesRead))) await visit(chunk, position)
      onProgress(doing, position + bytesRead, size)
    }
  }
  {
    // O_EXCL on a block device fails while anything has it mounted, see open(2).
    await using target = await open(device, constants.O_WRONLY | constants.O_EXCL)
    await eachUsed(async (chunk, position) => {
      await target.write(chunk, 0, chunk.length, position)
      written += chunk.length
    }, 'writing')
    await target.sync()
  }
  await forgetCache()
  await using target = await open(device, 'r')
  await eachUsed(async (chunk, position) => {
    await target.read(readBack, 0, chunk.length, position)
    if (!chunk.equals(readBack.subarray(0, chunk.length))) {
      throw new UserError(
        `${device} gave other bytes back than were written, at ${Math.round(position / 1024 / 1024)} MiB.`,
        'The stick is failing or not as large as it claims: take another one.',
      )
    }
  }, 'comparing')
  return written
}
