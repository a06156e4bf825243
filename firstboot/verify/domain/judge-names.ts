import type { Finding } from '../check.ts'
import { failed, passed, warned } from '../finding.ts'

/** A name with the IPv4 addresses that it stands for; null when no name server could be asked. */
export interface Resolved {
  readonly name: string
  readonly addresses: readonly string[] | null
  /** What the name servers of the domain itself say; null when that was not asked, or nobody answered. */
  readonly outside?: readonly string[] | null
}

const isPrivate = (address: string): boolean => /^(10|192\.168|172\.(1[6-9]|2\d|3[01])|127)\./.test(address)

/** Whether a name leads into a home network only: its own name server knows better than the rest of the world. */
const isLocal = ({ addresses }: Resolved): boolean =>
  addresses !== null && addresses.length > 0 && addresses.every(isPrivate)

const leadsTo = (home: string, { addresses, outside }: Resolved): boolean =>
  addresses?.includes(home) === true || outside?.includes(home) === true

/**
 * Whether every name leads to this home, whose IPv4 address may not be known. What the name servers nearby say may be old, or
 * meant for this network alone, so those of the domain itself count for the rest of the world. `fresh`: it was well a short
 * while ago, and name servers need their time. Pure.
 */
export function judgeNames(found: readonly Resolved[], home: string | null, fresh = false): Finding {
  const detail = found.map(
    ({ name, addresses, outside }) =>
      `${name}: ${wordsOf(addresses)}${outside === undefined ? '' : `; by the servers of the domain: ${wordsOf(outside)}`}`,
  )
  const bad = fresh ? warned : failed
  const soon = fresh ? ' It was well a short while ago; name servers keep what they knew for a while.' : ''
  const silent = found.find(({ addresses }) => addresses === null)
  if (silent !== undefined) return failed('domain-unknown', `Nobody could be asked where ${silent.name} leads.`, detail)
  const lost = found.find(({ addresses, outside = null }) => addresses?.length === 0 && (outside ?? []).length === 0)
  if (lost !== undefined)
    return bad('domain-no-address', `${lost.name} leads nowhere: no name server knows it.${soon}`, detail)
  const names = found.map(({ name }) => name).join(', ')
  const [first] = found
  if (home === null)
    return warned(
      'domain-home-unknown',
      `${names}: ${wordsOf(first?.addresses ?? null)}; the address of this home is not known.`,
      detail,
    )
  const wrong = found.find(each => !leadsTo(home, each) && !(isLocal(each) && (each.outside ?? null) === null))
  if (wrong !== undefined) {
    const where = wordsOf(isLocal(wrong) ? (wrong.outside ?? null) : wrong.addresses)
    return bad('domain-elsewhere', `${wrong.name} leads to ${where}, and this home is ${home}.${soon}`, detail)
  }
  const inside = found.find(each => !leadsTo(home, each))
  if (inside !== undefined)
    return warned(
      'domain-inside',
      `${inside.name} leads to ${wordsOf(inside.addresses)} in your own network; what the internet is told could not be asked.`,
      detail,
    )
  const old = found.find(each => each.addresses?.includes(home) !== true && !isLocal(each))
  if (old !== undefined)
    return warned(
      'domain-not-everywhere',
      `The servers of the domain lead ${old.name} to this home (${home}); your own name server still says ${wordsOf(old.addresses)}.`,
      detail,
    )
  const more = found.find(each => !isLocal(each) && (each.addresses?.length ?? 0) > 1)
  if (more !== undefined)
    return warned(
      'domain-elsewhere',
      `${more.name} leads to this home (${home}), and elsewhere too: ${more.addresses?.join(', ')}.`,
      detail,
    )
  const local = found.some(isLocal) ? ', and in your own network straight to an address of it' : ''
  return passed(`${names} lead to this home (${home})${local}.`, detail)
}

const wordsOf = (addresses: readonly string[] | null): string =>
  addresses === null ? 'not known' : addresses.join(', ') || 'none'
