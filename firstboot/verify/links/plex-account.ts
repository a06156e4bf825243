import { plexAccountPath, readPlexToken } from '../../wiring/plex-token.ts'
import type { Check, Finding } from '../check.ts'
import { passed, warned } from '../finding.ts'
import { siteOf } from '../site.ts'

/** Whether what needs the account of Plex has it. Pure. */
export function judgeAccount(hasToken: boolean, hasRequests: boolean): Finding {
  if (hasToken) return passed('Plex is told at once of what is new.')
  const needs = hasRequests ? 'Jellyseerr is not connected, and new films' : 'New films'
  return warned('link-no-account', `${needs} show up in Plex only when it looks by itself: nobody has signed in.`)
}

/** The account of Plex, which some connections need. */
export const plexAccount: Check = {
  id: 'links-plex-account',
  section: 'links',
  title: 'Services may talk to Plex',
  how: 'Looks whether the account of Plex was signed in to, which other services need.',
  seconds: 5,
  run: async scene => {
    const token = await readPlexToken(siteOf(scene).path(plexAccountPath))
    return judgeAccount(
      token !== null,
      scene.services.some(({ name }) => name === 'jellyseerr'),
    )
  },
}
