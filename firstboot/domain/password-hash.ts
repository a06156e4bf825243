import { randomBytes } from 'node:crypto'
import type { Secret } from '../answers/secret.ts'
import type { Site } from '../changes/change.ts'
import { ChangeFailure } from '../apply/failure.ts'

const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
// About 50 ms on a small processor. A page of Sonarr asks dozens of times, and the password is random.
const COST = '10'

/** A salt for bcrypt: 16 bytes in its own kind of base64. */
export function bcryptSalt(bytes: Uint8Array = randomBytes(16)): string {
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  return (bits.padEnd(132, '0').match(/.{6}/g) ?? []).map(six => ALPHABET[Number.parseInt(six, 2)]).join('')
}

/**
 * Hashes a password as Caddy takes it. crypt(3) of Debian and Ubuntu knows bcrypt, and perl, which every system of them
 * has, asks it; the password goes by standard input, where no list of processes shows it.
 */
export async function hashPassword(password: Secret, site: Pick<Site, 'attempt'>): Promise<string> {
  const program = 'my ($word, $salt) = <STDIN>; chomp($word, $salt); print crypt($word, $salt) // "", "\\n"'
  const input = `${password.reveal()}\n$2b$${COST}$${bcryptSalt()}\n`
  const { code, stdout } = await site.attempt(['perl', '-e', program], { input, quiet: true })
  const hash = stdout.trim()
  if (code === 0 && /^\$2b\$10\$[./A-Za-z0-9]{53}$/.test(hash)) return hash
  throw new ChangeFailure(
    'The password for the domain could not be hashed.',
    'Is perl there? Try again; if it happens again, save a report.',
  )
}
