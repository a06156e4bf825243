import { ageWords } from '../age.ts'
import type { Finding } from '../check.ts'
import { failed, passed, warned } from '../finding.ts'
import { parseUpdates } from './parse-updates.ts'

/** What is known of the updater. */
export interface UpdaterSeen {
  /** Every name that it should keep. */
  readonly names: readonly string[]
  /** What it keeps of what it has told; null when there is nothing. */
  readonly kept: string | null
  /** `healthy`, `unhealthy`, `starting`; null when its container does not run. */
  readonly health: string | null
  /** What its own health check said last; holds no secret. */
  readonly said: string
  /** IPv4 address of this home; null when it is not known. */
  readonly home: string | null
  /** Whether it was well a short while ago: the updater looks every five minutes, and name servers need their time. */
  readonly fresh: boolean
  readonly now: number
}

/** Whether the DNS provider knows where this home is. Pure. */
export function judgeUpdates({ names, kept, health, said, home, fresh, now }: UpdaterSeen): Finding {
  if (health === null) return failed('ddns-stopped', 'The container of ddns-updater does not run.')
  const detail = said === '' ? [] : [`ddns-updater says: ${said}`]
  const told = kept === null ? [] : parseUpdates(kept)
  if (told === null) return failed('ddns-never', 'What ddns-updater keeps of its updates is damaged.', detail)
  const found = names.map(name => ({ name, last: told.find(each => each.name === name) }))
  const all = [
    ...found.map(
      ({ name, last }) =>
        `${name}: ${last === undefined ? 'never told' : `${last.address}, ${ageWords(last.at, now)}`}`,
    ),
    ...detail,
  ]
  const why = said === '' ? '' : `: ${said}`
  // It looks the name up itself; name servers keep for a while what they knew.
  const trouble = /instead of/.test(said) ? 'ddns-old' : 'ddns-refused'
  const bad = fresh ? warned : failed
  const soon = fresh ? ' It was well a short while ago, and needs some minutes.' : ''
  // Where names lead is proven by itself, from nearer to the truth; its own look is as old as name servers are.
  const toldAll = home !== null && found.every(({ last }) => last?.address === home)
  if (health === 'unhealthy' && !(trouble === 'ddns-old' && toldAll))
    return trouble === 'ddns-old'
      ? bad(trouble, `ddns-updater is not content${why}.${soon}`, all)
      : failed(trouble, `ddns-updater is not content${why}.`, all)
  const never = found.find(({ last }) => last === undefined)
  if (never !== undefined)
    return health === 'starting'
      ? warned('ddns-starting', `ddns-updater is starting, and has not told about ${never.name} yet.`, all)
      : failed('ddns-never', `The provider was never told about ${never.name}${why}.`, all)
  const wrong = home === null ? undefined : found.find(({ last }) => last?.address !== home)
  if (wrong !== undefined)
    return bad(
      'ddns-old',
      `${wrong.name} was told as ${wrong.last?.address}, and this home is ${home} now.${soon}`,
      all,
    )
  const newest = Math.max(...found.map(({ last }) => last?.at ?? 0))
  const addresses = [...new Set(found.map(({ last }) => last?.address))].join(', ')
  const words = `The provider was told ${addresses} for ${names.join(', ')}, ${ageWords(newest, now)}`
  return home === null
    ? warned('ddns-home-unknown', `${words}; the address of this home is not known.`, all)
    : passed(`${words}.`, all)
}
