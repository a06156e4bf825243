import type { Finding } from '../check.ts'
import { failed, passed, warned } from '../finding.ts'
import type { Presented, Visit } from './visit.ts'

const DAY = 86_400_000

/** What was found at each name. */
export type Visits = readonly { readonly name: string; readonly visit: Visit }[]

// Caddy renews when a third is left; when a sixth is left, it has failed many times.
const LEAST_LEFT = 1 / 6

const daysLeft = ({ until }: Presented, now: number): number => Math.floor((until - now) / DAY)
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** Whether every name shows a certificate that browsers believe, and for how long. `now` in Unix milliseconds. Pure. */
export function judgeCertificates(visits: Visits, now: number): Finding {
  const detail = visits.map(({ name, visit }) => `${name}: ${wordsOf(visit, now)}`)
  for (const { name, visit } of visits) {
    if ('unreachable' in visit) {
      const trouble = visit.tls ? 'domain-no-certificate' : 'domain-silent'
      return failed(trouble, `${name} cannot be opened on this machine: ${visit.unreachable}.`, detail)
    }
    const { from, until, fault, names } = visit.certificate
    if (Number.isNaN(from) || Number.isNaN(until))
      return failed('domain-no-certificate', `${name} shows a certificate that cannot be read.`, detail)
    if (now > until)
      return failed('domain-certificate-expired', `The certificate of ${name} has expired on ${dayOf(until)}.`, detail)
    if (now < from)
      return failed('domain-certificate-early', `The certificate of ${name} begins only on ${dayOf(from)}.`, detail)
    if (!names.some(each => covers(each, name)))
      return failed(
        'domain-certificate-foreign',
        `${name} shows a certificate for ${names.join(', ') || 'nobody'}.`,
        detail,
      )
    if (fault !== '')
      return failed('domain-certificate-foreign', `No browser believes the certificate of ${name} (${fault}).`, detail)
  }
  const certificates = visits.flatMap(({ name, visit }) =>
    'unreachable' in visit ? [] : [{ name, certificate: visit.certificate }],
  )
  const [first] = certificates.toSorted((one, other) => one.certificate.until - other.certificate.until)
  if (first === undefined) return failed('domain-silent', 'No name was looked at.')
  const leftOf = ({ certificate }: typeof first): string =>
    `${daysLeft(certificate, now)} days left, until ${dayOf(certificate.until)}`
  // Each by its own span: one that is good for hours and fresh ends before one that was not renewed for weeks.
  const old = certificates.find(({ certificate: { from, until } }) => until - now < (until - from) * LEAST_LEFT)
  if (old !== undefined)
    return warned('domain-certificate-old', `The certificate of ${old.name} is not renewed: ${leftOf(old)}.`, detail)
  const names = certificates.map(({ name }) => name).join(', ')
  return passed(
    `${names}: certificates of ${first.certificate.issuer || 'an unnamed authority'}, ${leftOf(first)}.`,
    detail,
  )
}

/** Whether a name of a certificate, which may begin with `*.`, stands for this name. */
const covers = (pattern: string, name: string): boolean =>
  pattern.toLowerCase() === name.toLowerCase() ||
  (pattern.startsWith('*.') && name.slice(name.indexOf('.')).toLowerCase() === pattern.slice(1).toLowerCase())

function wordsOf(visit: Visit, now: number): string {
  if ('unreachable' in visit) return visit.unreachable
  const { names, issuer, fault, until } = visit.certificate
  const trusted = fault === '' ? 'believed' : `not believed (${fault})`
  const end = Number.isNaN(until) ? 'unreadable' : `${daysLeft(visit.certificate, now)} days left`
  return `for ${names.join(', ')}, of ${issuer || 'nobody'}, ${trusted}, ${end}`
}
