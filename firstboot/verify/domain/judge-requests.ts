import type { Door } from '../../domain/requests-door.ts'
import type { Owner } from '../../wiring/owner.ts'
import type { Finding } from '../check.ts'
import { failed, passed, warned } from '../finding.ts'
import type { Visit } from './visit.ts'

/** What is known of the page that films are asked for at. */
export interface RequestsSeen {
  readonly name: string
  readonly owner: Owner
  /** How the door is to be by that. */
  readonly door: Door
  readonly visit: Visit
}

// What Caddy says when it finds nobody behind a door that is open.
const NOBODY_BEHIND = [502, 504]

/** Whether nobody in the internet gets at Jellyseerr before it is proven to be ours, and everybody after. Pure. */
export function judgeRequests({ name, owner, door, visit }: RequestsSeen): Finding {
  const shut = 'unreachable' in visit || visit.status === 503
  // Nobody can make their own what is not there, and whose it is will show when it is back. One that was asked is there.
  const silent = owner.whose === 'unknown' && owner.answered !== true
  if ((door.open || silent) && 'status' in visit && NOBODY_BEHIND.includes(visit.status))
    return warned('domain-requests-down', `${name} does not open: Caddy finds no Jellyseerr behind it.`)
  if (!door.open && !shut) {
    const trouble = owner.whose === 'stranger' ? 'domain-requests-stranger' : 'domain-requests-open'
    return failed(trouble, `${name} is open to the internet, and should not be. ${door.why}`)
  }
  if (owner.whose === 'stranger' && !door.open)
    return failed('domain-requests-stranger', `${name} stays closed. ${door.why}`)
  if (!door.open) return warned('domain-requests-closed', `${name} stays closed. ${door.why}`)
  if (shut) {
    const why = 'unreachable' in visit ? visit.unreachable : 'Caddy says that it is being set up'
    return warned('domain-requests-shut', `Jellyseerr has its owner, and ${name} is not open: ${why}.`)
  }
  return passed(`${name} leads to Jellyseerr, which belongs to your Plex account.`)
}
