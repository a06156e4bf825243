import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { Running, Space } from './space.ts'

/** One packet as it was on the wire; addresses are empty where its kind has none. */
export interface Packet {
  /** Unix time in seconds. */
  readonly at: number
  readonly kind: 'arp' | 'ipv4' | 'ipv6' | 'other'
  readonly source: string
  readonly destination: string
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'other'
  /** 0 where there is none. */
  readonly sourcePort: number
  readonly port: number
  /** Of "cannot be delivered" (RFC 792, type 3): from which port of UDP the packet came that is refused so. 0 for all others. */
  readonly refuses: number
}

const ICMP = 1
const UDP = 17
const UNREACHABLE = 3
const PROTOCOLS: Readonly<Record<number, Packet['protocol']>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmp' }

const ipv4 = (bytes: Buffer): string => [...bytes].join('.')
const ipv6 = (bytes: Buffer): string =>
  Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16)).join(':')

const HEADER = 24
const RECORD = 16
const ETHERNET = 1

/** Every packet of a capture, whoever sent it, in the form of pcap-savefile(5) with Ethernet frames. */
export function parseCapture(file: Buffer): Packet[] {
  if (file.length < HEADER) return []
  if (file.readUInt32LE(0) !== 0xa1b2c3d4 || file.readUInt32LE(20) !== ETHERNET)
    throw new Error('This is not a capture of Ethernet frames.')
  const packets: Packet[] = []
  let at = HEADER
  while (at + RECORD <= file.length) {
    const length = file.readUInt32LE(at + 8)
    const frame = file.subarray(at + RECORD, at + RECORD + length)
    // The last one may still be being written.
    if (frame.length < length) break
    packets.push({ at: file.readUInt32LE(at) + file.readUInt32LE(at + 4) / 1e6, ...parseFrame(frame) })
    at += RECORD + length
  }
  return packets
}

function parseFrame(frame: Buffer): Omit<Packet, 'at'> {
  const nothing = { source: '', destination: '', protocol: 'other', sourcePort: 0, port: 0, refuses: 0 } as const
  const type = frame.length < 14 ? 0 : frame.readUInt16BE(12)
  const body = frame.subarray(14)
  if (type === 0x0806 && body.length >= 28)
    return { ...nothing, kind: 'arp', source: ipv4(body.subarray(14, 18)), destination: ipv4(body.subarray(24, 28)) }
  if (type === 0x0800 && body.length >= 20) {
    const header = (body.readUInt8(0) & 0xf) * 4
    const addresses = { source: ipv4(body.subarray(12, 16)), destination: ipv4(body.subarray(16, 20)) }
    // A later piece of a packet has no ports of its own.
    const first = (body.readUInt16BE(6) & 0x1fff) === 0
    return { kind: 'ipv4', ...addresses, ...transport(body.readUInt8(9), first ? body.subarray(header) : null) }
  }
  if (type === 0x86dd && body.length >= 40) {
    const addresses = { source: ipv6(body.subarray(8, 24)), destination: ipv6(body.subarray(24, 40)) }
    return { kind: 'ipv6', ...addresses, ...transport(body.readUInt8(6), body.subarray(40)) }
  }
  return { ...nothing, kind: 'other' }
}

function transport(number: number, body: Buffer | null): Omit<Packet, 'at' | 'kind' | 'source' | 'destination'> {
  const protocol = PROTOCOLS[number] ?? 'other'
  const ports = (protocol === 'tcp' || protocol === 'udp') && body !== null && body.length >= 4
  const [sourcePort, port] = ports ? [body.readUInt16BE(0), body.readUInt16BE(2)] : [0, 0]
  return { protocol, sourcePort, port, refuses: number === ICMP && body !== null ? refusedPort(body) : 0 }
}

// What is refused is quoted: its whole header, and at least eight bytes more.
function refusedPort(body: Buffer): number {
  const quoted = body.subarray(8)
  if (body.length < 8 + 28 || body.readUInt8(0) !== UNREACHABLE || quoted.readUInt8(9) !== UDP) return 0
  return transport(UDP, quoted.subarray((quoted.readUInt8(0) & 0xf) * 4)).sourcePort
}

/** A packet in words, for messages: what came from where. */
export const packetWords = ({ kind, protocol, source, sourcePort, destination, port }: Packet): string =>
  `${kind}/${protocol} ${source}${sourcePort === 0 ? '' : `:${sourcePort}`} > ${destination}${port === 0 ? '' : `:${port}`}`

/** Packets that no rule allows. There is no list of guilty senders: whatever is not allowed counts, whoever sent it. */
export const leaked = (packets: readonly Packet[], allowed: (packet: Packet) => boolean): Packet[] =>
  packets.filter(packet => !allowed(packet))

// Without room, each packet takes room for the largest one, and a burst of a few dozen is lost before anybody reads it: headers
// and what is quoted in a refusal are enough, and there are 32 MiB for them.
const LOST = /(\d+) packets? dropped by kernel/
const ROOM = ['-s', '256', '-B', '32768']

/** Everything that passes one interface of a space, written down as it comes. */
export class Capture {
  readonly #file: string
  readonly #tcpdump: Running

  private constructor(file: string, tcpdump: Running) {
    this.#file = file
    this.#tcpdump = tcpdump
  }

  /** Begins; `direction` as of the interface: `in` is what came to it from the cable. */
  static async start(space: Space, device: string, file: string, direction: 'in' | 'inout' = 'in'): Promise<Capture> {
    const argv = [
      'tcpdump',
      '-i',
      device,
      '-Q',
      direction,
      '-n',
      '-U',
      '-Z',
      'root',
      '--immediate-mode',
      ...ROOM,
      '-w',
      file,
    ]
    const tcpdump = space.start(argv)
    await tcpdump.waitFor(/listening on/)
    return new Capture(file, tcpdump)
  }

  /** Every packet since the beginning, or since a moment that `now` gave; throws when the kernel lost any. */
  async packets(since = 0): Promise<Packet[]> {
    await this.#settle()
    return parseCapture(await readFile(this.#file)).filter(packet => packet.at >= since)
  }

  /** A moment to count from, by the clock of the packets. */
  now(): number {
    return Date.now() / 1000
  }

  /** Sends a signal to what writes the packets down. */
  signal(name: NodeJS.Signals): void {
    this.#tcpdump.signal(name)
  }

  async stop(): Promise<void> {
    await this.#settle()
    await this.#tcpdump.stop()
  }

  // tcpdump writes a packet down a little after it passed: what it has is complete when nothing more comes.
  async #settle(): Promise<void> {
    let before = -1
    for (;;) {
      const { length } = await readFile(this.#file).catch(() => Buffer.alloc(0))
      if (length === before) break
      before = length
      await delay(250)
    }
    await this.#nothingLost()
  }

  // tcpdump counts what the kernel had no room for, and says so when it gets this signal (tcpdump(8)).
  async #nothingLost(): Promise<void> {
    const counted = () => this.#tcpdump.lines.filter(line => LOST.test(line))
    const before = counted().length
    this.#tcpdump.signal('SIGUSR1')
    for (let patience = 100; counted().length === before; patience--) {
      if (patience === 0)
        throw new Error('tcpdump does not say whether packets were lost: a judgement would be a guess.')
      await delay(50)
    }
    const lost = LOST.exec(counted().at(-1) ?? '')?.[1]
    if (lost !== '0') throw new Error(`The capture is not whole: ${lost} packets were lost.`)
  }
}
