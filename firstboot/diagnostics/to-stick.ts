import { readFile } from 'node:fs/promises'
import { openConfigPartition } from '../config-partition/partition.ts'
import type { Root } from '../root.ts'
import { collectDiagnostics, reportName } from './collect.ts'
import { knownSecrets } from './known-secrets.ts'
import { redactor } from './redact.ts'

/** Packs a report without secrets and puts it on the stick; gives one sentence for the person. Never throws. */
export async function reportToStick(root: Root): Promise<string> {
  try {
    const name = reportName(Date.now())
    const { path } = await collectDiagnostics(root, redactor(await knownSecrets()), name)
    const file = `${name}.tar.gz`
    const notes = await openConfigPartition(root).write({
      files: [{ name: file, data: await readFile(path) }],
      remove: [],
    })
    return notes[0] ?? `The report is on the stick: ${file}`
  } catch (error) {
    return `The report could not be made: ${(error as Error).message}`
  }
}
