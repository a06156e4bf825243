const tokenLength = 64

/** 32 bytes in base64, as `wg genkey` prints them. */
export const looksLikeWireguardKey = (text: string): boolean => /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(text)

/** 64 hexadecimal digits, as NordVPN gives them out. */
export const looksLikeToken = (text: string): boolean => /^[0-9a-fA-F]{64}$/.test(text)

const where = 'Copy it again from my.nordaccount.com: NordVPN, Manual setup, Access token.'

/** An access token of NordVPN. Its length is not documented; every token that was ever shown in public has it. */
export function tokenFault(text: string): string | null {
  if (text === '') return `The token is missing. ${where}`
  if (looksLikeToken(text)) return null
  if (looksLikeWireguardKey(text))
    return 'This is a WireGuard key, not an access token. It can be used as well: give it as the WireGuard key.'
  if (text.includes('@')) return `This is an e-mail address. The token is not your login. ${where}`
  if (/[^0-9a-fA-F]/.test(text)) return `A token has only the digits 0 to 9 and the letters a to f. ${where}`
  return `A token has ${tokenLength} characters, this has ${text.length}. ${where}`
}

/** A private key of WireGuard. */
export function wireguardKeyFault(text: string): string | null {
  if (text === '') return 'The WireGuard key is missing. It is the text behind "PrivateKey =" in a WireGuard file.'
  if (/^A{43}=$/.test(text)) return 'This key is empty: it is all zeros. Copy the real one.'
  if (looksLikeWireguardKey(text)) return null
  if (looksLikeToken(text))
    return 'This is an access token of NordVPN, not a WireGuard key. It can be used as well: give it as the token.'
  if (/\[Interface\]|PrivateKey\s*=/i.test(text))
    return 'This is a WireGuard file. Paste only the text behind "PrivateKey =", 44 characters that end with =.'
  if (/[^A-Za-z0-9+/=]/.test(text)) return 'A WireGuard key has only letters, digits, + and /, and ends with =.'
  if (text.length !== 44)
    return `A WireGuard key has 44 characters with the = at its end, this has ${text.length}. Copy the whole key.`
  return 'This is not a WireGuard key: 44 characters, but they do not stand for 32 bytes. Copy the whole key.'
}

/** A country by its English name; empty for the nearest server. NordVPN's list can only be asked later. */
export function vpnCountryFault(text: string): string | null {
  if (text === '') return null
  if (/^[A-Za-z]{2}$/.test(text)) return 'Write the country by its English name, as in Sweden, not by two letters.'
  if (!/^\p{L}[\p{L}'.() &-]{2,59}$/u.test(text)) return 'Write the country by its English name, as in Sweden.'
  return null
}
