import { readFile } from 'node:fs/promises'
import type { Authority } from '../internet/authority.ts'

/** Below Caddy's data: where it keeps what the usual authority has signed for a name, without the ending. */
export const storedCertificate = (name: string): string =>
  `caddy/certificates/acme-v02.api.letsencrypt.org-directory/${name}/${name}`

const DAY = 86_400_000

/** What Caddy has of a name for which it got a certificate of 90 days, and no other since: this many are left, or less than none. */
export async function neverRenewed(
  authority: Authority,
  name: string,
  daysLeft: number,
): Promise<{ readonly crt: string; readonly key: string }> {
  const until = new Date(Date.now() + daysLeft * DAY)
  const { certificate, key } = await authority.issue([name], { from: new Date(until.getTime() - 90 * DAY), until })
  return { crt: await readFile(certificate, 'utf8'), key: await readFile(key, 'utf8') }
}
