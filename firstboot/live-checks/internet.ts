import type { CheckResult } from '../wizard/checks.ts'
import type { Get } from './https.ts'

// Two that have nothing to do with each other, and that the set-up needs anyway.
const sites = ['https://api.nordvpn.com/v1/helpers/ips/insights', 'https://plex.tv/api/resources'] as const

/** Whether the internet can be reached: any answer of either site counts. */
export async function checkInternet(get: Get): Promise<CheckResult> {
  const answers = await Promise.all(sites.map(site => get(site)))
  const good = answers.some(answer => !('unreachable' in answer))
  if (good) return { verdict: 'good', words: 'the internet can be reached.' }
  const why = answers.flatMap(answer => ('unreachable' in answer ? [answer.unreachable] : []))[0] ?? 'no network'
  return {
    verdict: 'unknown',
    words: `the internet cannot be reached: ${why}. You can go on; what needs it is done once it is there.`,
  }
}
