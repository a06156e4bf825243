import { open } from 'node:fs/promises'
import { UserError } from '../shared/errors.ts'
import { run } from '../shared/run.ts'

const SECTOR = 512
const ESP_TYPE = '28732ac11ff8d211ba4b00a0c93ec93b'

/** Where the EFI system partition starts, in bytes, read from the first 34 sectors of a disk with a GPT. Pure. */
export function findEspOffset(start: Buffer): number | undefined {
  if (start.toString('latin1', SECTOR, SECTOR + 8) !== 'EFI PART') return undefined
  const entries = Number(start.readBigUInt64LE(SECTOR + 72)) * SECTOR
  const count = start.readUInt32LE(SECTOR + 80)
  const size = start.readUInt32LE(SECTOR + 84)
  for (let at = entries; at < entries + count * size && at + size <= start.length; at += size) {
    if (start.toString('hex', at, at + 16) === ESP_TYPE) return Number(start.readBigUInt64LE(at + 32)) * SECTOR
  }
  return undefined
}

/** Copies the kernel of the live system out of an image, without mounting it. */
export async function copyKernel(image: string, target: string): Promise<void> {
  const start = Buffer.alloc(34 * SECTOR)
  const file = await open(image)
  try {
    await file.read(start, 0, start.length, 0)
  } finally {
    await file.close()
  }
  const offset = findEspOffset(start)
  if (offset === undefined)
    throw new UserError(
      `${image} is no disk image with an EFI system partition.`,
      'Build it again with "npm run image".',
    )
  await run({ argv: ['mcopy', '-n', '-i', `${image}@@${offset}`, '::/live/vmlinuz', target] })
}
