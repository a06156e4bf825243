import type { Draft } from './answers/answers.ts'
import { wholeDraft } from './answers/complete.ts'
import { answersFromJson } from './answers/json.ts'
import { answersPath } from './apply/places.ts'
import type { Root } from './root.ts'

/** The answers that this machine was set up with, to be changed; null where it was not, or where nobody can read them. */
export function presentAnswers(root: Root): Draft | null {
  const text = root.text(answersPath)
  try {
    return text === null ? null : wholeDraft(answersFromJson(text), 'file')
  } catch {
    return null
  }
}
