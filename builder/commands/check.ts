import { projectFiles } from '../checks/files.ts'
import { CHECKS } from '../checks/list.ts'
import { faultText, reportLine, runChecks } from '../checks/run-checks.ts'
import type { CommandFunction } from './command.ts'
import { places } from '../places.ts'
import { UserError } from '../shared/errors.ts'
import { run } from '../shared/run.ts'

/** `npm run check [-- NAME...]`: looks at the sources side by side and tells all faults at once. Needs no network. */
export const check: CommandFunction = async (names, signal) => {
  const unknown = names.filter(name => !CHECKS.some(each => each.name === name))
  if (unknown.length > 0)
    throw new UserError(
      `There is no check "${unknown.join('", "')}".`,
      `Checks: ${CHECKS.map(each => each.name).join(', ')}.`,
    )
  const chosen = names.length === 0 ? CHECKS : CHECKS.filter(each => names.includes(each.name))
  const { project } = places()
  const files = await projectFiles(project, run, signal)
  const reports = await runChecks(chosen, { project, files, run, signal }, report => {
    process.stdout.write(`${reportLine(report)}\n`)
  })
  const text = faultText(reports)
  if (text === '') return 0
  process.stdout.write(`\n${text}\n`)
  return 1
}
