import { createHash } from 'node:crypto'

type Bencoded = number | Buffer | string | Bencoded[] | { [key: string]: Bencoded }

function encode(value: Bencoded): Buffer {
  if (typeof value === 'number') return Buffer.from(`i${value}e`)
  if (typeof value === 'string') return encode(Buffer.from(value))
  if (Buffer.isBuffer(value)) return Buffer.concat([Buffer.from(`${value.length}:`), value])
  if (Array.isArray(value)) return Buffer.concat([Buffer.from('l'), ...value.map(encode), Buffer.from('e')])
  const members = Object.keys(value).sort()
  return Buffer.concat([
    Buffer.from('d'),
    ...members.flatMap(key => [encode(key), encode(value[key] ?? '')]),
    Buffer.from('e'),
  ])
}

const PIECE = 65_536

/** A torrent of one file, see BEP 3. */
export function makeTorrent(name: string, content: Buffer): Buffer {
  const pieces: Buffer[] = []
  for (let at = 0; at < content.length; at += PIECE)
    pieces.push(
      createHash('sha1')
        .update(content.subarray(at, at + PIECE))
        .digest(),
    )
  return encode({ info: { length: content.length, name, 'piece length': PIECE, pieces: Buffer.concat(pieces) } })
}
