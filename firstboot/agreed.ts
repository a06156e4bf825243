import type { Draft } from './answers/answers.ts'
import { wholeDraft } from './answers/complete.ts'
import { answersFromJson } from './answers/json.ts'
import { answersPath } from './apply/places.ts'
import { isFromStick, readRequest, requestPath } from './apply/request.ts'
import type { Root } from './root.ts'

/** The answers that are being applied, whoever gave them; null when nobody knows them any more. */
export async function agreedAnswers(root: Root): Promise<Draft | null> {
  const request = await readRequest(`${root.prefix}${requestPath}`)
  if (request !== null) return wholeDraft(request.answers, isFromStick(request) ? 'file' : 'person')
  // On the installed system they are its answers from the moment on when they are applied.
  const present = root.text(answersPath)
  return present === null ? null : wholeDraft(answersFromJson(present), 'file')
}
