/** One file of a tar: its name, how long it is, and its bytes as they come. */
export interface TarFile {
  readonly name: string
  readonly size: number
  readonly bytes: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

const BLOCK = 512
const MAXIMUM = 8 ** 11 - 1

/** The header of a regular file that everybody may read, see ustar in pax(1). Throws for what does not fit into it. Pure. */
export function tarHeader(name: string, size: number): Uint8Array {
  if (Buffer.byteLength(name) > 100 || size > MAXIMUM) throw new RangeError(`${name} does not fit into a tar`)
  const header = Buffer.alloc(BLOCK)
  const octal = (value: number, at: number, length: number) =>
    header.write(value.toString(8).padStart(length - 1, '0'), at, 'ascii')
  header.write(name, 0)
  octal(0o644, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(0, 136, 12)
  header.write('        0', 148, 'ascii')
  header.write('ustar\u000000', 257, 'ascii')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148, 'ascii')
  return header
}

/** Files as one tar, in their order. Throws when one is longer or shorter than it was said to be. */
export async function* tarOf(files: readonly TarFile[]): AsyncGenerator<Uint8Array> {
  for (const { name, size, bytes } of files) {
    yield tarHeader(name, size)
    let sent = 0
    for await (const chunk of bytes()) {
      sent += chunk.length
      yield chunk
    }
    if (sent !== size) throw new Error(`${name} has ${sent} bytes and not ${size}`)
    yield Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)
  }
  yield Buffer.alloc(2 * BLOCK)
}
