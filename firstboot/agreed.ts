import type { Draft } from './answers/answers.ts'
import { wholeDraft } from './answers/complete.ts'
import { isFromStick, readRequest, requestPath } from './apply/request.ts'
import { presentAnswers } from './present.ts'
import type { Root } from './root.ts'

/** The answers that are being applied, whoever gave them; null when nobody knows them any more. */
export async function agreedAnswers(root: Root): Promise<Draft | null> {
  const request = await readRequest(`${root.prefix}${requestPath}`)
  // On the installed system they are its answers from the moment on when they are applied.
  if (request === null) return presentAnswers(root)
  return wholeDraft(request.answers, isFromStick(request) ? 'file' : 'person')
}
