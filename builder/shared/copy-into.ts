import { open, type FileHandle } from 'node:fs/promises'

const CHUNK = 4 * 1024 * 1024
const ZEROES = Buffer.alloc(CHUNK)

// A nearly full disk takes a part of a write and says so only by its return value; the next one is refused.
async function writeWhole(to: FileHandle, chunk: Uint8Array, start: number): Promise<void> {
  for (let written = 0; written < chunk.length;) {
    written += (await to.write(chunk, written, chunk.length - written, start + written)).bytesWritten
  }
}

/** Copies a file to a place inside another that is all zeroes there; runs of zeroes are left as holes. */
export async function copyInto(
  from: string,
  to: FileHandle,
  start: number,
  signal: AbortSignal,
  onBytes: (n: number) => void,
): Promise<void> {
  await using source = await open(from, 'r')
  const buffer = Buffer.alloc(CHUNK)
  for (let position = 0; ;) {
    signal.throwIfAborted()
    const { bytesRead } = await source.read(buffer, 0, CHUNK, position)
    if (bytesRead === 0) return
    const chunk = buffer.subarray(0, bytesRead)
    if (!chunk.equals(ZEROES.subarray(0, bytesRead))) await writeWhole(to, chunk, start + position)
    position += bytesRead
    onBytes(bytesRead)
  }
}
