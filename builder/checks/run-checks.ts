import { describeError } from '../shared/errors.ts'
import { formatSeconds } from '../shared/format.ts'
import type { Check, CheckContext, CheckResult } from './types.ts'

export interface CheckReport extends CheckResult {
  readonly check: Check
  readonly seconds: number
}

/** Runs all checks side by side; one that cannot look at all has that as its fault. Tells each as it ends. */
export async function runChecks(
  checks: readonly Check[],
  context: CheckContext,
  ended: (report: CheckReport) => void,
  now: () => number = () => performance.now(),
): Promise<CheckReport[]> {
  const reports = await Promise.all(
    checks.map(async check => {
      const started = now()
      const result = await check.look(context).catch((error: unknown): CheckResult => {
        return { faults: describeError(error).split('\n') }
      })
      context.signal.throwIfAborted()
      const report = { ...result, check, seconds: (now() - started) / 1000 }
      ended(report)
      return report
    }),
  )
  return reports
}

/** The one line of a check. */
export function reportLine({ check, faults, notes = [], seconds }: CheckReport): string {
  const line = `${faults.length === 0 ? ' ok ' : 'FAIL'}  ${check.name.padEnd(10)} ${formatSeconds(seconds).padStart(7)}`
  return notes.length === 0 ? line : `${line}  (${notes.join('; ')})`
}

/** Every fault of every check, for the end of the run; empty when there is none. */
export function faultText(reports: readonly CheckReport[]): string {
  return reports
    .filter(({ faults }) => faults.length > 0)
    .map(({ check, faults }) =>
      [`${check.name}:`, ...faults.map(fault => `  ${fault}`), ...(check.mend === '' ? [] : [`  ${check.mend}`])].join(
        '\n',
      ),
    )
    .join('\n\n')
}
