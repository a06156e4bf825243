/** A page that a service shows to browsers. */
export interface ServicePage {
  readonly name: string
  readonly port: number
  /** From the root, as in `/web`; empty for the root itself. */
  readonly path: string
}

/** A page with its addresses: by number, which always works, and by name, which some phones cannot look up. */
export interface Link {
  readonly name: string
  readonly byNumber: string | null
  readonly byName: string
}

/** The address to show first: IPv4 where there is one; null without any. */
export function bestAddress(addresses: readonly string[]): string | null {
  return addresses.find(address => !address.includes(':')) ?? addresses[0] ?? null
}

/** The addresses of pages on this machine. `hostname` has no domain. */
export function linksOf(pages: readonly ServicePage[], hostname: string, addresses: readonly string[]): Link[] {
  const best = bestAddress(addresses)
  const url = (host: string, { port, path }: ServicePage) =>
    `http://${host.includes(':') ? `[${host}]` : host}${port === 80 ? '' : `:${port}`}${path}`
  return pages.map(page => ({
    name: page.name,
    byNumber: best === null ? null : url(best, page),
    byName: url(`${hostname}.local`, page),
  }))
}
