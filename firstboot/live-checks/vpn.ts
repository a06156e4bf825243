import type { Secret } from '../answers/secret.ts'
import type { CheckResult } from '../wizard/checks.ts'
import type { Get } from './https.ts'
import { notChecked, parsed } from './results.ts'

// NordVPN's interface is not documented; the addresses and codes are those of its own Linux client.
const api = 'https://api.nordvpn.com/v1'

/** Asks NordVPN whether an access token is good. Nothing of the answer is kept, it holds the tunnel's key. */
export async function checkToken(token: Secret, get: Get): Promise<CheckResult> {
  const basic = Buffer.from(`token:${token.reveal()}`).toString('base64')
  const answer = await get(`${api}/users/services/credentials`, { Authorization: `Basic ${basic}` })
  if ('unreachable' in answer) return notChecked(answer.unreachable)
  if (answer.status === 200) {
    const { nordlynx_private_key: key } = parsed(answer.text) as { nordlynx_private_key?: unknown }
    return typeof key === 'string' && key !== ''
      ? { verdict: 'good', words: 'NordVPN accepts the token.' }
      : { verdict: 'bad', words: 'NordVPN knows the token, but it has no VPN service. Look at your subscription.' }
  }
  if (answer.status === 401 || answer.status === 403) {
    return {
      verdict: 'bad',
      words:
        'NordVPN refused the token: it has expired or was revoked. Make a new one at my.nordaccount.com: NordVPN, Manual setup, Access token.',
    }
  }
  return notChecked(`NordVPN answers with code ${answer.status}, try again later`)
}

/** The countries that NordVPN has servers in, by its own names. */
export async function fetchCountries(get: Get): Promise<CheckResult> {
  const answer = await get(`${api}/servers/countries`)
  if ('unreachable' in answer) return notChecked(answer.unreachable)
  const list = parsed(answer.text)
  const names = Array.isArray(list)
    ? list.flatMap((each: { name?: unknown }) => (typeof each?.name === 'string' ? [each.name] : []))
    : []
  return names.length === 0
    ? notChecked(`NordVPN answers with code ${answer.status}, try again later`)
    : { verdict: 'good', words: `${names.length} countries`, found: names.sort() }
}
