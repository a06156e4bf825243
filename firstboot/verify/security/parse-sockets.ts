/** A program that waits for others, as ss(8) lists it. */
export interface Listening {
  readonly protocol: 'tcp' | 'udp'
  readonly address: string
  readonly port: number
  /** Names of programs, cut off after 15 letters by the kernel; empty when it is the kernel itself. */
  readonly programs: readonly string[]
}

/** How ss is asked. */
export const ssArguments = ['ss', '--tcp', '--udp', '--listening', '--numeric', '--processes', '--no-header'] as const

/** What it prints; lines that make no sense are left out. Pure. */
export function parseSockets(output: string): Listening[] {
  return output.split('\n').flatMap(row => {
    const [protocol, , , , local = ''] = row.trim().split(/\s+/)
    if (protocol !== 'tcp' && protocol !== 'udp') return []
    const [, address = '', port = ''] = /^(.*):(\d+)$/.exec(local) ?? []
    if (port === '') return []
    const programs = [...row.matchAll(/\("([^"]*)",pid=/g)].map(match => match[1] ?? '')
    return [{ protocol, address: plain(address), port: Number(port), programs: [...new Set(programs)] }]
  })
}

const plain = (address: string): string => address.replace(/^\[(.*?)\](%.*)?$/, '$1').replace(/%.*$/, '')

/** Whether an address is this machine alone. */
export const isLoopback = (address: string): boolean =>
  address.startsWith('127.') || address === '::1' || address.startsWith('::ffff:127.')

/** A port of a container that Docker opens on this machine. */
export interface Published {
  readonly container: string
  readonly address: string
  readonly protocol: 'tcp' | 'udp'
  readonly first: number
  readonly last: number
}

/** How Docker is asked. */
export const dockerArguments = ['docker', 'ps', '--no-trunc', '--format', '{{.Names}}\t{{.Ports}}'] as const

/** What it prints: `sonarr<tab>0.0.0.0:8989->8989/tcp, [::]:8989->8989/tcp`. Ports that are only exposed are left out. Pure. */
export function parsePublished(output: string): Published[] {
  return output.split('\n').flatMap(row => {
    const [container = '', ports = ''] = row.split('\t')
    return ports.split(', ').flatMap(text => {
      const [, address = '', first = '', last, protocol] =
        /^(.+):(\d+)(?:-(\d+))?->[\d-]+\/(tcp|udp)$/.exec(text.trim()) ?? []
      if (first === '' || (protocol !== 'tcp' && protocol !== 'udp')) return []
      return [{ container, address: plain(address), protocol, first: Number(first), last: Number(last ?? first) }]
    })
  })
}
