import * as z from 'zod/mini'
import type { Answers } from '../answers/answers.ts'
import { answersToJson } from '../answers/json.ts'
import { answersPath, firstNamePath } from '../apply/places.ts'
import { defineChange } from './change.ts'
import { filesAreThere, type OwnFile, writeFiles } from './files.ts'

/** Keeps the answers on the system disk, so that they can be applied again at any time. */
export const keepAnswers = defineChange<object>({
  id: 'keep-answers',
  where: 'target',
  parse: params => z.strictObject({}).parse(params),
  async check(_, site) {
    return (await filesAreThere(files(site.answers), site)) ? 'answers kept for later' : null
  },
  async apply(_, site) {
    await writeFiles(files(site.answers), site)
  },
})

const files = (answers: Answers): OwnFile[] => [
  { path: answersPath, text: answersToJson(answers), mode: 0o600 },
  { path: firstNamePath, text: `${answers.hostname}\n`, mode: 0o600 },
]
