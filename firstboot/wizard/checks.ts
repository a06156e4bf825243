import type { Secret } from '../answers/secret.ts'

/** A live check: what is looked up in the world while the person goes on. */
export type CheckRequest =
  | { readonly id: 'internet' }
  | { readonly id: 'address'; readonly interface: string; readonly address: string }
  | { readonly id: 'vpn'; readonly token: Secret }
  | { readonly id: 'countries' }
  | { readonly id: 'domain'; readonly name: string }
  | { readonly id: 'github'; readonly name: string }

export type CheckId = CheckRequest['id']

/** What a check found. `unknown` is not a fault of the answer: the check could not be made. */
export interface CheckResult {
  readonly verdict: 'good' | 'bad' | 'unknown'
  /** One or two sentences, without a secret in them. */
  readonly words: string
  /** What the check brought along: SSH keys, or countries. */
  readonly found?: readonly string[]
}

/** A check that runs or has ended. `run` tells a late answer to an old question from the one that is awaited. */
export interface CheckState {
  readonly run: number
  /** Null while it is looked up. */
  readonly result: CheckResult | null
}

/** All checks that were begun; one that is missing was not begun, or what it was about has changed since. */
export type Checks = Readonly<Partial<Record<CheckId, CheckState>>>

/** Which check is out of date once a field is typed anew. */
export const checkOf: Readonly<Record<string, CheckId>> = {
  network: 'address',
  interface: 'address',
  address: 'address',
  vpn: 'vpn',
  'vpn.token': 'vpn',
  'domain.name': 'domain',
  domain: 'domain',
  github: 'github',
}

const doing: Readonly<Record<CheckId, string>> = {
  internet: 'checking whether the internet can be reached …',
  address: 'checking whether another device has this address …',
  vpn: 'asking NordVPN whether the token is good …',
  countries: 'asking NordVPN for its countries …',
  domain: 'looking the domain up …',
  github: 'asking GitHub for the keys …',
}

const marks = { good: 'ok: ', bad: 'wrong: ', unknown: '' } as const

/** A check in words; null when it was not begun. */
export function checkWords(checks: Checks, id: CheckId): string | null {
  const check = checks[id]
  if (check === undefined) return null
  return check.result === null ? doing[id] : marks[check.result.verdict] + check.result.words
}
