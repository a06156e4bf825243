import { keyParts } from './step-key.ts'
import type { Plan, PlannedStep } from './types.ts'

/** What the store knows of the last time a kind of step ran for this base. */
export type LastParts = Readonly<Record<string, Readonly<Record<string, string>>>>

/** Whether a step will run, and why. */
export interface Verdict {
  readonly step: PlannedStep
  readonly runs: boolean
  readonly reason: string
}

/** The parts of a planned step's key, by name. */
export function partsOf(plan: Plan, step: PlannedStep): Record<string, string> {
  return keyParts(step, id => plan.steps.find(other => other.id === id)?.key ?? '')
}

/** Says for each step whether it will run and which input changed since it last did. Pure. */
export function explainPlan(plan: Plan, present: ReadonlySet<string>, last: LastParts): Verdict[] {
  return plan.steps.map(step => {
    if (present.has(step.key)) return { step, runs: false, reason: 'nothing changed' }
    const before = last[step.id]
    if (before === undefined) return { step, runs: true, reason: 'has not been made yet' }
    const now = partsOf(plan, step)
    const names = new Set([...Object.keys(before), ...Object.keys(now)])
    const changed = [...names].filter(name => before[name] !== now[name]).sort()
    return {
      step,
      runs: true,
      reason: changed.length === 0 ? 'its result is no longer in the store' : `changed: ${changed.join(', ')}`,
    }
  })
}

/** The plan as a table for people. */
export function renderPlan(plan: Plan, verdicts: readonly Verdict[]): string {
  const lines = verdicts.map(
    ({ step, runs, reason }) =>
      `  ${runs ? 'run  ' : 'reuse'}  ${step.id.padEnd(9)} ${step.title}\n           ${' '.repeat(7)}${reason}`,
  )
  return `${plan.name}\n${lines.join('\n')}\n`
}
