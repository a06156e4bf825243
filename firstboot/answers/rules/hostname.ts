// Names that a system has already; see hosts(5) and nss-myhostname(8).
const taken = ['localhost', 'ip6-localhost', 'ip6-loopback', 'broadcasthost', 'local', 'gateway']

/** A name in the network, by RFC 1123 and in small letters: it becomes `NAME.local` as well. */
export function hostnameFault(text: string): string | null {
  if (text === '') return 'The host name is missing. Type one, for instance mediaserver.'
  if (text.includes('_')) return 'A host name cannot have an underscore. Use a hyphen instead.'
  if (/\s/.test(text)) return 'A host name cannot have spaces. Use hyphens instead.'
  if (text.includes('.'))
    return 'A host name has no dots. Type only its first part; a domain of your own is another question.'
  if (/[A-Z]/.test(text)) return 'Use small letters only.'
  if (!/^[a-z0-9-]+$/.test(text)) return 'A host name has only the letters a to z, digits and hyphens.'
  if (text.startsWith('-') || text.endsWith('-')) return 'A host name cannot begin or end with a hyphen. Take it off.'
  if (text.length > 63) return `A host name has at most 63 characters, this has ${text.length}. Make it shorter.`
  if (/^[0-9]+$/.test(text)) return 'A host name of digits alone looks like an address. Add a letter.'
  if (taken.includes(text)) return 'This name stands for something else on every computer. Choose another one.'
  return null
}
