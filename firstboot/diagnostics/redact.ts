import type { Secret } from '../answers/secret.ts'

/** Takes everything out of a text that must not leave the machine. */
export type Redact = (text: string) => string

const redacted = '[redacted]'

// Shorter ones would tear holes into unrelated words, and are no secrets.
const leastLength = 4

/**
 * Makes a redactor that knows some secrets by their value, in the forms in which programs write them: as they are, in
 * JSON, in a URL, in hexadecimal, and in base64 with anything before them. What merely looks like a secret goes too.
 */
export function redactor(secrets: readonly Secret[]): Redact {
  const forms = new Set(secrets.flatMap(secret => formsOf(secret.reveal())))
  // The longest first, or a part of one would be left over from another.
  const known = [...forms].filter(form => form.length >= leastLength).sort((a, b) => b.length - a.length)
  const values = known.length === 0 ? null : new RegExp(known.map(escapeRegExp).join('|'), 'gi')
  return text =>
    patterns.reduce(
      (now, [shape, put]) => now.replace(shape, put),
      values === null ? text : text.replace(values, redacted),
    )
}

function formsOf(value: string): string[] {
  if (value.length < leastLength) return []
  const json = JSON.stringify(value).slice(1, -1)
  const url = encodeURIComponent(value)
  return [
    value,
    json,
    // Everything that is not a letter or a digit, as other encoders do it.
    url,
    url.replaceAll('%20', '+'),
    value.replaceAll(/[^A-Za-z0-9]/g, char => [...Buffer.from(char)].map(byte => `%${hex(byte)}`).join('')),
    Buffer.from(value).toString('hex'),
    ...base64Forms(value),
    ...value.split('\n').filter(line => line.length >= 8),
  ]
}

const hex = (byte: number) => byte.toString(16).padStart(2, '0')

/** The characters of base64 that only this value decides, for each of the three places where it can begin. */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value)
  return [0, 1, 2].flatMap(before => {
    const all = Buffer.concat([Buffer.alloc(before), bytes])
    const from = before === 0 ? 0 : before + 1
    const to = Math.floor((all.length * 8) / 6)
    const sure = all.toString('base64').slice(from, to)
    return [sure, sure.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

const escapeRegExp = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

const keyWords =
  'pass(?:word|wd|phrase)?|psk|pwd|(?:access|auth|claim|api)?[_-]?token|secret|api[_-]?key|private[_-]?key|preshared[_-]?key|credentials?'
const patterns: readonly (readonly [RegExp, string])[] = [
  // A block that was cut off ends with the text.
  [/-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|CERTIFICATE)[A-Z ]*-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, redacted],
  [/\b(authorization\s*[:=]\s*["']?(?:basic|bearer|token|digest)?\s*)[^\s"']+/gi, `$1${redacted}`],
  [
    new RegExp(
      `((?:${keyWords})["']?\\s*[=:]\\s*)(?!\\[redacted)("(?:[^"\\\\]|\\\\.)*"|'[^']*'|[^\\s,;&"'\\])}]+)`,
      'gi',
    ),
    `$1${redacted}`,
  ],
  // What a person gave a program on its command line.
  [new RegExp(`(--?(?:${keyWords})[ =])\\S+`, 'gi'), `$1${redacted}`],
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@]*:)[^\s/@]+@/gi, `$1${redacted}@`],
  [/\bclaim-[A-Za-z0-9_-]{8,}/g, redacted],
  // crypt(5): $y$, $6$ and their like.
  [/\$(?:y|gy|7|2[abxy]|6|5|1)\$[./A-Za-z0-9$=,]{16,}/g, redacted],
  // NordVPN's access tokens; a digest says what it is.
  [/(?<!sha256:)(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/gi, redacted],
  // WireGuard's keys.
  [/(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])/g, redacted],
]
