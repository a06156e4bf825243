import type { Finding } from '../check.ts'
import { failed, passed, warned } from '../finding.ts'
import type { Visits } from './judge-certificates.ts'
import type { Visit } from './visit.ts'

/** What stands before a program: nothing, its own login alone, something else that asks, or nobody knows what. */
type Guard = 'none' | 'own login' | 'login' | 'strange'

const titleOf = (text: string): string => /<title[^>]*>([^<]*)</i.exec(text)?.[1] ?? ''

// The title of its page, and the object that its script begins with.
const isProgram = (text: string): boolean =>
  /sonarr|radarr/i.test(titleOf(text)) || /window\.(?:Son|Rad)arr\b/.test(text)
const asksPassword = (text: string): boolean =>
  /\btype=["']?password\b/i.test(text) || /\b(?:log|sign)[ -]?in\b/i.test(titleOf(text))

function guardOf(name: string, { status, location, text }: Exclude<Visit, { unreachable: string }>): Guard {
  if (status === 401 || status === 403) return 'login'
  // A login of the person's own, that Caddy asks first (forward_auth), sends to its page, on whatever host.
  if (status >= 300 && status < 400) return otherHost(name, location) === null ? 'strange' : 'login'
  if (status >= 200 && status < 300) {
    if (isProgram(text)) return asksPassword(text) ? 'own login' : 'none'
    return asksPassword(text) ? 'login' : 'strange'
  }
  return 'strange'
}

/** The host that somebody is sent to; null for nowhere, and for the same one, which was gone to. */
function otherHost(name: string, location: string | null): string | null {
  const host = location !== null && URL.canParse(location) ? new URL(location).hostname : ''
  return host === '' || host === name.toLowerCase() ? null : host
}

/** Whether the names behind a password let nobody in who has none. Only a page of the program itself is open. Pure. */
export function judgeGuarded(visits: Visits): Finding {
  const detail = visits.map(
    ({ name, visit }) => `${name}: ${'unreachable' in visit ? visit.unreachable : visit.status}`,
  )
  const seen = visits.flatMap(({ name, visit }) =>
    'unreachable' in visit ? [] : [{ name, visit, guard: guardOf(name, visit) }],
  )
  const open = seen.find(({ guard }) => guard === 'none')
  if (open !== undefined) return failed('domain-open', `${open.name} lets anybody in without a password.`, detail)
  const silent = visits.find(({ visit }) => 'unreachable' in visit)
  if (silent !== undefined && 'unreachable' in silent.visit)
    return failed('domain-silent', `${silent.name} cannot be opened: ${silent.visit.unreachable}.`, detail)
  const strange = seen.find(({ guard }) => guard === 'strange')
  if (strange !== undefined) {
    const { status } = strange.visit
    const words = `${strange.name} answers with code ${status}, and should ask for a password.`
    return status < 400
      ? warned('domain-strange', `${words} What it shows is not known here.`, detail)
      : failed('domain-strange', words, detail)
  }
  const own = seen.find(({ guard }) => guard === 'own login')
  if (own !== undefined)
    return warned('domain-own-login', `Before ${own.name} stands the login of the program alone.`, detail)
  const away = seen.flatMap(({ name, visit }) => {
    const host = otherHost(name, visit.location)
    return host === null ? [] : [`${name} sends to a login at ${host}`]
  })
  const asking = seen.filter(({ name, visit }) => otherHost(name, visit.location) === null).map(({ name }) => name)
  const ask = asking.length === 0 ? [] : [`${asking.join(' and ')} ask for a password`]
  return passed(`${[...ask, ...away].join('; ')}.`, detail)
}
