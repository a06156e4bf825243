/** Where every name of the test internet leads to. */
export const WEB = '198.51.100.10'

/**
 * Where others download from and upload to. Not {@link WEB}: libtorrent ties each socket that listens to the device of its
 * address, and that one is on the loopback device, where nothing from outside comes in.
 */
export const PEER = '203.0.113.1'

/** Who serves owners of domains: their name server, their DNS provider, and the authority that signs for them. */
export const DOMAIN_SERVICES = '203.0.113.80'

/** The port where plex.tv answers without encryption as well. */
export const PLAIN_PLEX_TV = 8088

/** The names in the log of dnsmasq, as they were asked. */
export const namesAsked = (lines: readonly string[]): string[] =>
  lines.flatMap(line => /query\[[^\]]+\] (\S+) from /.exec(line)?.[1] ?? [])

/** The container registry, where there is one. */
export const REGISTRY = '203.0.113.81'
