import * as z from 'zod/mini'
import { answersToJson } from '../answers/json.ts'
import { answersPath } from '../apply/places.ts'
import { defineChange } from './change.ts'
import { filesAreThere, type OwnFile, writeFiles } from './files.ts'

/** Keeps the answers on the system disk, so that they can be applied again at any time. */
export const keepAnswers = defineChange<object>({
  id: 'keep-answers',
  where: 'target',
  parse: params => z.strictObject({}).parse(params),
  async check(_, site) {
    return (await filesAreThere(files(answersToJson(site.answers)), site)) ? 'answers kept for later' : null
  },
  async apply(_, site) {
    await writeFiles(files(answersToJson(site.answers)), site)
  },
})

const files = (text: string): OwnFile[] => [{ path: answersPath, text, mode: 0o600 }]
