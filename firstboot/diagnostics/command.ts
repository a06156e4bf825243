import type { Root } from '../root.ts'
import { collectDiagnostics, reportName } from './collect.ts'
import { knownSecrets } from './known-secrets.ts'
import { redactor } from './redact.ts'

/** `mediaserver diagnostics`: packs a report without secrets and says where it is; gives the exit code. */
export async function diagnosticsCommand(root: Root, say: (line: string) => void): Promise<number> {
  if (process.getuid?.() !== 0) {
    say('Only root can read what belongs into a report: type "sudo mediaserver diagnostics".')
    return 2
  }
  try {
    const { path } = await collectDiagnostics(root, redactor(await knownSecrets()), reportName(Date.now()))
    say(path)
    return 0
  } catch (error) {
    say(`The report could not be made: ${(error as Error).message}`)
    return 1
  }
}
