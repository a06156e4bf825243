import { join } from 'node:path'
import { sshKeyFault } from './answers/rules/ssh-key.ts'
import { problemLine, readAnswers } from './answers/file.ts'
import { sourceFrom } from './begin/begin.ts'
import { type Config, readFolder } from './config-partition/folder.ts'
import { configFolder, openConfigPartition } from './config-partition/partition.ts'
import { diskId } from './disks/identity.ts'
import { probeMachine } from './probe/machine.ts'
import type { Root } from './root.ts'
import type { Found } from './wizard/state.ts'

/** Reads the answers and the SSH keys on the stick; on a recorded machine, from the folder that stands for it. */
export async function readStick(root: Root): Promise<Pick<Found, 'file' | 'keys'>> {
  const config = await readConfig(root)
  const keys = (config?.authorizedKeys ?? []).filter(line => sshKeyFault(line) === null)
  const source = config === null ? null : sourceFrom(config)
  if (source === null) return { file: null, keys }
  const { disks } = await probeMachine(root)
  const known = { disks: disks.map(disk => ({ id: diskId(disk, disks), serial: disk.serial })) }
  const read = readAnswers(source, known)
  if ('problems' in read) return { file: { problems: read.problems.map(problemLine) }, keys }
  const { draft, missing, halves } = read
  const answers = { ...draft.answers, ...halves }
  // The template that comes with the stick answers nothing, and nobody shall be offered to use it.
  return { file: Object.keys(answers).length === 0 ? null : { draft: { ...draft, answers }, missing }, keys }
}

function readConfig(root: Root): Promise<Config | null> {
  if (root.prefix === '') return openConfigPartition(root).read()
  return readFolder(join(root.prefix, configFolder)).catch(() => null)
}
