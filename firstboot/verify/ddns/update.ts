import * as z from 'zod/mini'
import { findProvider } from '../../answers/rules/ddns.ts'
import type { DomainAnswer } from '../../answers/answers.ts'
import { domainNames } from '../../domain/names.ts'
import { configFolder } from '../../stack/folders.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { nothing } from '../finding.ts'
import { homeSeen } from '../vpn/address.ts'
import { hasJustBegun } from '../just-begun.ts'
import { readVerification } from '../store.ts'
import { judgeUpdates } from './judge-updates.ts'

const NAME = 'ddns-updater'

// What `docker container inspect` prints, as far as it is used.
const State = z.object({
  Running: z.boolean(),
  Health: z.optional(
    z.nullable(
      z.object({ Status: z.string(), Log: z.optional(z.nullable(z.array(z.object({ Output: z.string() })))) }),
    ),
  ),
})

/** How the updater is and what its health check said last, from `{{json .State}}` of Docker; null where it does not run. Pure. */
export function parseState(text: string): { readonly health: string | null; readonly said: string } {
  const { success, data } = State.safeParse(parsed(text))
  if (!success || !data.Running) return { health: null, said: '' }
  const said = data.Health?.Log?.at(-1)?.Output ?? ''
  return { health: data.Health?.Status ?? 'healthy', said: said.trim().split('\n')[0]?.slice(0, 300) ?? '' }
}

/** A text without what opens the account at the provider. Pure. */
export const withoutCredentials = (text: string, { credentials }: Pick<DomainAnswer, 'credentials'>): string =>
  Object.values(credentials).reduce((rest, secret) => {
    const value = secret.reveal()
    return value === '' ? rest : rest.replaceAll(value, '[redacted]')
  }, text)

async function look(scene: Scene): Promise<Finding> {
  const { answers, root, attempt, now } = scene
  const { domain, user } = answers
  if (domain === null) return nothing('There is no domain on this machine.')
  const inspect = ['docker', 'container', 'inspect', '--format', '{{json .State}}', NAME] as const
  const [{ stdout }, home] = await Promise.all([attempt(inspect, { quiet: true }), homeSeen(scene)])
  const { health, said } = parseState(stdout)
  const { apex, guarded } = domainNames(domain)
  // As its settings were made: a provider with names of its own answers for everything below each of them.
  const single = findProvider(domain.provider)?.domainEnd !== undefined
  return judgeUpdates({
    names: single ? [apex] : [apex, ...guarded.map(({ name }) => name)],
    kept: root.text(`${configFolder(user, NAME)}/updates.json`),
    health,
    said: withoutCredentials(said, domain),
    home: home?.ip ?? null,
    fresh: hasJustBegun(
      readVerification(root)?.results.find(({ id }) => id === 'ddns-update'),
      now(),
    ),
    now: now(),
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The provider knows where this home is. */
export const update: Check = {
  id: 'ddns-update',
  section: 'DDNS',
  title: 'The provider knows the address',
  how: 'Reads what ddns-updater has told the provider last, and compares with the address that the internet sees.',
  seconds: 25,
  run: look,
}
