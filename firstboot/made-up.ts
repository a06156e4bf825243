import { randomBytes, randomInt } from 'node:crypto'

// Read from one screen and typed into another: no letters that look alike, or that keyboards have in different places.
const LETTERS = 'abcdefghjkmnpqrstuvwx23456789'

/** A password for people: sixteen random characters in groups of four, about 77 bits. */
export function makePassword(): string {
  const group = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  return [group(), group(), group(), group()].join('-')
}

/** A key for programs: 32 random hexadecimal digits. */
export const makeApiKey = (): string => randomBytes(16).toString('hex')
