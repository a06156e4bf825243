import type { DomainAnswer } from '../answers/answers.ts'
import { findProvider } from '../answers/rules/ddns.ts'
import { domainNames } from './names.ts'

/**
 * The settings of ddns-updater (docs/*.md of qdm12/ddns-updater): an entry for each name, since some providers take one at
 * a time. The answers were checked against the fields of their provider; other fields are left out. Throws for a provider
 * that is not known. Pure, but the text holds secrets.
 */
export function renderDdnsConfig({ name, provider: id, credentials }: DomainAnswer): string {
  const provider = findProvider(id)
  if (provider === undefined) throw new Error(`There is no DNS provider ${id}.`)
  const secrets = Object.fromEntries(
    provider.fields.flatMap(field => {
      const value = credentials[field.name]?.reveal() ?? ''
      return value === '' ? [] : [[field.name, value]]
    }),
  )
  const { apex, guarded } = domainNames({ name })
  // A provider with names of its own answers for everything below each of them.
  const names = provider.domainEnd === undefined ? [apex, ...guarded.map(each => each.name)] : [apex]
  const settings = names.map(domain => ({
    provider: id,
    domain,
    // Ports are passed on by the router for IPv4; an address of version 6 that leads nowhere would be tried first.
    ip_version: 'ipv4',
    ...provider.fixed,
    ...secrets,
  }))
  return `${JSON.stringify({ settings }, null, 2)}\n`
}
