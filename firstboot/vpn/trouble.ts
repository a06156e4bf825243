import * as z from 'zod/mini'
import { ChangeFailure } from '../apply/failure.ts'

const Refusal = z.object({ errors: z.object({ code: z.optional(z.number()) }) })

const WHERE = 'my.nordaccount.com: NordVPN, Manual setup, Access token'

function codeIn(text: string): string {
  try {
    const code = Refusal.safeParse(JSON.parse(text)).data?.errors.code
    return code === undefined ? '' : ` (code ${code})`
  } catch {
    return ''
  }
}

/** Why NordVPN does not give what it was asked for, in sentences with the mend, by the status of its answer. Pure. */
export function refusal(status: number, text: string): ChangeFailure {
  const code = codeIn(text)
  if (status === 401 || status === 403)
    return new ChangeFailure(
      `NordVPN refused the token: it has expired or was revoked${code}.`,
      `Make a new one at ${WHERE}. Then type "sudo mediaserver setup" and answer with it.`,
    )
  if (status === 429)
    return new ChangeFailure(`NordVPN was asked too often${code}.`, 'Wait ten minutes, then try again.')
  if (status >= 500)
    return new ChangeFailure(`NordVPN has trouble of its own (it answers ${status}).`, 'Try again in a few minutes.')
  return new ChangeFailure(
    `NordVPN answers with ${status}${code}, and that is not known here.`,
    'Try again later; if it happens again, save a report.',
  )
}

/** The token is good, and still there is no key. */
export const noService = (): ChangeFailure =>
  new ChangeFailure(
    'NordVPN knows the token, but the account has no VPN service.',
    'Look at my.nordaccount.com whether the subscription has ended, then try again.',
  )

/** Nobody could be asked; `why` in a few words. */
export const unreachable = (why: string): ChangeFailure =>
  new ChangeFailure(
    `NordVPN cannot be asked: ${why}.`,
    'Look at the network: is the cable in, is the router on? Then try again; nothing is lost.',
  )

/** An answer that is not what this program knows. */
export const strangeAnswer = (about: string): ChangeFailure =>
  new ChangeFailure(
    `NordVPN's answer about ${about} is not understood; its interface may have changed.`,
    'Try again later; if it happens again, save a report.',
  )

/** An answer that names nobody, or nobody whom a tunnel can lead to. */
export const noServer = (): ChangeFailure =>
  new ChangeFailure(
    'NordVPN names no server right now that a tunnel could lead to.',
    'Try again in some minutes; if it lasts for hours, its interface may have changed: save a report.',
  )

/** A country that NordVPN does not have; some of those that begin alike are named. */
export function unknownCountry(name: string, countries: readonly string[]): ChangeFailure {
  const start = name.slice(0, 2).toLowerCase()
  const alike = countries.filter(each => each.toLowerCase().startsWith(start)).sort()
  return new ChangeFailure(
    `NordVPN has no servers in "${name}".`,
    `Choose another country${alike.length === 0 ? '' : `, for instance ${alike.slice(0, 4).join(', ')}`}.`,
  )
}
