import type { Finding } from '../check.ts'
import { failed, passed, warned } from '../finding.ts'

/** A name with the IPv4 addresses that it stands for; null when no name server could be asked. */
export interface Resolved {
  readonly name: string
  readonly addresses: readonly string[] | null
}

/** Whether every name leads to this home, whose IPv4 address may not be known. Pure. */
export function judgeNames(found: readonly Resolved[], home: string | null): Finding {
  const detail = found.map(
    ({ name, addresses }) => `${name}: ${addresses?.join(', ') || (addresses === null ? 'not known' : 'none')}`,
  )
  const silent = found.find(({ addresses }) => addresses === null)
  if (silent !== undefined) return failed('domain-unknown', `Nobody could be asked where ${silent.name} leads.`, detail)
  const lost = found.find(({ addresses }) => addresses?.length === 0)
  if (lost !== undefined)
    return failed('domain-no-address', `${lost.name} leads nowhere: no name server knows it.`, detail)
  const names = found.map(({ name }) => name).join(', ')
  const [first] = found
  if (home === null)
    return warned(
      'domain-home-unknown',
      `${names}: ${first?.addresses?.join(', ')}; the address of this home is not known.`,
      detail,
    )
  const wrong = found.find(({ addresses }) => addresses?.includes(home) !== true)
  if (wrong !== undefined)
    return failed(
      'domain-elsewhere',
      `${wrong.name} leads to ${wrong.addresses?.join(', ')}, and this home is ${home}.`,
      detail,
    )
  const more = found.find(({ addresses }) => (addresses?.length ?? 0) > 1)
  if (more !== undefined)
    return warned(
      'domain-elsewhere',
      `${more.name} leads to this home (${home}), and elsewhere too: ${more.addresses?.join(', ')}.`,
      detail,
    )
  return passed(`${names} lead to this home (${home}).`, detail)
}
