import type { Trouble } from '../verify/trouble.ts'
import type { Result } from '../verify/verification.ts'

/** A trouble that this machine has, with the results that show it. */
export interface Case {
  readonly trouble: Trouble
  readonly results: readonly Result[]
}

/** The troubles that results lead to, each once: what failed comes before what only warns. Pure. */
export function diagnose(results: readonly Result[], troubles: readonly Trouble[]): Case[] {
  const sick = [
    ...results.filter(({ verdict }) => verdict === 'fail'),
    ...results.filter(({ verdict }) => verdict === 'warn'),
  ]
  const ids = [...new Set(sick.flatMap(({ way }) => (way === null ? [] : [way.id])))]
  return ids.flatMap(id => {
    const trouble = troubles.find(each => each.id === id)
    return trouble === undefined ? [] : [{ trouble, results: sick.filter(({ way }) => way?.id === id) }]
  })
}

/** Results that are not well and lead to no trouble; there should be none. Pure. */
export const unexplained = (results: readonly Result[], cases: readonly Case[]): Result[] => {
  const explained = new Set(cases.flatMap(each => each.results.map(({ id }) => id)))
  return results.filter(({ id, verdict }) => (verdict === 'fail' || verdict === 'warn') && !explained.has(id))
}
