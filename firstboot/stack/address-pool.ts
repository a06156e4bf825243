/** A range of IPv4 addresses: the first one as a number, and the length of the prefix. */
interface Range {
  readonly first: number
  readonly length: number
}

/** The range of a text such as `192.168.1.20/24`; without a prefix it is one address. Null for anything else. */
function parseRange(text: string): Range | null {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(text)
  if (match === null) return null
  const [a = 0, b = 0, c = 0, d = 0] = match.slice(1, 5).map(Number)
  const length = match[5] === undefined ? 32 : Number(match[5])
  if ([a, b, c, d].some(part => part > 255) || length > 32) return null
  const size = 2 ** (32 - length)
  const address = ((a * 256 + b) * 256 + c) * 256 + d
  return { first: address - (address % size), length }
}

function overlap(one: Range, other: Range): boolean {
  const end = ({ first, length }: Range) => first + 2 ** (32 - length)
  return one.first < end(other) && other.first < end(one)
}

// Private ranges (RFC 1918) that few home networks use; 10.5.0.0/16 is that of the tunnel.
const CANDIDATES = [
  '172.30.0.0/16',
  '10.213.0.0/16',
  '192.168.224.0/19',
  '172.21.0.0/16',
  '10.87.0.0/16',
  '172.26.0.0/16',
]

/**
 * The addresses for the networks of containers: `present` if they may stay, else the first that meets none of `taken`
 * (addresses with or without a prefix length). Null when everything is taken. Pure.
 */
export function choosePool(taken: readonly string[], present: string | null): string | null {
  const used = taken.map(parseRange).filter(range => range !== null)
  const isFree = (candidate: string) => {
    const range = parseRange(candidate)
    // A default route is no network of its own.
    return range !== null && !used.some(each => each.length > 0 && overlap(range, each))
  }
  return [...(present === null ? [] : [present]), ...CANDIDATES].find(isFree) ?? null
}
