import { createHash } from 'node:crypto'

/** What a torrent and the answers of a tracker are made of, see BEP 3. */
export type Bencoded = number | Buffer | string | Bencoded[] | { [key: string]: Bencoded }

/** A value as BEP 3 writes it. */
export function bencode(value: Bencoded): Buffer {
  if (typeof value === 'number') return Buffer.from(`i${value}e`)
  if (typeof value === 'string') return bencode(Buffer.from(value))
  if (Buffer.isBuffer(value)) return Buffer.concat([Buffer.from(`${value.length}:`), value])
  if (Array.isArray(value)) return Buffer.concat([Buffer.from('l'), ...value.map(bencode), Buffer.from('e')])
  const members = Object.keys(value).sort()
  return Buffer.concat([
    Buffer.from('d'),
    ...members.flatMap(key => [bencode(key), bencode(value[key] ?? '')]),
    Buffer.from('e'),
  ])
}

const PIECE = 65_536

/** A torrent of one file, see BEP 3; `announce` is the address of a tracker. */
export function makeTorrent(name: string, content: Buffer, announce?: string): Buffer {
  const pieces: Buffer[] = []
  for (let at = 0; at < content.length; at += PIECE)
    pieces.push(
      createHash('sha1')
        .update(content.subarray(at, at + PIECE))
        .digest(),
    )
  return bencode({
    ...(announce === undefined ? {} : { announce }),
    info: { length: content.length, name, 'piece length': PIECE, pieces: Buffer.concat(pieces) },
  })
}
