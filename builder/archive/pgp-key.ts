import { createHash } from 'node:crypto'
import { UserError } from '../shared/errors.ts'

const BEGIN = '-----BEGIN PGP PUBLIC KEY BLOCK-----'
const END = '-----END PGP PUBLIC KEY BLOCK-----'

/** The bytes of an armoured key (RFC 9580 §6). */
function dearmor(text: string): Buffer {
  const body = text
    .slice(text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END))
    .replace(/\r/g, '')
    // Headers end with an empty line; the checksum is a line of its own.
    .replace(/^[\s\S]*?\n[ \t]*\n/, '')
    .replace(/^=.{4}$/m, '')
  return Buffer.from(body, 'base64')
}

/** The first packet: its type and its body (RFC 9580 §4.2). */
function firstPacket(bytes: Buffer): { tag: number; body: Buffer } | undefined {
  const head = bytes[0] ?? 0
  if ((head & 0x80) === 0) return undefined
  const [one = 0, two = 0] = [bytes[1], bytes[2]]
  if ((head & 0x40) === 0) {
    const kind = head & 3
    if (kind === 3) return undefined
    const width = 1 << kind
    const length = bytes.readUIntBE(1, width)
    return { tag: (head >> 2) & 15, body: bytes.subarray(1 + width, 1 + width + length) }
  }
  const [start, length] =
    one < 192 ? [2, one] : one < 224 ? [3, ((one - 192) << 8) + two + 192] : [6, bytes.readUInt32BE(2)]
  return { tag: head & 63, body: bytes.subarray(start, start + length) }
}

/**
 * The fingerprint of the one OpenPGP key in an armoured text, in capital letters (version 4, RFC 9580 §5.5.4.2).
 * Throws `UserError` for anything else, several keys in one text included: apt would trust them all.
 */
export function fingerprintOf(armoured: string): string {
  const fault = (what: string) => new UserError(`This is not one OpenPGP key: ${what}.`)
  if (armoured.split(BEGIN).length !== 2 || armoured.split(END).length !== 2)
    throw fault('it has not one block of text')
  const bytes = dearmor(armoured)
  const primaries = packetTags(bytes).filter(tag => tag === 6).length
  const packet = bytes.length < 6 ? undefined : firstPacket(bytes)
  if (packet === undefined || packet.tag !== 6) throw fault('it does not begin with a public key')
  if (packet.body[0] !== 4) throw fault(`it is of version ${packet.body[0]}, and only version 4 is known here`)
  if (primaries !== 1) throw fault(`there are ${primaries} keys in it`)
  const { body } = packet
  const frame = Buffer.from([0x99, body.length >> 8, body.length & 255])
  return createHash('sha1').update(frame).update(body).digest('hex').toUpperCase()
}

function packetTags(bytes: Buffer): number[] {
  const tags: number[] = []
  let rest = bytes
  while (rest.length > 5) {
    const packet = firstPacket(rest)
    if (packet === undefined) break
    tags.push(packet.tag)
    rest = rest.subarray(packet.body.byteOffset - rest.byteOffset + packet.body.length)
  }
  return tags
}
