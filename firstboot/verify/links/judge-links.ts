import type { Found } from '../../wiring/wire.ts'
import type { Place, ServiceName } from '../../wiring/services.ts'
import type { Finding } from '../check.ts'
import { failed, nothing, passed, warned } from '../finding.ts'

type Places = Readonly<Record<ServiceName, Pick<Place, 'title'>>>

/**
 * What every connection came to. A person's own choice is no fault; a password of their own leaves something unproven, and so
 * do programs that are held back on purpose: `held` says why. Pure.
 */
export function judgeLinks(found: readonly Found[], places: Places, held: readonly string[] = []): Finding {
  const [back] = held
  if (found.length === 0 && back === undefined) return nothing('There is nothing to connect.')
  const detail = [...found.map(each => `${each.link.title}: ${wordsOf(each, places)}`), ...held]
  const bad = found.filter(({ state }) => !['right', 'theirs', 'locked'].includes(state))
  const locked = found.find(each => each.state === 'locked')
  const theirs = found.filter(({ state }) => state === 'theirs')
  // A key that is refused says more than what does not work without it.
  const worst = bad.find(isRefusal) ?? bad.find(({ state }) => state === 'absent') ?? bad[0]
  if (worst !== undefined) {
    const more = bad.length === 1 ? '' : ` ${bad.length} of ${found.length} connections are not well.`
    return failed(troubleOf(worst), `${sentenceOf(worst, places)}${more}`, detail)
  }
  if (locked !== undefined) return warned('link-login', sentenceOf(locked, places), detail)
  if (back !== undefined) return warned('service-held', back, detail)
  const left = theirs.length === 0 ? '' : `; ${theirs.length} as you have changed them`
  return passed(`All ${found.length} connections are right${left}.`, detail)
}

/** A refusal that waiting does not mend, as of a key. */
const isRefusal = (each: Found): boolean =>
  each.state === 'refused' && !each.trouble.passing && each.trouble.mend !== ''

function troubleOf(each: Found): string {
  if (each.state === 'refused' && each.trouble.known !== '') return each.trouble.known
  if (isRefusal(each)) return 'link-refused'
  return each.state === 'absent' ? 'link-program-absent' : 'link-wrong'
}

function wordsOf(each: Found, places: Places): string {
  switch (each.state) {
    case 'right':
      return 'right'
    case 'theirs':
      return 'as you have changed it'
    case 'wrong':
      return 'not as it was set up'
    case 'locked':
      return each.banned ? 'nobody may log in for an hour' : 'its password is another one than this machine knows'
    case 'absent':
      return `${places[each.program].title} is not up: ${each.why}`
    case 'refused':
      return [each.trouble.message, each.trouble.mend].filter(text => text !== '').join(' ')
  }
}

function sentenceOf(each: Found, places: Places): string {
  if (each.state === 'refused') return each.trouble.message
  if (each.state === 'absent') return `${places[each.program].title} is not up: ${each.why}.`
  if (each.state === 'locked')
    return each.banned
      ? 'qBittorrent lets nobody log in from this machine for an hour, after too many wrong passwords.'
      : 'qBittorrent refuses the password that this machine knows; it is not tried again until another one is told, here or there.'
  return `"${each.link.title}" is not as it was set up.`
}
