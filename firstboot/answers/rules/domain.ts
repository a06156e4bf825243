import { domainToASCII } from 'node:url'

// Ends that no certificate authority signs: RFC 6761, RFC 6762 appendix G, RFC 7686, RFC 8375 and what routers use.
const privateEnds =
  /(^|\.)(local|lan|home|internal|intranet|corp|private|localdomain|localhost|test|invalid|onion|home\.arpa|fritz\.box)$/

/** A domain in the form that DNS has it (A-labels, small letters), or a sentence with what is wrong. */
export function readDomain(text: string): { readonly name: string } | { readonly fault: string } {
  if (text === '') return { fault: 'The domain is missing. Type one, for instance films.example.com.' }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { fault: 'Type only the name, without https:// in front.' }
  if (text.includes('@')) return { fault: 'This is an e-mail address. Type only what is behind the @.' }
  if (/[/?#\\]/.test(text)) return { fault: 'Type only the name, without a slash and what follows it.' }
  if (/^\[|^[0-9a-f]*:[0-9a-f]*:/i.test(text) || /^[0-9.]+$/.test(text))
    return { fault: 'This is an address. A certificate needs a name, for instance films.example.com.' }
  if (text.includes(':')) return { fault: 'Type only the name, without a colon and the port behind it.' }
  if (/\s/.test(text)) return { fault: 'A domain cannot have spaces.' }
  if (text.includes('*')) return { fault: 'Type the name without *; the names below it are made from it.' }
  if (text.includes('_')) return { fault: 'A domain cannot have an underscore.' }
  if (/^[.\u3002]|\.$|[.\u3002]{2}/.test(text)) return { fault: 'There is a dot too many. Take it out.' }
  const name = domainToASCII(text).toLowerCase()
  const labels = name.split('.')
  if (name === '' || !labels.every(label => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(label)))
    return { fault: 'A domain has only letters, digits, hyphens and dots, and no part begins or ends with a hyphen.' }
  if (labels.some(label => label.length > 63)) return { fault: 'A part of a domain has at most 63 characters.' }
  if (name.length > 253) return { fault: 'A domain has at most 253 characters.' }
  if (labels.length < 2)
    return { fault: 'A domain has at least two parts with a dot between them, for instance example.com.' }
  if (privateEnds.test(name))
    return { fault: 'This name works at home only, and nobody signs a certificate for it. Use a domain that you own.' }
  if (/^[0-9]/.test(labels.at(-1) ?? '')) return { fault: 'The last part of a domain does not begin with a digit.' }
  return { name }
}

/** A domain that the world can reach and a certificate authority signs. */
export function domainFault(text: string): string | null {
  const read = readDomain(text)
  return 'fault' in read ? read.fault : null
}

/** An e-mail address that a certificate authority accepts. */
export function emailFault(text: string): string | null {
  if (text === '') return 'The e-mail address is missing. The certificate authority wants one.'
  const parts = text.split('@')
  const [local = '', domain = ''] = parts
  if (parts.length === 1) return 'An e-mail address has an @ in it.'
  if (parts.length > 2) return 'An e-mail address has only one @. Type one address.'
  if (local === '') return 'The part in front of the @ is missing.'
  if (!/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/.test(local) || /^\.|\.$|\.\./.test(local))
    return 'The part in front of the @ is not possible in an e-mail address. Look for a space or a wrong character.'
  if (domainFault(domain) !== null)
    return 'The part behind the @ is not a domain, which looks like example.com. Correct it.'
  return null
}
