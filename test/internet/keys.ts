import { generateKeyPairSync } from 'node:crypto'

/** A pair of keys as WireGuard writes them: 32 bytes each, in base64. */
export function wireguardKeys(): { readonly privateKey: string; readonly publicKey: string } {
  const { d, x } = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' })
  const base64 = (text = ''): string => Buffer.from(text, 'base64url').toString('base64')
  return { privateKey: base64(d), publicKey: base64(x) }
}
