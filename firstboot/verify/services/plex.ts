import * as z from 'zod/mini'
import type { Reply } from '../../plex/ask.ts'
import { placesOf } from '../../wiring/services.ts'
import type { Check, Finding } from '../check.ts'
import { failed, passed, warned } from '../finding.ts'

// What Plex says at /identity to anybody.
const Identity = z.object({
  MediaContainer: z.looseObject({
    machineIdentifier: z.optional(z.string()),
    version: z.optional(z.string()),
    claimed: z.optional(z.unknown()),
  }),
})

/** Whether Plex runs and answers as itself, by `systemctl show` of its unit and its own page. Pure. */
export function judgePlex(shown: string, reply: Reply): Finding {
  const value = (property: string) => new RegExp(`^${property}=(.*)$`, 'm').exec(shown)?.[1] ?? ''
  const state = value('ActiveState')
  if (value('LoadState') === 'not-found') return failed('plex-missing', 'Plex is not installed.')
  if (value('LoadState') === '' || state === '') return failed('plex-unknown', 'systemd does not say how Plex does.')
  if (state !== 'active') return failed('plex-stopped', `Plex does not run (${state}, ${value('SubState')}).`)
  if ('unreachable' in reply) return failed('plex-silent', `Plex runs, but does not answer: ${reply.unreachable}.`)
  if (reply.status === 503) return warned('plex-starting', 'Plex is starting; it says that it is in maintenance.')
  if (reply.status !== 200) return failed('plex-silent', `Plex answers with code ${reply.status}.`)
  const found = Identity.safeParse(parsed(reply.text)).data?.MediaContainer
  if (found?.machineIdentifier === undefined || found.version === undefined)
    return failed('plex-silent', 'What answers at the port of Plex is not Plex.')
  const { version, claimed } = found
  if (![true, 1, '1'].includes(claimed as string))
    return warned('plex-unclaimed', `Plex ${version} runs, but belongs to nobody's account yet.`)
  return passed(`Plex ${version} runs, answers, and belongs to an account.`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Plex itself runs. */
export const plex: Check = {
  id: 'services-plex',
  section: 'services',
  title: 'Plex runs',
  how: 'Asks systemd for its unit, and Plex itself who it is.',
  seconds: 20,
  run: async ({ attempt, ask }) => {
    const show = ['systemctl', 'show', '--property=LoadState,ActiveState,SubState', 'plexmediaserver.service'] as const
    const [{ stdout }, reply] = await Promise.all([
      attempt(show, { quiet: true }),
      ask({ method: 'GET', url: `${placesOf.plex.url}${placesOf.plex.ready}`, timeoutMs: 10_000 }),
    ])
    return judgePlex(stdout, reply)
  },
}
