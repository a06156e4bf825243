import { createHash } from 'node:crypto'

/** The end of the value that begins at a place. Throws for what is not bencoded. */
function endOf(bytes: Buffer, at: number): number {
  const kind = String.fromCharCode(bytes[at] ?? 0)
  if (kind === 'i') return bytes.indexOf('e', at) + 1
  if (kind === 'l' || kind === 'd') {
    let place = at + 1
    while (bytes[place] !== 0x65) place = endOf(bytes, place)
    return place + 1
  }
  const colon = bytes.indexOf(':', at)
  const length = Number(bytes.subarray(at, colon).toString('latin1'))
  if (colon < 0 || !Number.isInteger(length)) throw new Error('not a torrent')
  return colon + 1 + length
}

/** What a torrent is known by: sha1 of its part `info`, see BEP 3. Throws for what is no torrent. */
export function infoHash(torrent: Buffer): string {
  if (torrent[0] !== 0x64) throw new Error('not a torrent')
  let place = 1
  while (place < torrent.length && torrent[place] !== 0x65) {
    const keyEnd = endOf(torrent, place)
    const key = torrent.subarray(torrent.indexOf(':', place) + 1, keyEnd).toString('latin1')
    const valueEnd = endOf(torrent, keyEnd)
    if (key === 'info') return createHash('sha1').update(torrent.subarray(keyEnd, valueEnd)).digest('hex')
    place = valueEnd
  }
  throw new Error('not a torrent')
}
