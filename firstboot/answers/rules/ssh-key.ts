import { createHash } from 'node:crypto'
import { KeyBlob } from './ssh-blob.ts'

/** A public key of OpenSSH, taken apart. */
export interface SshKey {
  /** As in `ssh-ed25519`. */
  readonly type: string
  readonly bits: number
  /** Whose it is, as its owner wrote it; may be empty. */
  readonly comment: string
  /** As `ssh-keygen -l` prints it: `SHA256:` and base64 without padding. */
  readonly fingerprint: string
  /** The line for authorized_keys. */
  readonly line: string
}

const how = 'Show yours with: cat ~/.ssh/id_ed25519.pub'

/** Words for what is often pasted instead of a public key. */
const otherThings: readonly (readonly [RegExp, string])[] = [
  [
    /PRIVATE KEY-----/,
    `This is a private key, which must never leave your computer. Paste the public one, from the file that ends in .pub. ${how}`,
  ],
  [
    /^PuTTY-User-Key-File-/,
    'This is a key file of PuTTY, with the private key in it. Open it in PuTTYgen and copy the text of the field "Public key for pasting into OpenSSH authorized_keys file".',
  ],
  [
    /BEGIN SSH2 PUBLIC KEY/,
    'This is a public key in the form of PuTTY or SSH2. Turn it into one line with "ssh-keygen -i -f FILE" first.',
  ],
  [/-----BEGIN CERTIFICATE/, `This is a certificate of a website, not an SSH key. ${how}`],
  [/-----BEGIN /, `This is a key in another form than SSH uses. Paste the one line of the public key. ${how}`],
  [/^(SHA256|MD5):/, `This is only the fingerprint of a key. Paste the key itself. ${how}`],
  [
    /^(gh|github|lp|gl):|^https?:/i,
    'This is an address, not a key. Open https://github.com/NAME.keys in a browser, and paste one line of it.',
  ],
  [/-cert-v\d+@openssh\.com(\s|$)/, `This is an SSH certificate. Paste the public key it was made for. ${how}`],
  [/^AAAA[A-Za-z0-9+/]/, 'The beginning of the key is missing. Copy the whole line, with its type in front.'],
  [
    /^((~|\.{0,2}|[A-Za-z]:)[/\\]\S*|\S+\.(pub|pem|ppk|key)|id_(rsa|dsa|ecdsa|ed25519)\S*)$/,
    'This is the name of a file. Open the file with a text editor, and paste what is in it.',
  ],
]

// What must follow the type inside a key, and the bits it then has; 0 where it does not follow.
const types: Readonly<Record<string, (blob: KeyBlob) => number>> = {
  'ssh-ed25519': blob => (blob.has(32) ? 256 : 0),
  'sk-ssh-ed25519@openssh.com': blob => (blob.has(32) && blob.hasSome() ? 256 : 0),
  'ecdsa-sha2-nistp256': blob => (blob.hasWord('nistp256') && blob.hasPoint(65) ? 256 : 0),
  'ecdsa-sha2-nistp384': blob => (blob.hasWord('nistp384') && blob.hasPoint(97) ? 384 : 0),
  'ecdsa-sha2-nistp521': blob => (blob.hasWord('nistp521') && blob.hasPoint(133) ? 521 : 0),
  'sk-ecdsa-sha2-nistp256@openssh.com': blob =>
    blob.hasWord('nistp256') && blob.hasPoint(65) && blob.hasSome() ? 256 : 0,
  // The exponent, then the modulus.
  'ssh-rsa': blob => (blob.bits() > 1 ? blob.bits() : 0),
}

const broken = 'The key is cut off or damaged. Copy the whole line again, from its type to its end.'

/**
 * Reads a public key and really takes its base64 apart, by RFC 4253 §6.6, RFC 5656, RFC 8709 and PROTOCOL.u2f of
 * OpenSSH. Gives the key, or a sentence with what was pasted instead.
 */
export function readSshKey(text: string): { readonly key: SshKey } | { readonly fault: string } {
  if (text === '') return { fault: `The SSH key is missing. ${how}` }
  const other = otherThings.find(([pattern]) => pattern.test(text))
  if (other !== undefined) return { fault: other[1] }
  if (/[\r\n]/.test(text))
    return {
      fault:
        text.split(/[\r\n]+/).filter(line => /^(ssh|ecdsa|sk)-/.test(line)).length > 1
          ? 'These are several keys. Add them one after the other.'
          : 'A public key is one line, this is several. Copy it again without line breaks.',
    }
  const [type = '', base64 = '', ...rest] = text.split(/[ \t]+/)
  if (type === 'ssh-dss')
    return { fault: 'This is a DSA key, which SSH no longer accepts. Make a new one with: ssh-keygen -t ed25519' }
  const bitsOf = Object.hasOwn(types, type) ? types[type] : undefined
  if (bitsOf === undefined) {
    return {
      fault: / (ssh-|ecdsa-|sk-)\S+ AAAA/.test(text)
        ? 'There are options in front of the key. Leave them out: begin with its type, as in ssh-ed25519.'
        : `This is not a public SSH key. It is one line that begins with ssh-ed25519, ecdsa-sha2, sk- or ssh-rsa. ${how}`,
    }
  }
  if (/\p{Cc}/u.test(text.replaceAll('\t', ' '))) return { fault: broken }
  if (!/^AAAA[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) return { fault: broken }
  const bytes = Buffer.from(base64, 'base64')
  const blob = new KeyBlob(bytes)
  const inside = blob.text()
  if (inside !== type)
    return {
      fault:
        inside !== null && Object.hasOwn(types, inside)
          ? 'The type in front is not that of the key behind it. Copy the whole line again.'
          : broken,
    }
  const bits = bitsOf(blob)
  if (bits === 0 || !blob.atEnd()) return { fault: broken }
  if (type === 'ssh-rsa' && bits < 2048)
    return { fault: `This RSA key has ${bits} bits, too few to be safe. Make a new key with: ssh-keygen -t ed25519` }
  const comment = rest.join(' ')
  const fingerprint = `SHA256:${createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '')}`
  return { key: { type, bits, comment, fingerprint, line: [type, base64, ...rest].join(' ') } }
}

/** A public key of OpenSSH, in one line. */
export function sshKeyFault(text: string): string | null {
  const read = readSshKey(text)
  return 'fault' in read ? read.fault : null
}

/** The name of a person at GitHub, who gives out public keys at https://github.com/NAME.keys. */
export function githubNameFault(text: string): string | null {
  if (text === '') return 'The name is missing. It is the one behind github.com/ in your profile.'
  if (/[/:@]/.test(text)) return 'Type only the name, which is behind github.com/ in your profile.'
  return /^[A-Za-z0-9](-?[A-Za-z0-9]){0,38}$/.test(text)
    ? null
    : 'A name at GitHub has only letters, digits and single hyphens, at most 39 of them.'
}
