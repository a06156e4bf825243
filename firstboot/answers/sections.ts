import type { DomainAnswer, NetworkAnswer } from './answers.ts'
import { addressFault, dnsFault, gatewayFault, interfaceFault } from './rules/address.ts'
import { findProvider, type Provider, providerDomainFault, providerFault } from './rules/ddns.ts'
import { domainFault, emailFault } from './rules/domain.ts'
import { didYouMean } from '../text/nearest.ts'

// Answers of several fields: each field by its rule, and then what only shows when they are seen together.

/** A fault of one answer: the field of it, by the name that it has in a file, and a sentence. */
export interface FieldFault {
  readonly field: readonly PropertyKey[]
  readonly words: string
}

const at = (words: string | null, ...field: PropertyKey[]): FieldFault[] => (words === null ? [] : [{ field, words }])

/** Faults of how the wired network gets its address. */
export function networkFaults(network: NetworkAnswer): FieldFault[] {
  if (network.mode === 'dhcp') return []
  const address = addressFault(network.address)
  return [
    ...at(interfaceFault(network.interface), 'interface'),
    ...at(address, 'address'),
    ...at(gatewayFault(network.gateway, address === null ? network.address : undefined), 'gateway'),
    ...(network.dns.length === 0 ? at(dnsFault(''), 'dns') : []),
    ...network.dns.flatMap((server, index) => at(dnsFault(server), 'dns', index)),
  ]
}

/** Faults of a domain and of the credentials that its provider wants. Values of credentials are never repeated. */
export function domainFaults(domain: DomainAnswer): FieldFault[] {
  const name = domainFault(domain.name)
  const provider = findProvider(domain.provider)
  const own = [
    ...at(name, 'name'),
    ...at(providerFault(domain.provider), 'provider'),
    ...at(emailFault(domain.email), 'email'),
  ]
  if (provider === undefined) return own
  return [
    ...own,
    ...(name === null ? at(providerDomainFault(provider, domain.name), 'name') : []),
    ...Object.keys(domain.credentials).flatMap(key => at(credentialNameFault(provider, key), 'credentials')),
    ...provider.fields.flatMap(field => {
      const value = Object.hasOwn(domain.credentials, field.name) ? domain.credentials[field.name] : undefined
      return value === undefined && !field.required
        ? []
        : at(field.rule(value?.reveal() ?? ''), 'credentials', field.name)
    }),
  ]
}

/** Whether a provider wants a credential of this name. */
export function credentialNameFault(provider: Provider, name: string): string | null {
  const names = provider.fields.map(field => field.name)
  if (names.includes(name)) return null
  const meant = didYouMean(name, names)
  return `${provider.title} has no credential of this name${meant === '' ? `. It wants: ${names.join(', ')}.` : meant}`
}
