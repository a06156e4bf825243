/** An IPv4 address as a number, or null for anything else. */
export function ipv4(text: string): number | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (match === null) return null
  const bytes = match.slice(1)
  if (bytes.some(byte => Number(byte) > 255 || (byte.length > 1 && byte.startsWith('0')))) return null
  return bytes.reduce((sum, byte) => sum * 256 + Number(byte), 0)
}

/** Whether a text is an IPv6 address. */
export const isIpv6 = (text: string): boolean => /^[0-9a-fA-F:.]+$/.test(text) && URL.canParse(`http://[${text}]/`)

interface Subnet {
  readonly host: number
  readonly network: number
  readonly broadcast: number
}

function readSubnet(text: string): Subnet | null {
  const [address = '', prefix = ''] = text.split('/')
  const host = ipv4(address)
  if (host === null || !/^(8|9|[12]\d|30)$/.test(prefix)) return null
  const size = 2 ** (32 - Number(prefix))
  const network = Math.floor(host / size) * size
  return { host, network, broadcast: network + size - 1 }
}

function prefixOfMask(mask: string): number | null {
  const value = ipv4(mask)
  if (value === null) return null
  const bits = value.toString(2).padStart(32, '0')
  return /^1+0+$/.test(bits) ? bits.indexOf('0') : null
}

const first = (address: number): number => Math.floor(address / 2 ** 24)

/** Addresses that no machine in a home network has: this host, loopback, link-local, multicast and reserved. */
const cannotBeHost = (address: number): boolean =>
  first(address) === 0 ||
  first(address) === 127 ||
  first(address) >= 224 ||
  Math.floor(address / 2 ** 16) === 169 * 256 + 254

/** A fixed IPv4 address with its prefix length. */
export function addressFault(text: string): string | null {
  if (text === '') return 'The address is missing. Type one with its prefix length, for instance 192.168.1.20/24.'
  const [address = '', prefix, ...more] = text.split('/')
  if (isIpv6(address)) return 'Type an IPv4 address, for instance 192.168.1.20/24; IPv6 sets itself up.'
  const host = ipv4(address)
  if (host === null) return 'This is not an address. It looks like 192.168.1.20/24: four numbers up to 255.'
  if (prefix === undefined) return 'The prefix length is missing. In most homes it is /24, as in 192.168.1.20/24.'
  const fromMask = prefixOfMask(prefix)
  if (fromMask !== null) return `Write the netmask as a prefix length: /${fromMask} behind the address.`
  if (more.length > 0 || !/^\d{1,2}$/.test(prefix) || Number(prefix) > 32)
    return 'What is behind the slash is not a prefix length. In most homes it is /24.'
  if (Number(prefix) < 8 || Number(prefix) > 30)
    return 'A home network has a prefix length from /8 to /30. In most homes it is /24.'
  if (cannotBeHost(host)) return "No machine can have this address. Choose one from your router's network."
  const subnet = readSubnet(text)
  if (subnet?.host === subnet?.network)
    return 'This is the address of the network itself. Choose another one, for instance the next higher.'
  if (subnet?.host === subnet?.broadcast)
    return 'This address reaches all machines of the network at once. Choose another one, for instance the next lower.'
  return null
}

/** The address of the router; `address` is the machine's own with its prefix length, if that is known to be good. */
export function gatewayFault(text: string, address?: string): string | null {
  if (text === '') return 'The gateway is missing. It is the address of your router, for instance 192.168.1.1.'
  if (text.includes('/')) return 'Type the gateway without a prefix length.'
  const gateway = ipv4(text)
  if (gateway === null || cannotBeHost(gateway))
    return 'This is not the address of a router, which looks like 192.168.1.1.'
  const subnet = address === undefined ? null : readSubnet(address)
  if (subnet === null) return null
  if (gateway < subnet.network || gateway > subnet.broadcast)
    return "The gateway is not in the network of the address above. Compare both with your router's settings."
  if (gateway === subnet.host) return 'The gateway is the same as the address above. It must be that of your router.'
  if (gateway === subnet.network || gateway === subnet.broadcast)
    return "No machine can have this address, so it is not the gateway. Look it up in your router's settings."
  return null
}

/** The address of one DNS server. */
export function dnsFault(text: string): string | null {
  if (text === '') return "The DNS server is missing. Your router's address often does, for instance 192.168.1.1."
  const address = ipv4(text)
  if (isIpv6(text)) return null
  if (address === null) return 'A DNS server is given by its address, not by its name: four numbers up to 255.'
  return first(address) === 0 || first(address) >= 224 ? 'No DNS server can have this address.' : null
}

/** The name of a network interface (IFNAMSIZ of Linux). */
export function interfaceFault(text: string): string | null {
  if (text === '') return 'The network interface is missing. The first screen shows its name, for instance enp1s0.'
  return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/.test(text)
    ? null
    : 'This is not the name of a network interface. The first screen shows it, for instance enp1s0.'
}
