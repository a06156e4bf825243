/** What of a base decides where its packages come from. */
export interface Origin {
  readonly family: 'debian' | 'ubuntu'
  readonly suite: string
  readonly components: readonly string[]
}

/** Archive roots that the text of mmdebstrap names as its defaults; the last part of the address tells which is which. */
function addressIn(mmdebstrap: string, archive: string): string | undefined {
  return [...mmdebstrap.matchAll(/'(https?:\/\/[^'\s]+)'/g)]
    .map(match => match[1] ?? '')
    .find(address => new URL(address).pathname.replace(/\/$/, '') === `/${archive}`)
}

/**
 * The lines of sources.list to give to mmdebstrap; undefined where its own choice is right.
 * An older mmdebstrap takes an unknown Ubuntu suite for one of Debian's, and a mirror that is named comes without updates
 * and security, so both are written out here. `override` is an address, or whole lines, which are taken as they are.
 */
export function sourceLines(origin: Origin, mmdebstrap: string, override?: string): string[] | undefined {
  const { family, suite } = origin
  const components = origin.components.join(' ')
  if (override !== undefined && /^deb\s/.test(override)) return override.split('\n').filter(line => line.trim() !== '')
  if (family === 'debian') {
    if (override === undefined) return undefined
    const security = addressIn(mmdebstrap, 'debian-security')
    const pockets =
      suite === 'testing'
        ? []
        : [
            `deb ${override} ${suite}-updates ${components}`,
            ...(security === undefined ? [] : [`deb ${security} ${suite}-security ${components}`]),
          ]
    return [`deb ${override} ${suite} ${components}`, ...pockets]
  }
  const root = override ?? addressIn(mmdebstrap, 'ubuntu')
  return root === undefined
    ? undefined
    : ['', '-updates', '-security'].map(pocket => `deb ${root} ${suite}${pocket} ${components}`)
}
