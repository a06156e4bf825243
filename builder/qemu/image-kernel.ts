import { open } from 'node:fs/promises'
import { UserError } from '../shared/errors.ts'
import { run } from '../shared/run.ts'

const SECTOR = 512

// Type GUIDs as they lie on the disk: the first three fields with their bytes swapped.
const TYPES = { esp: '28732ac11ff8d211ba4b00a0c93ec93b', config: 'a2a0d0ebe5b9334487c068b6b72699c7' } as const

/** Where the first partition of a type starts, in bytes, read from the first 34 sectors of a disk with a GPT. Pure. */
export function findPartition(start: Buffer, type: keyof typeof TYPES): number | undefined {
  if (start.toString('latin1', SECTOR, SECTOR + 8) !== 'EFI PART') return undefined
  const entries = Number(start.readBigUInt64LE(SECTOR + 72)) * SECTOR
  const count = start.readUInt32LE(SECTOR + 80)
  const size = start.readUInt32LE(SECTOR + 84)
  for (let at = entries; at < entries + count * size && at + size <= start.length; at += size) {
    if (start.toString('hex', at, at + 16) === TYPES[type]) return Number(start.readBigUInt64LE(at + 32)) * SECTOR
  }
  return undefined
}

/** A partition of an image as mtools names it; throws `UserError` when the image has none of that type. */
export async function mtoolsDrive(image: string, type: keyof typeof TYPES): Promise<string> {
  const start = Buffer.alloc(34 * SECTOR)
  const file = await open(image)
  try {
    await file.read(start, 0, start.length, 0)
  } finally {
    await file.close()
  }
  const offset = findPartition(start, type)
  if (offset !== undefined) return `${image}@@${offset}`
  throw new UserError(`${image} is no disk image of the media server.`, 'Build it again with "npm run image".')
}

/** Copies the kernel of the live system out of an image, without mounting it. */
export async function copyKernel(image: string, target: string): Promise<void> {
  await run({ argv: ['mcopy', '-n', '-i', await mtoolsDrive(image, 'esp'), '::/live/vmlinuz', target] })
}
