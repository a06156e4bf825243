import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { decodeText } from '../../firstboot/answers/decode.ts'
import { type NamedText, problemLine, readAnswers } from '../../firstboot/answers/file.ts'
import { findAuthorizedKeys } from '../../firstboot/answers/find-file.ts'
import { summaryOf } from '../answers/summary.ts'
import type { CommandFunction } from './command.ts'
import { UserError } from '../shared/errors.ts'

async function readText(file: string): Promise<NamedText> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      `${file}: cannot be read: ${error.code === 'ENOENT' ? 'the file does not exist' : error.message}`,
    )
  })
  return { file, text: decodeText(bytes) }
}

/** `npm run answers -- check FILE`: says what an answers file would do, or everything that is wrong with it. */
export const answers: CommandFunction = async args => {
  const [verb, file, ...more] = args
  if (verb !== 'check' || file === undefined || file.startsWith('-') || more.length > 0)
    throw new UserError('A file of answers is checked with its name.', 'Use: npm run answers -- check mediaserver.yaml')
  const text = await readText(file)
  const folder = dirname(file)
  const beside = findAuthorizedKeys((await readdir(folder)).filter(name => name !== basename(file)))
  if ('fault' in beside) throw new UserError(beside.fault)
  const read = readAnswers({
    answers: text,
    ...(beside.name === null ? {} : { authorizedKeys: await readText(join(folder, beside.name)) }),
  })
  if ('problems' in read) {
    process.stderr.write(read.problems.map(problem => `${problemLine(problem)}\n`).join(''))
    return 2
  }
  process.stdout.write(summaryOf(file, read))
  return 0
}
